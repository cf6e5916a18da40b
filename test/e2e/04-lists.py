#!/usr/bin/env python3
"""Lists: pages without a hole or a repetition while rows come in, tokens that fit nothing else, and filters."""
import json
import pathlib
import sys
import threading
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from nats import Nats
from rest import Rest
from story import check, equal, finish

api = Rest()
mark = uuid.uuid4().hex[:12]


def names(**query):
    return sorted(item["name"].removeprefix(mark) for item in api.items("/v1/buildings", **query))


def pages_while_rows_come():
    before = [api.create(f"{mark} page {number:02}")["id"] for number in range(40)]
    stop = threading.Event()

    def insert():
        other = Rest()
        while not stop.is_set():
            other.create(f"{mark} page late")

    writer = threading.Thread(target=insert)
    writer.start()
    try:
        seen, sizes = [], []
        for page in api.pages("/v1/buildings", namePrefix=f"{mark} page", pageSize=7):
            seen += [item["id"] for item in page["items"]]
            sizes.append(len(page["items"]))
    finally:
        stop.set()
        writer.join()
    equal("no row is on two pages while rows come in", len(seen), len(set(seen)))
    equal("no row that was there is missing", sorted(set(before) - set(seen)), [])
    equal("every page but the last is full", set(sizes[:-1]), {7})
    check("the newest comes first", seen == sorted(seen, reverse=True), seen)


def tokens():
    where = {"namePrefix": f"{mark} page", "pageSize": 5}
    token = api.get("/v1/buildings", **where).json()["nextPageToken"]

    def refused(what, path="/v1/buildings", **query):
        answer = api.get(path, **query)
        check(what, (answer.status, answer.json().get("code")) == (400, "malformed"), answer)

    refused("a token with other filters is refused", namePrefix=mark, pageToken=token)
    refused("a token without its filters is refused", pageToken=token)
    refused("a token of another list is refused", "/v1/workflows", pageToken=token)
    for mine, other in (("/v1/buildings", "/v1/workflows"), ("/v1/workflows", "/v1/buildings"),
                        ("/v1/buildings", "/v1/intents")):
        refused(f"a token of {mine} without filters is none of {other}", other,
                pageToken=api.get(mine, pageSize=1).json()["nextPageToken"])
    edited = token[:-1] + ("A" if token[-1] != "A" else "B")
    refused("an edited token is refused", **where, pageToken=edited)
    middle = len(token) // 2
    flipped = token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1:]
    refused("wherever it was edited", **where, pageToken=flipped)
    refused("an invented token is refused", **where, pageToken="AAAA")
    refused("a token with spaces is refused", **where, pageToken="not a token")
    equal("a token may be used with another page size",
          len(api.get("/v1/buildings", namePrefix=where["namePrefix"], pageSize=3, pageToken=token).json()["items"]), 3)


def sizes():
    equal("pageSize=1 is one", len(api.get("/v1/buildings", pageSize=1).json()["items"]), 1)
    equal("more than 200 is taken as 200", api.get("/v1/buildings", pageSize=5000).status, 200)
    for size in ("0", "-1", "ten", "1.5", ""):
        equal(f"pageSize={size} is refused", api.get("/v1/buildings", pageSize=size).status, 422)


def filters():
    city = f"{mark} city"
    head = api.create(f"{mark} head", kind="headquarters", category="a", address={"city": city})["id"]
    api.create(f"{mark} store", kind="store", category="a", parentId=head, address={"city": city})
    api.create(f"{mark} hotel", kind="hotel", category="b", parentId=head, address={"city": f"{city} 2"})
    api.create(f"{mark} HOTEL", kind="hotel", category="b", address={"city": city})
    equal("by city, exactly", names(city=city), [" HOTEL", " head", " store"])
    equal("by city and kind", names(city=city, kind="store"), [" store"])
    equal("by city and category", names(city=city, category="a"), [" head", " store"])
    equal("by parent", names(parentId=head), [" hotel", " store"])
    equal("by parent and kind", names(parentId=head, kind="hotel"), [" hotel"])
    equal("by name, as it is written", names(namePrefix=f"{mark} h"), [" head", " hotel"])
    equal("by all of them", names(namePrefix=mark, kind="hotel", category="b", parentId=head, city=f"{city} 2"),
          [" hotel"])
    equal("nothing is an empty list", api.get("/v1/buildings", city=f"{mark} nowhere").json(), {"items": []})
    equal("a wildcard is a character", names(namePrefix=f"{mark[:4]}%"), [])
    equal("a parent that is no UUID is refused", api.get("/v1/buildings", parentId="17").status, 422)
    equal("an unknown kind is refused", api.get("/v1/buildings", kind="castle").status, 422)
    equal("a filter given twice is refused", api.send("GET", "/v1/buildings?kind=store&kind=hotel").status, 422)


def large_items():
    """200 items of 16 KiB are more than a message carries: pages are cut, over REST and NATS, and none is empty."""
    text = {"text": "x" * 16_000}
    head = api.create(f"{mark} large head", kind="headquarters")["id"]
    for number in range(70):
        api.create(f"{mark} large {number}", parentId=head, attributes=text)
    broker = Nats()
    building = f"{mark}-large"
    for _ in range(200):
        made = broker.request("workflows.create", {"name": "large", "buildingId": building, "attributes": text})
        if made is None or made.error:
            raise RuntimeError(f"no workflow was created: {made}")

    def judged(what, pages, expected):
        items = [item["id"] for page in pages for item in page["items"]]
        equal(f"{what}: all are listed, once", (len(items), len(set(items))), (expected, expected))
        check(f"{what}: no page is empty", all(page["items"] for page in pages))
        check(f"{what}: it takes several", len(pages) > 1)
        check(f"{what}: each fits into a message", all(len(json.dumps(page)) < 1 << 20 for page in pages))

    def over_nats(wrap=lambda query: query, unwrap=lambda answer: answer):
        query, pages = {"buildingId": building, "pageSize": 200}, []
        while not pages or "nextPageToken" in pages[-1]:
            if pages:
                query["pageToken"] = pages[-1]["nextPageToken"]
            pages.append(unwrap(broker.request("workflows.list", wrap(query)).json()))
        return pages

    judged("buildings over REST", list(api.pages("/v1/buildings", parentId=head, pageSize=200)), 70)
    judged("workflows over REST", list(api.pages("/v1/workflows", buildingId=building, pageSize=200)), 200)
    judged("workflows over NATS", over_nats(), 200)
    judged("workflows over NATS for NestJS", over_nats(
        lambda query: {"pattern": "workflows.list", "data": query, "id": "1"}, lambda answer: answer["response"]), 200)


pages_while_rows_come()
tokens()
sizes()
filters()
large_items()
finish()

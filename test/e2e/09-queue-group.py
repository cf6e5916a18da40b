#!/usr/bin/env python3
"""The queue group: each request goes to exactly one replica, and every replica has its share."""
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from metrics import scrape_all
from nats import Nats
from rest import Rest
from story import check, equal, eventually, finish, hand, note

REQUESTS = 300


def handled():
    """Of each replica, by its own metrics."""
    return {index: metrics.sum("rpc_server_call_duration_seconds_count", rpc_method="workflows.create")
            for index, metrics in scrape_all("workflows").items()}


def shares(before):
    return {index: int(count - before.get(index, 0)) for index, count in handled().items()}


hand("scale", "workflows", 3)
mark = uuid.uuid4().hex
before = handled()
nats = Nats()
for number in range(REQUESTS):
    nats.publish("workflows.create", {"name": "shared", "buildingId": f"{mark} {number}"}, nats.new_inbox())
answers = []
for message in nats.messages(20):
    answers.append(message)
    if len(answers) == REQUESTS:
        break
answers += nats.messages(1)
equal("each request is answered once", len({a.subject for a in answers}), REQUESTS)
equal("and only once", len(answers), REQUESTS)
equal("with the building it was about, each another", len({a.json().get("buildingId") for a in answers}), REQUESTS)
each = shares(before)
equal("each is counted by exactly one replica", sum(each.values()), REQUESTS)
check("every replica has had some", all(share > 0 for share in each.values()), each)
note(f"requests of each replica: {each}")

stats = [answer.json() for answer in Nats().ask_all("$SRV.STATS.workflows", wait=1)]
equal("three replicas answer for themselves", len({s["id"] for s in stats}), 3)
counted = {e["subject"]: 0 for s in stats for e in s["endpoints"]}
for stat in stats:
    for endpoint in stat["endpoints"]:
        counted[endpoint["subject"]] += endpoint["num_requests"]
equal("their statistics agree with their metrics", counted["workflows.create"], int(sum(handled().values())))

rest = Rest()
before = handled()
buildings = {rest.create(f"shared {mark}")["id"] for _ in range(60)}
check("over REST, too, all replicas work", eventually(10, lambda: all(s > 0 for s in shares(before).values())),
      shares(before))
started = [w["buildingId"] for w in rest.items("/v1/workflows") if w["buildingId"] in buildings]
equal("one workflow for each building", sorted(started), sorted(buildings))
finish()

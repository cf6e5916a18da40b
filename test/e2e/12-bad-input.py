#!/usr/bin/env python3
"""Bad input, over HTTP and NATS: each gets its clear answer or a clean close, and nobody falls over (bad_input.py)."""
import json
import os
import pathlib
import sys
import threading
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "lib"), str(HERE)]
import bad_input
import bad_messages
from nats import Nats
from rest import Rest
from story import check, equal, eventually, finish, note, peak_bytes, pids, resident_bytes
from wire import Wire

# How much more memory a process may hold when all is over, and at the most in between.
GROWTH_MAX = 48 << 20
PEAK_MAX = 160 << 20
HALF_OPEN = 300
DRIP_SECONDS = 0.5


def wrong_with(row):
    """What is wrong with the answer to a row, or nothing."""
    wire = Wire()
    try:
        wire.send(row.data, row.seconds)
        status, headers, body = wire.answer(row.seconds)
        if status not in row.status:
            return f"status {status}, wanted {row.status}; {body[:300]!r}"
        if status is None:
            return "" if wire.ends_within(row.seconds) else "neither answered nor closed"
        return wrong_with_problem(row, status, headers, body) or wrong_with_end(row, wire, headers)
    finally:
        wire.close()


def wrong_with_problem(row, status, headers, body):
    if headers.get("content-type") != "application/problem+json":
        return f"{status} without a problem: {headers}"
    problem = json.loads(body)
    if problem["status"] != status or len(problem["traceId"]) != 32 or not problem["title"]:
        return f"an incomplete problem: {problem}"
    if row.code and problem["code"] != row.code:
        return f"code {problem['code']}, wanted {row.code}; {problem}"
    if problem["code"] == "invalid" and not (problem.get("errors") or problem.get("detail")):
        return f"nothing says what is invalid: {problem}"
    return ""


def wrong_with_end(row, wire, headers):
    says_close = headers.get("connection", "").lower() == "close"
    if row.then == bad_input.CLOSE and not says_close:
        return f"no Connection: close: {headers}"
    if says_close:
        return "" if wire.ends_within(5) else "says close and stays open"
    wire.send(b"GET /health/live HTTP/1.1\r\nHost: h\r\n\r\n", 5)
    status, _, _ = wire.answer(5)
    return "" if status == 200 else f"the next request of the connection got {status}"


def http_rows():
    for row in bad_input.ROWS:
        wrong = wrong_with(row)
        check(row.what, not wrong, wrong)


def slow_rows():
    """All at once, since each waits for a time limit."""
    results = {}

    def run(row):
        results[row.what] = wrong_with(row)

    threads = [threading.Thread(target=run, args=(row,)) for row in bad_input.SLOW_ROWS]
    threads.append(threading.Thread(target=lambda: results.update({"slow: a header line now and then": loris()})))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for what, wrong in results.items():
        check(what, not wrong, wrong)


def loris():
    wire = Wire()
    started = time.monotonic()
    wire.send(b"GET /v1/buildings HTTP/1.1\r\nHost: h\r\n", 5)
    while wire.is_open and time.monotonic() - started < 15:
        wire.send(b"X: y\r\n", 1)
        if wire.answer(DRIP_SECONDS)[0]:
            break
    took = time.monotonic() - started
    wire.close()
    return "" if took < 9 else f"kept open for {took:.1f} s"


def half_open():
    """Requests that never end stop nobody else, and are all closed in the end."""
    wires = [Wire() for _ in range(HALF_OPEN)]
    stalled = [Wire() for _ in range(50)]
    for wire in wires:
        wire.send(b"GET /v1/buildi", 1)
    for wire in stalled:
        wire.send(b"POST /v1/buildings HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n{", 1)
    rest = Rest()
    slowest = 0
    for number in range(30):
        started = time.monotonic()
        rest.create(f"beside half-open sockets {number}")
        slowest = max(slowest, time.monotonic() - started)
    check(f"beside {HALF_OPEN} half-open sockets, others are served", slowest < 2, f"the slowest took {slowest:.3f} s")
    end = time.monotonic() + 12
    still = sum(not wire.ends_within(max(0, end - time.monotonic())) for wire in wires)
    equal("all of them are closed in the end", still, 0)
    for wire in wires + stalled:
        wire.close()


def wrong_with_message(row, answer):
    if not row.codes:
        return "" if answer is None else f"answered with {answer}"
    if answer is None:
        return "no answer"
    body = answer.json()
    if row.nest_id is bad_messages.PLAIN:
        problem = body
        header = answer.error
    else:
        if sorted(body) != ["err", "id", "isDisposed"] or body["id"] != row.nest_id or body["isDisposed"] is not True:
            return f"not the envelope: {body}"
        problem = body["err"]
        header = problem["statusCode"]
        if problem["status"] != "error" or not problem["message"]:
            return f"not an error of NestJS: {problem}"
    if header not in row.codes:
        return f"{header}, wanted {row.codes}: {body}"
    return "" if problem.get("code") else f"no code: {body}"


def nats_rows():
    nats = Nats()
    for row in bad_messages.rows():
        inboxes = {nats.new_inbox(): subject for subject in bad_messages.SUBJECTS}
        for inbox, subject in inboxes.items():
            nats.publish(subject, row.payload, inbox, row.headers)
        answers = {}
        for message in nats.messages(5 if row.codes else 0.5):
            answers[message.subject] = message
            if len(answers) == len(inboxes) and row.codes:
                break
        wrong = {subject: problem for inbox, subject in inboxes.items()
                 if (problem := wrong_with_message(row, answers.get(inbox)))}
        check(f"NATS: {row.what}", not wrong, "\n".join(f"{subject}: {problem}" for subject, problem in wrong.items()))
    nats.close()


def nats_without_reply():
    nats = Nats()
    for subject in (*bad_messages.SUBJECTS, "$SRV.PING", "$SRV.INFO.workflows", "$SRV.STATS.main", "$SRV.NONSENSE"):
        for row in bad_messages.rows():
            nats.publish(subject, row.payload, "", row.headers)
        for _ in range(200):
            nats.publish(subject, os.urandom(64))
    nats.flush()
    names = [answer.json()["name"] for answer in nats.ask_all("$SRV.PING", wait=1)]
    check("NATS: garbage that nobody answers leaves everybody there", "main" in names and names.count("workflows") >= 3,
          names)
    for subject in ("$SRV.PING.workflows.nobody", "$SRV.PING.castles", "$SRV.NONSENSE", "workflows.nonsense"):
        answer = nats.request(subject, b"x", timeout=2)
        equal(f"NATS: nobody serves {subject}", answer and answer.headers.get("status", "")[:3], "503")
    inbox = nats.new_inbox()
    nats.publish("$SRV.INFO.workflows", os.urandom(1000), inbox)
    infos = [message.json() for message in nats.messages(1)]
    check("NATS: $SRV answers whatever it is asked with",
          len(infos) >= 3 and all(info["type"] == "io.nats.micro.v1.info_response" for info in infos), infos)
    try:
        nats.publish("workflows.create", b"x" * (1 << 20) + b"x", nats.new_inbox())
        nats.flush()
        check("NATS: more than a megabyte is refused by the broker", False)
    except OSError:
        check("NATS: more than a megabyte is refused by the broker", True)


before = pids()
resident = {key: resident_bytes(pid) for key, pid in before.items()}
peaks = {key: peak_bytes(pid) for key, pid in before.items()}
http_rows()
slow_rows()
half_open()
nats_rows()
nats_without_reply()

equal("every process is the one it was", pids(), before)
for key, pid in before.items():
    name = "-".join(map(str, key))
    check(f"the memory of {name} has not grown by more than {GROWTH_MAX >> 20} MiB",
          eventually(10, lambda pid=pid, key=key: resident_bytes(pid) - resident[key] < GROWTH_MAX, pause=0.5),
          f"from {resident[key] >> 20} to {resident_bytes(pid) >> 20} MiB")
    check(f"nor was it by more than {PEAK_MAX >> 20} MiB in between", peak_bytes(pid) - peaks[key] < PEAK_MAX,
          f"from {peaks[key] >> 20} to {peak_bytes(pid) >> 20} MiB")
    note(f"{name}: {resident[key] >> 20} MiB before, {resident_bytes(pid) >> 20} after, {peak_bytes(pid) >> 20} at most")

building = Rest().create("after it all")
equal("a building is created as ever", building["workflow"]["status"], "running")
answer = Nats().request("workflows.create", {"name": "after", "buildingId": uuid.uuid4().hex})
check("a worker answers as ever", answer and answer.error == 0, answer)
finish()

#!/usr/bin/env python3
"""A worker that is stopped, neither dead nor alive, delays nobody for longer than the foreground wait."""
import pathlib
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from rest import Rest
from story import check, equal, eventually, finish, hand, note

FOREGROUND = 1.0
# What a busy machine may add; without a foreground wait a request would take its whole deadline of 5 s.
MARGIN = 2.0
# The second worker is asked after this long, so whoever took longer had met the stopped one first.
HEDGE = 0.25
# nats-server asks a connection for a sign of life when nothing went either way for 5 s, and lets it go after the third
# question: quiet for that long, and three times over for a busy machine.
QUIET = 25
LET_GO = 3 * QUIET

rest = Rest()
mark = uuid.uuid4().hex[:12]
took, pending, ids = [], 0, set()


def create():
    global pending
    started = time.monotonic()
    building = rest.create(f"{mark} {len(ids)}")
    took.append(time.monotonic() - started)
    pending += building["workflow"]["status"] == "pending"
    ids.add(building["id"])
    return took[-1]


def read(number):
    started = time.monotonic()
    answer = rest.get(f"/v1/buildings/{sorted(ids)[number % len(ids)]}/workflows")
    return answer.status, time.monotonic() - started


def workflows():
    return sorted(w["buildingId"] for w in rest.items("/v1/workflows") if w["buildingId"] in ids)


hand("scale", "workflows", 3)
hand("signal_part", "workflows", 2, "STOP")
try:
    end = time.monotonic() + 8
    while time.monotonic() < end:
        create()
    check("nobody waits for longer than the foreground wait", max(took) < FOREGROUND + MARGIN,
          f"the slowest took {max(took):.3f} s")
    # The broker chooses at random: two in three at once, two in nine by the second worker, one in nine by the relay.
    check("most notice nothing", sum(seconds < HEDGE for seconds in took) >= len(took) * 0.4, took)
    check("a second worker answers for those that met the stopped one",
          len(took) - pending - sum(seconds < HEDGE for seconds in took) > 0, f"{pending} pending of {took}")
    note(f"{len(took)} created, slowest {max(took) * 1000:.0f} ms, {pending} pending at first")
    reads = [read(number) for number in range(30)]
    check("every read is answered before its deadline", all(status == 200 and seconds < 4 for status, seconds in reads),
          "\n".join(f"{status} after {seconds:.3f} s" for status, seconds in reads if status != 200 or seconds > 0.5))
    # Thirty requests in a row would all miss a stopped third of the workers once in 200,000 times.
    time.sleep(QUIET)
    check("in the end nobody meets it any more",
          eventually(LET_GO, lambda: all(create() < HEDGE for _ in range(30)), pause=QUIET), took[-30:])
    equal("each building has exactly one workflow while it is stopped",
          eventually(10, lambda: workflows() == sorted(ids), pause=0.3), True)
finally:
    hand("signal_part", "workflows", 2, "CONT")
check("continued, it is ready again", eventually(20, lambda: hand("is_ready", "workflows", 2) == "yes\n", pause=0.3))
time.sleep(1)
equal("what it still had doubles nothing", workflows(), sorted(ids))
pending = 0
check("and all three work", all(create() < FOREGROUND + MARGIN for _ in range(30)) and pending == 0, took[-30:])
finish()

#!/usr/bin/env python3
"""A worker that is stopped, neither dead nor alive, delays nobody for longer than the foreground wait."""
import pathlib
import statistics
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from rest import Rest
from story import check, equal, eventually, finish, hand, note

FOREGROUND = 1.0
MARGIN = 0.6
# Until nats-server has missed three pings of its 5 s, and a little more.
QUIET = 22

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
    check("most notice nothing", statistics.median(took) < 0.3, f"median {statistics.median(took):.3f} s")
    check("a second worker answers for most that met the stopped one",
          pending <= len(took) * 0.2, f"{pending} of {len(took)} are pending")
    note(f"{len(took)} created, median {statistics.median(took) * 1000:.0f} ms, slowest {max(took) * 1000:.0f} ms, "
         f"{pending} pending at first")
    reads = [read(number) for number in range(30)]
    check("every read is answered before its deadline", all(status == 200 and seconds < 4 for status, seconds in reads),
          "\n".join(f"{status} after {seconds:.3f} s" for status, seconds in reads if status != 200 or seconds > 0.5))
    # The broker asks a silent connection for a sign of life and lets it go.
    time.sleep(QUIET)
    after = [create() for _ in range(30)]
    check("in the end nobody meets it any more", sum(seconds > 0.29 for seconds in after) <= 1, after)
    equal("each building has exactly one workflow while it is stopped",
          eventually(10, lambda: workflows() == sorted(ids), pause=0.3), True)
finally:
    hand("signal_part", "workflows", 2, "CONT")
check("continued, it is ready again", eventually(20, lambda: hand("is_ready", "workflows", 2) == "yes\n", pause=0.3))
time.sleep(1)
equal("what it still had doubles nothing", workflows(), sorted(ids))
check("and all three work", all(create() < FOREGROUND for _ in range(30)), took[-30:])
finish()

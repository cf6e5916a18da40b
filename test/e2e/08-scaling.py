#!/usr/bin/env python3
"""Under constant load: workers are added, taken away, stopped and replaced, and so is main. No request is lost."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from load import Load, account
from story import DRIVER, check, equal, finish, hand, note, skip


def phase(load, what, *steps):
    before = load.mark()
    try:
        for step in steps:
            hand(*step)
        problem = ""
    except RuntimeError as error:
        problem = str(error)
    check(f"{what}: done", not problem, problem)
    check(f"{what}: the load went on", load.wait_for(50), f"{load.requests} requests")
    after = load.mark()
    failures = after["failures"][len(before["failures"]):]
    count = after["requests"] - before["requests"]
    check(f"{what}: no request was lost or answered with an error", not failures,
          f"{len(failures)} of {count}:\n" + "\n".join(failures[:10]))
    note(f"{count} requests, the slowest {after['slowest'] * 1000:.0f} ms,"
         f" {after['pending'] - before['pending']} workflows left to the relay")


with Load() as load:
    load.wait_for(100)
    phase(load, "5 workers", ("scale", "workflows", 5))
    phase(load, "back to 1 worker", ("scale", "workflows", 1))
    phase(load, "3 workers", ("scale", "workflows", 3))
    phase(load, "SIGTERM to a worker", ("signal_part", "workflows", 2, "TERM"), ("eventually", 40, "all_ready"))
    if DRIVER == "local":
        phase(load, "rolling restart of the workers", ("restart", "workflows"))
        phase(load, "rolling restart of main", ("restart", "main"))
    else:
        skip("rolling restart of the workers", "compose restarts all containers of a service at once")
        skip("rolling restart of main", "a single container of main, and no balancer before it")

missing, doubled, workflows = account(load)
equal("every 201 has its building", missing, [])
equal("no building is there twice", doubled, [])
equal("each building has exactly one workflow", {count for count in workflows.values()}, {1})
note(f"{load.requests} requests, {len(load.created)} buildings")
finish()

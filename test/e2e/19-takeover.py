#!/usr/bin/env python3
"""Workers die and hang while they hold steps: others take over within seconds, and nothing is done twice."""
import pathlib
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from peer import Peer, step
from rest import Rest
from story import check, equal, eventually, finish, hand, note

rest = Rest()
peer = Peer()
mark = uuid.uuid4().hex[:8]
name = f"takeover-{mark}"
WORKFLOWS = 30

answer = rest.post("/v1/workflow-definitions", {"name": name, "version": 1, "steps": [
    step(peer, "first", timeout="60s", input={"n": {"$ref": "/input/n"}}),
    step(peer, "second", input={"n": {"$ref": "/input/n"}})]})
check("a definition is stored", answer.status == 201, answer)
hand("scale", "workflows", 3)


def statuses():
    return [w["status"] for w in rest.items("/v1/workflows", definition=name)]


def round_of(what, strike):
    """Steps are under way that are never answered; a worker is struck; all are done in the end."""
    peer.on["first"] = lambda document: None
    del peer.requests[:]
    ids = [rest.post("/v1/workflows", {"definition": name, "input": {"n": n}}).json()["id"] for n in range(WORKFLOWS)]
    check(f"{what}: every step is under way",
          eventually(20, lambda: len(peer.times("first")) >= WORKFLOWS, pause=0.1), len(peer.times("first")))
    peer.on.pop("first")
    struck = time.monotonic()
    strike()
    check(f"{what}: what it held is asked for again", eventually(30, lambda: len(peer.times("first")) > WORKFLOWS, 0.05))
    note(f"{what}: taken over after {max(peer.times('first')[WORKFLOWS:], default=struck) - struck:.1f} s")
    return ids


def kill_all_but_one():
    hand("signal_part", "workflows", 1, "KILL")
    hand("signal_part", "workflows", 2, "KILL")
    hand("signal_part", "workflows", 3, "KILL")


round_of("workers are killed", kill_all_but_one)
check("all are completed", eventually(60, lambda: statuses() == ["completed"] * WORKFLOWS, pause=0.3), statuses())
equal("each effect has one key, however often it was asked for", len(peer.effects()), 2 * WORKFLOWS)
check("the workers are back", eventually(30, lambda: all(
    hand("is_ready", "workflows", index) == "yes\n" for index in (1, 2, 3)), pause=0.3))

try:
    round_of("a worker hangs", lambda: hand("signal_part", "workflows", 1, "STOP"))
    time.sleep(6)
finally:
    hand("signal_part", "workflows", 1, "CONT")
# What the others hold is not lost, and not answered: their requests end at their deadline.
hand("restart", "workflows")
rest = Rest()
check("all are completed", eventually(90, lambda: statuses() == ["completed"] * 2 * WORKFLOWS, pause=0.3), statuses())
equal("each effect has one key, however often it was asked for", len(peer.effects()), 2 * WORKFLOWS)
equal("nothing is stuck", rest.get("/v1/workflows/doctor").json()["items"], [])
peer.close()
finish()

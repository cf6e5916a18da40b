#!/usr/bin/env python3
"""A definition of one's own: stored, started, signalled, watched, mended, many at once."""
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from peer import QUICK, Error, Peer, step, undone
from rest import Rest
from story import check, equal, eventually, finish

rest = Rest()
peer = Peer()
mark = uuid.uuid4().hex[:8]


def define(name, steps, **more):
    answer = rest.post("/v1/workflow-definitions", {"name": f"{name}-{mark}", "version": 1, "steps": steps, **more})
    check(f"the definition of {name} is stored", answer.status == 201, answer)
    return f"{name}-{mark}"


def start(definition, **more):
    return rest.post("/v1/workflows", {"definition": definition, **more})


def status(workflow):
    return rest.get(f"/v1/workflows/{workflow}").json()["status"]


def comes_to(workflow, wanted, seconds=15):
    return eventually(seconds, lambda: status(workflow) == wanted, pause=0.1)


# --- a definition ---
order = define("order", [
    undone(peer, "reserve", input={"sku": {"$ref": "/input/sku"}}),
    {"name": "approval", "signal": {"name": "approved", "timeout": "1h"}},
    step(peer, "charge", input={"by": {"$ref": "/steps/approval/output/by"}}),
], inputSchema={"type": "object", "required": ["sku"], "properties": {"sku": {"type": "string"}}})
equal("it is read back", rest.get(f"/v1/workflow-definitions/{order}").json()["version"], 1)
equal("so is its version", rest.get(f"/v1/workflow-definitions/{order}/versions/1").json()["name"], order)
check("it is in the list", order in [each["name"] for each in rest.items("/v1/workflow-definitions")])
bad = rest.post("/v1/workflow-definitions", {"name": "bad name", "steps": [{"name": "a", "after": ["b"]}], "colour": 1})
equal("a bad one is refused", bad.status, 422)
check("with every fault", {"/name", "/colour", "/steps/0/after/0"} <= {e["pointer"] for e in bad.json()["errors"]}, bad)
again = rest.post("/v1/workflow-definitions", {"name": order, "version": 1, "steps": [step(peer, "other")]})
equal("a version never changes", again.status, 409)

# --- a run ---
equal("an input that the schema refuses is 422", start(order, input={"sku": 7}).status, 422)
equal("an unknown definition is 404", start(f"nobody-{mark}").status, 404)
started = start(order, input={"sku": "A1"}, key="order-1", attributes={"customer": mark})
equal("it is started", started.status, 201)
run = started.json()["id"]
equal("a second one of the same key is a conflict", start(order, input={"sku": "A1"}, key="order-1").status, 409)
existing = start(order, input={"sku": "A1"}, key="order-1", conflict="useExisting")
equal("or the first", existing.json()["id"], run)
check("it waits for its approval", comes_to(run, "waiting"))
equal("it is found by its attributes",
      [w["id"] for w in rest.items("/v1/workflows", attributes=f'{{"customer":"{mark}"}}')], [run])
equal("and by its key", [w["id"] for w in rest.items("/v1/workflows", definition=order, key="order-1")], [run])
signal = {"id": "s1", "name": "approved", "payload": {"by": "anna"}}
equal("it is signalled", rest.post(f"/v1/workflows/{run}/signals", signal).json()["isDuplicate"], False)
result = rest.get(f"/v1/workflows/{run}/result", wait="4s").json()
equal("its result is waited for", (result["status"], result["output"]), ("completed", {"did": "charge"}))
equal("the same signal again is none", rest.post(f"/v1/workflows/{run}/signals", signal).json()["isDuplicate"], True)
equal("each effect was asked for once", peer.effects(), ["reserve", "charge"])
equal("its steps are told", [(s["path"], s["state"]) for s in rest.items(f"/v1/workflows/{run}/steps")],
      [("reserve", "completed"), ("approval", "completed"), ("charge", "completed")])
history = [event["type"] for event in rest.items(f"/v1/workflows/{run}/history", pageSize=2)]
equal("so is its history", (history[0], history[-1]), ("run.started", "run.completed"))

# --- what fails is undone ---
peer.on["charge"] = lambda document: Error(409, "conflict", "no funds")
failing = start(order, input={"sku": "A2"}).json()["id"]
rest.post(f"/v1/workflows/{failing}/signals", {"id": "s", "name": "approved", "payload": {"by": "otto"}})
check("a refused charge fails the order", comes_to(failing, "failed"))
check("and what was reserved is released", "undo-reserve" in peer.effects(), peer.effects())
error = rest.get(f"/v1/workflows/{failing}").json()["error"]
equal("it says where and why", (error["code"], error["step"]), ("conflict", "charge"))
del peer.on["charge"]
rest.post(f"/v1/workflows/{failing}/retry", {})
check("it can be retried", comes_to(failing, "completed"))

# --- by hand ---
waiting = start(order, input={"sku": "A3"}).json()["id"]
check("another waits", comes_to(waiting, "waiting"))
equal("it is paused", rest.post(f"/v1/workflows/{waiting}/pause", {}).json()["status"], "paused")
equal("and resumed", rest.post(f"/v1/workflows/{waiting}/resume", {}).json()["status"], "waiting")
cancelled = rest.post(f"/v1/workflows/{waiting}/cancel", {"reason": "not wanted"})
equal("and cancelled", cancelled.status, 200)
check("which undoes, too", comes_to(waiting, "cancelled"))
equal("what has ended can't be paused", rest.post(f"/v1/workflows/{waiting}/pause", {}).status, 409)

# --- a dead letter ---
peer.on["picky"] = lambda document: {"fine": True} if document == {"n": 2} else Error(503, "unavailable", "not with 1")
picky = define("picky", [step(peer, "picky", input={"n": 1}, onExhausted="deadLetter",
                              retry={**QUICK, "maximumAttempts": 2})])
dead = start(picky).json()["id"]
check("a step whose attempts are used up waits for somebody",
      eventually(15, lambda: rest.items("/v1/dead-letters", definition=picky), pause=0.2))
letter = rest.items("/v1/dead-letters", definition=picky)[0]
equal("it names its workflow and step", (letter["workflowId"], letter["path"]), (dead, "picky"))
rest.post(f"/v1/dead-letters/{letter['id']}/replay", {"input": {"n": 2}})
check("mended and replayed, it goes on", comes_to(dead, "completed"))

# --- many at once ---
idle = define("idle", [{"name": "wait", "signal": {"name": "never"}}])
ids = {start(idle).json()["id"] for _ in range(20)}
asked = {"action": "terminate", "filter": {"definition": idle}, "dryRun": True}
equal("a dry run counts", rest.post("/v1/workflows/bulk", asked).json()["matched"], 20)
asked["dryRun"] = False
equal("all are terminated", rest.post("/v1/workflows/bulk", asked).json()["applied"], 20)
equal("every one of them", {w["status"] for w in rest.items("/v1/workflows", definition=idle)}, {"terminated"})

# --- before the start ---
early = rest.post(f"/v1/workflow-definitions/{order}/keys/early-{mark}/signals",
                  {"id": "s1", "name": "approved", "payload": {"by": "early"}})
check("a signal may come before the start", early.status in (200, 202) and "workflowId" not in early.json(), early)
ahead = start(order, input={"sku": "A4"}, key=f"early-{mark}").json()["id"]
check("and is there when it is waited for", comes_to(ahead, "completed"))

# --- by the clock ---
quick = define("quick", [{"name": "nap", "sleep": {"for": "1ms"}}])
schedule = {"name": f"nightly-{mark}", "definition": quick, "cron": "30 3 * * 1-5", "timeZone": "Europe/Berlin"}
made = rest.post("/v1/schedules", schedule)
check("a schedule is stored, and knows its next time", made.status == 201 and "nextAt" in made.json(), made)
wrong = rest.post("/v1/schedules", {**schedule, "name": f"x-{mark}", "cron": "61 3 * * *", "timeZone": "Mars/Base"})
equal("a bad one is refused", wrong.status, 422)
check("for each of its faults", {"/cron", "/timeZone"} <= {e["pointer"] for e in wrong.json()["errors"]}, wrong)
path = f"/v1/schedules/{schedule['name']}"
triggered = rest.post(f"{path}/trigger", {})
equal("it can be triggered", triggered.status, 201)
check("which starts its workflow", comes_to(triggered.json()["id"], "completed"))
paused = rest.send("PATCH", path, {"isPaused": True}).json()
equal("paused it has no next time", (paused["isPaused"], "nextAt" in paused), (True, False))
check("it is in the list", schedule["name"] in [each["name"] for each in rest.items("/v1/schedules")])
equal("it is deleted", rest.send("DELETE", path).status, 204)
equal("and gone", rest.get(path).status, 404)

equal("nothing is stuck", rest.get("/v1/workflows/doctor").json()["items"], [])
peer.close()
finish()

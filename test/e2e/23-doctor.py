#!/usr/bin/env python3
"""What fails again and again, what was refused and who does not answer: an operator sees it, and mends it."""
import json
import os
import pathlib
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from metrics import scrape
from peer import QUICK, Error, Peer, step
from rest import Rest
from story import check, equal, eventually, finish, hand

ROOT = pathlib.Path(__file__).resolve().parents[2]
rest = Rest()
peer = Peer()
mark = uuid.uuid4().hex[:8]


def doctor(*arguments):
    """(exit status, all that it printed)"""
    done = subprocess.run([str(ROOT / "scripts/doctor"), "--url", os.environ["LINTEL_URL"], *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    return done.returncode, done.stdout


def says(told, *texts):
    return all(text in told for text in texts)


def define(name, steps):
    answer = rest.post("/v1/workflow-definitions", {"name": f"{name}-{mark}", "version": 1, "steps": steps})
    check(f"the definition of {name} is stored", answer.status == 201, answer)
    return f"{name}-{mark}"


def start(definition):
    return rest.post("/v1/workflows", {"definition": definition}).json()["id"]


def comes_to(workflow, wanted):
    return eventually(15, lambda: rest.get(f"/v1/workflows/{workflow}").json()["status"] == wanted, pause=0.1)


# --- a peer that fails for ever ---
peer.on["ship"] = lambda document: Error("500", "internal", "out of order")
fragile = define("fragile", [step(peer, "ship", retry=QUICK)])
first, second = start(fragile), start(fragile)


def retrying(**filters):
    return rest.get("/v1/workflows/retrying", definition=fragile, **filters).json()["items"]


check("steps that fail again and again are listed", eventually(20, lambda: len(retrying()) == 2, pause=0.1), retrying())
item = retrying()[0]
equal("with their workflow, the longest under way first", (item["workflowId"], item["path"]), (first, "ship"))
equal("and what went wrong last", item["error"]["message"], "out of order")
check("from so many failures on as the service is told", item["failures"] >= 10, item)
equal("or the caller says", retrying(minFailures=1000000), [])
equal("page by page", len(retrying(pageSize=1)), 1)
equal("they are not stuck", rest.get("/v1/workflows/doctor").json()["items"], [])
check("they are counted", eventually(10, lambda: scrape("workflows", 1).sum("lintel_workflow_retrying_steps") >= 2))
status, told = doctor()
equal("scripts/doctor finds them", status, 1)
check("says what, where and why", says(told, "FOUND   steps that fail again and again:",
                                       f"workflow {first} of {fragile}, step ship: ",
                                       "last error internal: out of order"), told)
check("and what to do", says(told, "mend what they ask", "/pause and .../resume"), told)
check("nothing is stuck", says(told, "ok      no stuck workflows\n"), told)
rest.post(f"/v1/workflows/{second}/terminate", {})
peer.on.pop("ship")
check("once the peer is mended the workflow goes on by itself", comes_to(first, "completed"))
equal("and none is listed any more", retrying(minFailures=1), [])

# --- promises that were refused ---
patient = define("patient", [{"name": "wait", "signal": {"name": "go"}}])
for service in ("inventory", "deliveries"):
    workflow = start(patient)
    comes_to(workflow, "waiting")
    intent = str(uuid.uuid4())
    payload = json.dumps({"id": workflow, "signalId": intent, "name": "go", "payload": service})
    hand("database", service, "INSERT INTO intents (id, subject, payload, idempotency_key, resource_id, state,"
         " attempts, next_attempt_at, last_error, created_at) VALUES"
         f" ('{intent}', 'workflows.signal', '{payload}', '{intent}', '{workflow}', 'failed', 1, now(),"
         f" 'not_found: {mark}', now())")

    def ours(**filters):
        return [each for each in rest.items("/v1/intents", service=service, **filters) if each["id"] == intent]

    shown = ours(state="failed")
    equal(f"a refused promise of {service} is listed", [each["lastError"] for each in shown], [f"not_found: {mark}"])
    status, told = doctor()
    equal("scripts/doctor finds it", status, 1)
    check("says whose it is and how it is tried again",
          says(told, f"FOUND   refused promises of {service}:", f"intent {intent} to workflows.signal",
               f"POST /v1/intents/ID/retry?service={service}."), told)
    equal("nobody else has it", rest.post(f"/v1/intents/{intent}/retry", {}).status, 404)
    again = rest.post(f"/v1/intents/{intent}/retry?service={service}", {})
    equal("it is tried again", (again.status, again.json().get("state")), (200, "pending"))
    check("and delivered", comes_to(workflow, "completed"))
    equal("as what it was", rest.get(f"/v1/workflows/{workflow}/steps").json()["items"][0]["output"], service)
    check("then it is gone", eventually(10, lambda: not ours(), pause=0.1))
    equal("for a retry, too", rest.post(f"/v1/intents/{intent}/retry?service={service}", {}).status, 404)

# --- a set that is away ---
hand("scale", "deliveries", 0)
status, told = doctor()
equal("scripts/doctor says that it could not ask all", status, 2)
check("whom, why and what to do", says(told, "refused promises of deliveries: nobody could be asked: GET ", ": 503 ",
                                       "scripts/status shows it"), told)
check("and examines the others", says(told, "no refused promises of inventory"), told)
hand("scale", "deliveries", 2)

status, told = subprocess.getstatusoutput(f"{ROOT}/scripts/doctor --url http://127.0.0.1:9")
equal("without main it says so, once", (status, told.count("\n"), "does main run there?" in told), (2, 0, True))
status, told = subprocess.getstatusoutput(f"{ROOT}/scripts/doctor --url")
check("an option without its value is named", status == 1 and "--url takes main's REST address" in told, told)
peer.close()
finish()

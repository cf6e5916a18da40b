"""Answers that come twice, late, or are none."""

from case import table_of
from process import Failed, eventually
from rest import Connection
from rogue import Echo, Rogue, refusal, workflow_for

CASES = []
case = table_of(CASES)


def answer(payload, headers=None, after=0):
    return lambda message: [(after, payload, headers)]


def misled(run, answers, count=12):
    """Only the rogue answers, long enough for the relay to have asked it too. Then the workers are back."""
    worker = run.stack.workers[0]
    worker.stop()
    rogue = Rogue(run.nats.port, answers)
    entries = [run.load.create() for _ in range(count)]
    asked = rogue.taken
    eventually(lambda: rogue.taken >= asked + 3, 20, "the relay has asked the rogue as well")
    for entry in entries:
        if entry.attempts[-1].status != 201:
            raise Failed(f"a misleading answer of a worker reached the client: {entry}")
        if "id" in entry.attempts[-1].body["workflow"]:
            raise Failed(f"a client was told of a workflow that is none: {entry.attempts[-1].body['workflow']}")
    rogue.leave()
    run.note(f"the rogue leaves, after {rogue.taken} requests")
    worker.start()


@case("every answer comes twice, and once more two seconds later")
def doubled_answers(run):
    echo = Echo(run.nats.port, later=2)
    run.load.start()
    run.wait_for_answers(100)
    run.pass_time(3)
    run.load.stop()
    run.expect(echo.heard > 100, "no answer was repeated")
    echo.leave()
    run.expect_no_error()
    late = run.stack.mains[0].metric("messaging_late_replies_total")
    run.expect(late and late >= 100, f"/metrics counts {late} late answers")


@case("answers that are not JSON", workers=1)
def garbage(run):
    misled(run, answer(b"\x00\xff not JSON {{{"))


@case("answers of the wrong shape", workers=1)
def wrong_shape(run):
    shapes = [b"", b"null", b"[]", b"{}", b'{"id": 5}', b'"running"']
    turn = [0]

    def answers(_):
        turn[0] += 1
        return [(0, shapes[turn[0] % len(shapes)], None)]

    misled(run, answers)


@case("answers that promise a later attempt (503)", workers=1)
def unavailable(run):
    misled(run, answer(*refusal(503, "unavailable")))


@case("answers after everybody has given up", workers=1, seconds=10)
def late_answers(run):
    misled(run, lambda message: [(3, workflow_for(message), None), (3.1, b"{}", None)], count=3)


@case("a refusal (422) makes intents failed; an operator sees them, and a retry heals them", workers=1, seconds=16)
def refused(run):
    main, worker = run.stack.mains[0], run.stack.workers[0]
    worker.stop()
    rogue = Rogue(run.nats.port, answer(*refusal(422, "not today")))
    entries = [run.load.create() for _ in range(8)]
    connection = Connection(run.stack.ports[0])

    def failed():
        return connection.request("GET", "/v1/intents?state=failed").body["items"]

    eventually(lambda: len(failed()) == len(entries), 20, "all intents are failed")
    for intent in failed():
        run.expect("not today" in intent["lastError"] and intent["subject"] == "workflows.create",
                   f"an operator sees {intent}")
    run.expect({intent["resourceId"] for intent in failed()} == {entry.building() for entry in entries},
               "the failed intents are not those of the buildings")
    eventually(lambda: main.metric("lintel_intents", state="failed") == len(entries), 20,
               f"/metrics shows {len(entries)} failed intents")
    rogue.leave()
    worker.start()
    run.pass_time(2)
    run.expect(len(failed()) == len(entries), "failed intents were tried again without being asked to")
    for intent in failed():
        retried = connection.request("POST", f"/v1/intents/{intent['id']}/retry")
        run.expect(retried.status == 200 and retried.body["state"] == "pending", f"a retry was answered with {retried}")
    eventually(lambda: not failed(), 15, "no failed intent is left")

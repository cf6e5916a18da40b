"""Main and the worker die (SIGKILL) at each step of the way of a request. At which of the requests: at one of the
first, and at one among many."""

import itertools

from case import table_of
from rogue import SUBJECT, Watch

CASES = []
case = table_of(CASES)

PASSES = (1, 30)


def crash(run, service, failpoint):
    """Arms the failpoint, lets the load run into it, starts the service again; for each of PASSES."""
    for number in PASSES:
        service.kill()
        service.start(f"{failpoint}=crash@{number}")
        if number == PASSES[0]:
            run.load.start()
        service.wait_until_crashed()
        run.note(f"{service.name} died at {failpoint}, pass {number}")
    service.start()
    run.wait_for_answers(20)


def add_crashes():
    steps = [("main", "main.before_commit", "main dies before it commits a building"),
             ("main", "main.after_commit", "main dies after the commit, before it asks a worker"),
             ("main", "main.after_reply", "main dies with a worker's answer, before its client has one"),
             ("worker", "workflows.before_commit", "a worker dies before it commits a workflow"),
             ("worker", "workflows.after_commit", "a worker dies after the commit, before it answers"),
             ("worker", "workflows.before_attempt", "a worker dies with a step that it has claimed"),
             ("worker", "workflows.after_attempt", "a worker dies after a step's effect, before the outcome is recorded"),
             ("worker", "workflows.after_outcome", "a worker dies when an outcome has been recorded")]
    for role, failpoint, name in steps:
        def act(run, role=role, failpoint=failpoint):
            crash(run, run.stack.mains[0] if role == "main" else run.stack.workers[0], failpoint)
        case(name)(act)


add_crashes()


@case("main dies while a worker has its request")
def main_dies_waiting(run):
    main = run.stack.mains[0]
    watch = Watch(run.nats.port, SUBJECT, 25, main.kill)
    run.load.start()
    main.wait_until_crashed()
    watch.leave()
    run.note("main died while it waited for an answer")
    main.start()
    run.wait_for_answers(20)


@case("main dies the moment a client has its 201, before the intent is closed")
def main_dies_after_answer(run):
    main = run.stack.mains[0]
    number = itertools.count(1)

    def kill_at_25(_):
        if next(number) == 25:
            main.kill()

    run.load.on_acknowledged = kill_at_25
    run.load.start()
    main.wait_until_crashed()
    run.note("main died after an answer")
    main.start()
    run.wait_for_answers(20)


@case("a worker dies the moment its answer is on its way")
def worker_dies_after_answer(run):
    worker = run.stack.workers[0]
    run.stack.workers[1].freeze()
    watch = Watch(run.nats.port, "_INBOX.>", 20, worker.kill)
    run.load.start()
    worker.wait_until_crashed()
    watch.leave()
    run.note("the only worker that was awake died after an answer")
    run.stack.workers[1].thaw()
    worker.start()
    run.wait_for_answers(20)


def crash_relay(run, failpoint):
    """Intents wait; the relay dies at the first of them, and again among many; then it gets through."""
    main, worker = run.stack.mains[0], run.stack.workers[0]
    worker.stop()
    run.load.start()
    run.wait_for_answers(40)
    for number in (1, 8):
        main.kill()
        worker.kill()
        main.start(f"{failpoint}=crash@{number}")
        worker.start()
        main.wait_until_crashed()
        run.note(f"the relay died at {failpoint}, pass {number}")
    main.start()


@case("the relay dies before it delivers what it has claimed", workers=1, clients=4, seconds=12)
def relay_dies_before_delivery(run):
    crash_relay(run, "relay.before_delivery")


@case("the relay dies after a delivery, before the intent is closed", workers=1, clients=4, seconds=12)
def relay_dies_after_delivery(run):
    crash_relay(run, "relay.after_delivery")

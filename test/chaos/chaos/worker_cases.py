"""Workers that hang, and no worker at all."""

from case import table_of
from process import eventually

CASES = []
case = table_of(CASES)

# START_DEADLINE, and room for a machine that is busy with other things.
FOREGROUND_WAIT = 1
MARGIN = 4


def slowest(attempts):
    return max(attempt.seconds for attempt in attempts)


@case("one worker of three hangs: its share of the requests goes to the others", workers=3, seconds=8)
def one_worker_hangs(run):
    run.load.start()
    run.wait_for_answers(40)
    run.stack.workers[0].freeze()
    run.note("a worker hangs")
    before, pending_before = len(run.load.acknowledged()), len(run.load.pending())
    run.wait_for_answers(150)
    run.pass_time(2)
    answers = run.load.acknowledged()[before:]
    pending = len(run.load.pending()) - pending_before
    run.note(f"{pending} of {len(answers)} answers were pending, the slowest took {slowest(answers):.1f} s")
    run.expect(slowest(answers) < FOREGROUND_WAIT + MARGIN, f"a client waited {slowest(answers):.1f} s")
    run.expect(pending < len(answers) / 2, f"{pending} of {len(answers)} answers came without a workflow, "
                                           "with two workers of three well")
    run.stack.workers[0].thaw()
    run.wait_for_answers(20)
    run.load.stop()
    run.expect_no_error()


@case("all workers hang: clients are answered after the foreground wait, the work is done once", seconds=7)
def all_workers_hang(run):
    run.load.start()
    run.wait_for_answers(20)
    for worker in run.stack.workers:
        worker.freeze()
    run.note("all workers hang")
    pending_before = len(run.load.pending())
    run.wait_for_answers(36)
    pending = run.load.pending()[pending_before:]
    run.expect(pending, "nobody was answered while all workers hung")
    run.expect(slowest(pending) < FOREGROUND_WAIT + MARGIN, f"a client waited {slowest(pending):.1f} s")
    for worker in run.stack.workers:
        worker.thaw()
    run.note("all workers move again")
    run.wait_for_answers(40)
    run.load.stop()
    run.expect_no_error()


@case("no worker at all: 201 with the workflow pending, metrics say so, done when one comes back", workers=1, seconds=16)
def no_worker(run):
    main, worker = run.stack.mains[0], run.stack.workers[0]
    worker.stop()
    entries = [run.load.create() for _ in range(20)]
    for entry in entries:
        answer = entry.attempts[-1]
        run.expect(answer.status == 201, f"without a worker: {answer}")
        run.expect(answer.body["workflow"]["status"] == "pending" and "id" not in answer.body["workflow"],
                   f"without a worker: {answer.body['workflow']}")

    def shows_pending():
        return main.metric("lintel_intents", state="pending") == len(entries)

    eventually(shows_pending, 20, f"/metrics shows {len(entries)} pending intents")
    age = main.metric("lintel_intents_oldest_age_seconds")
    run.expect(0 < age < 60, f"/metrics says that the oldest intent is {age} s old")
    run.expect(main.metric("lintel_intents", state="failed") == 0, "/metrics shows failed intents")
    worker.start()
    run.note("a worker is back")

    def is_done():
        return run.stack.rows_of_workflows("SELECT count(*) FROM workflows") == [[str(len(entries))]]

    eventually(is_done, 15, "the workflows of all buildings")

"""Several mains, several requests under one key."""

from case import table_of

CASES = []
case = table_of(CASES)


@case("two mains share a database and its intents", mains=2, workers=1)
def two_relays(run):
    run.stack.workers[0].stop()
    run.load.start()
    run.wait_for_answers(200)
    run.stack.workers[0].start()
    run.stack.add_worker()
    run.note("workers are back")
    run.wait_for_answers(20)


@case("one key from many clients at once, at two mains", mains=2)
def raced_keys(run):
    for _ in range(15):
        entry = run.load.race()
        run.expect(len(entry.acknowledged()) == 6, f"not every client was answered in the end\n{entry}")
        fresh = [attempt for attempt in entry.acknowledged() if "Idempotency-Replayed" not in attempt.headers]
        run.expect(len(fresh) <= 1, f"{len(fresh)} answers say that they made the building\n{entry}")


@case("a main hangs for longer than its relay may hold intents, its clients go to the other with the same keys",
      mains=2, client_timeout=2, seconds=12)
def main_hangs(run):
    main = run.stack.mains[0]
    for worker in run.stack.workers:
        worker.stop()
    run.load.start()
    run.wait_for_answers(60)
    main.freeze()
    run.note("a main hangs")
    for worker in run.stack.workers:
        worker.start()
    run.pass_time(6)
    main.thaw()
    run.note("it moves again")
    run.wait_for_answers(40)

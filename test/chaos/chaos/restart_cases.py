"""What operators do every day, under load: nobody may notice."""

from case import table_of

CASES = []
case = table_of(CASES)


def replace(run, service, add):
    """The new one is ready before the old one drains."""
    add()
    run.stack.retire(service)
    run.note(f"{service.name} is replaced")
    run.wait_for_answers(15)


@case("a rolling restart of the workers")
def workers_roll(run):
    run.load.start()
    run.wait_for_answers(20)
    for worker in list(run.stack.workers):
        replace(run, worker, run.stack.add_worker)
    run.load.stop()
    run.expect_no_error()


@case("workers restart one after the other, each in its own place")
def workers_restart(run):
    run.load.start()
    run.wait_for_answers(20)
    for worker in run.stack.workers:
        worker.stop()
        run.note(f"{worker.name} is stopped")
        run.wait_for_answers(10)
        worker.start()
    run.load.stop()
    run.expect_no_error()


@case("the workers are scaled from one to five and back", workers=1)
def workers_scale(run):
    run.load.start()
    run.wait_for_answers(20)
    for _ in range(4):
        run.stack.add_worker()
    run.wait_for_answers(40)
    for worker in run.stack.workers[1:]:
        worker.is_retired = True
        worker.ask_to_stop()
    for worker in run.stack.workers[1:]:
        worker.stop()
    run.note("one worker is left")
    run.wait_for_answers(20)
    run.load.stop()
    run.expect_no_error()


@case("a rolling restart of main on a shared port", mains=2, shared_port=True)
def mains_roll(run):
    run.load.start()
    run.wait_for_answers(20)
    for main in list(run.stack.mains):
        replace(run, main, run.stack.add_main)
    run.load.stop()
    run.expect_no_error()

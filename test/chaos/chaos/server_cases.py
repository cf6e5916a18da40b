"""NATS and either Postgres die, or do not move for some seconds, while clients are at it."""

from case import table_of

CASES = []
case = table_of(CASES)


def outage(run, server, affected, harm, heal, seconds=1.0):
    """`affected` are the services that must say that they are not ready while it lasts."""
    run.load.start()
    run.wait_for_answers(40)
    harm()
    run.note(f"{server.name}: {harm.__name__}")
    for service in affected:
        service.wait_until_not_ready()
    run.pass_time(seconds)
    heal()
    run.note(f"{server.name}: {heal.__name__}")
    for service in run.stack.services():
        service.wait_until_ready()
    run.wait_for_answers(40)


@case("NATS is killed and comes back")
def nats_dies(run):
    outage(run, run.nats, run.stack.services(), run.nats.kill, run.nats.start)


@case("NATS does not move for some seconds")
def nats_freezes(run):
    outage(run, run.nats, [], run.nats.freeze, run.nats.thaw, seconds=4)


@case("main's Postgres is killed and comes back")
def main_postgres_dies(run):
    server = run.stack.main_postgres
    outage(run, server, run.stack.mains, server.kill, server.start)


@case("main's Postgres does not move for some seconds")
def main_postgres_freezes(run):
    server = run.stack.main_postgres
    outage(run, server, [], server.freeze, server.thaw, seconds=7)


@case("the workers' Postgres is killed and comes back")
def workflows_postgres_dies(run):
    server = run.stack.workflows_postgres
    outage(run, server, run.stack.workers, server.kill, server.start)


@case("the workers' Postgres does not move for some seconds")
def workflows_postgres_freezes(run):
    server = run.stack.workflows_postgres
    outage(run, server, [], server.freeze, server.thaw, seconds=7)


@case("everything is killed at once and comes back", mains=2)
def power_fails(run):
    run.load.start()
    run.wait_for_answers(40)
    for process in run.stack.processes():
        process.kill()
    run.note("everything is dead")
    run.stack.heal()
    run.wait_for_answers(40)

"""NATS and either Postgres die, or do not move for some seconds, while clients are at it."""

from case import table_of
from process import eventually

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


def node_of(run, service):
    """The member of the NATS cluster that a service is connected to, as soon as there is one."""
    kind = service.name.rpartition("-")[0]
    name = f"{kind}/{service.name}"
    return eventually(lambda: next((node for node in run.stack.nats_nodes if name in node.clients()), None), 30,
                      f"{service.name} is connected to a NATS server that answers")


@case("in a NATS cluster the server that main is connected to is killed, three times", nats_nodes=3, seconds=8)
def nats_node_dies(run):
    main = run.stack.mains[0]
    run.load.start()
    run.wait_for_answers(40)
    for _ in range(3):
        node = node_of(run, main)
        node.kill()
        for service in run.stack.services():
            node_of(run, service)
        run.note(f"{node.name} was killed, and all are connected to others")
        run.wait_for_answers(40)
        node.start()


@case("in a NATS cluster the server that main is connected to does not move for some seconds", nats_nodes=3, seconds=14)
def nats_node_freezes(run):
    main = run.stack.mains[0]
    run.load.start()
    run.wait_for_answers(40)
    node = node_of(run, main)
    node.freeze()
    for service in run.stack.services():
        node_of(run, service)
    run.note(f"{node.name} does not move, and all are connected to others")
    run.wait_for_answers(40)
    node.thaw()


@case("main's Postgres is killed and comes back")
def main_postgres_dies(run):
    server = run.stack.main_postgres
    outage(run, server, run.stack.mains, server.kill, server.start)


@case("main's Postgres does not move for some seconds", seconds=10)
def main_postgres_freezes(run):
    server = run.stack.main_postgres
    outage(run, server, [], server.freeze, server.thaw, seconds=7)


@case("the workers' Postgres is killed and comes back", clients=6, seconds=10)
def workflows_postgres_dies(run):
    server = run.stack.workflows_postgres
    outage(run, server, run.stack.workers, server.kill, server.start)


@case("the workers' Postgres does not move for some seconds", seconds=12)
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


@case("Postgres ends the connections of main and of the workers again and again")
def connections_cut(run):
    run.load.start()
    for _ in range(8):
        run.wait_for_answers(10)
        for rows in (run.stack.rows_of_main, run.stack.rows_of_workflows):
            rows("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                 "WHERE datname = current_database() AND pid <> pg_backend_pid()")
    run.note("connections have been cut eight times")
    run.wait_for_answers(40)


def while_locked(run, rows, table):
    """Longer than DATABASE_LOCK_TIMEOUT."""
    run.load.start()
    run.wait_for_answers(20)
    rows(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT")
    run.note(f"{table} was locked for 4 s")
    run.wait_for_answers(40)


@case("somebody locks main's tables for some seconds", seconds=8)
def main_locked(run):
    while_locked(run, run.stack.rows_of_main, "intents")


@case("somebody locks the workers' tables for some seconds", seconds=8)
def workflows_locked(run):
    while_locked(run, run.stack.rows_of_workflows, "workflows")


@case("the workers' Postgres is read-only for a while, as a standby is")
def workflows_read_only(run):
    server = run.stack.workflows_postgres
    run.load.start()
    run.wait_for_answers(20)
    server.configure("default_transaction_read_only", "on")
    try:
        run.pass_time(2)
    finally:
        server.configure("default_transaction_read_only", "off")
    run.note(f"{server.name} was read-only for 2 s")
    run.wait_for_answers(40)

"""A replica that has nothing to do: memory, time to start, and what it asks of the database."""

import time

import measure as measures
from workflows.sides import Lintel

# The heartbeat, which DESIGN.md counts separately.
IS_RENEWAL = "query LIKE '%UPDATE sessions SET expires_at%'"


def measure(environment, plan, say):
    """Of three replicas at rest."""
    say(f"rest, {plan.idle:g} s")
    side = Lintel(environment, "rest")
    side.start()
    try:
        time.sleep(2)
        memory = measures.memory(side)["workflows"]
        side.postgres.set("pg_stat_statements.track", "all")
        time.sleep(1)
        before = _statements(side)
        time.sleep(plan.idle)
        after = _statements(side)
        renewals, others = ((late - early) / plan.idle / side.count for early, late in zip(before, after))
        return {"memoryMb": memory, "startSeconds": side.start_seconds, "renewals": renewals, "statements": others}
    finally:
        side.postgres.set("pg_stat_statements.track", "none")
        side.drop()


def _statements(side):
    """Renewals of the lease, and all other statements."""
    row = side.postgres.query("postgres", f"""
        SELECT coalesce(sum(calls) FILTER (WHERE {IS_RENEWAL}), 0),
               coalesce(sum(calls) FILTER (WHERE NOT {IS_RENEWAL}), 0)
        FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid WHERE datname = '{side.database}'""")[0]
    return [int(value) for value in row]

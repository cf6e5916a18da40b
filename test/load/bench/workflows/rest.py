"""A replica that has nothing to do: memory, time to start, and what it asks of the database."""

import time

import measure as measures
from workflows.sides import Lintel


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
        before = side.postgres.statements(side.database)
        time.sleep(plan.idle)
        after = side.postgres.statements(side.database)
        renewals, others = ((late - early) / plan.idle / side.count for early, late in zip(before, after))
        return {"memoryMb": memory, "startSeconds": side.start_seconds, "renewals": renewals, "statements": others}
    finally:
        side.postgres.set("pg_stat_statements.track", "none")
        side.drop()

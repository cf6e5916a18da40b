"""The same load on empty tables and on tables that hold many finished and many waiting workflows."""

import subprocess

from workflows.fill import fill
from workflows.sides import Lintel

IN_FLIGHT = 256
# The statement that claims; see apps/workflows/sql/queries/find_ready_steps.sql. Without constants: pg_stat_statements
# keeps them or not.
IS_CLAIM = "query LIKE '%SELECT s.run_id, s.path%ORDER BY s.priority, s.changed_at%SKIP LOCKED%'"


def measure(environment, plan, say):
    """Runs on both databases in turn, with the time of a claiming statement."""
    sides = {"empty": Lintel(environment, "empty"), "filled": Lintel(environment, "filled")}
    runs = []
    try:
        say(f"filling with {plan.finished} finished and {plan.waiting} waiting workflows")
        rows = fill(sides["filled"], plan.finished, plan.waiting)
        for number in range(1, plan.rounds + 1):
            for name, side in sides.items():
                say(f"round {number}: {name} tables")
                runs.append({"tables": name, "round": number, **_round(environment, side, plan)})
        return {"rows": rows, "runs": runs}
    finally:
        for side in sides.values():
            side.drop()


def _round(environment, side, plan):
    side.start()
    try:
        side.load(plan.settle, in_flight=64)
        environment.checkpoint()
        result = {"peak": side.load(plan.run, in_flight=IN_FLIGHT), "one": side.load(plan.run, in_flight=1)}
        side.postgres.set("pg_stat_statements.track", "all")
        # More under way than the workers have room for, so that there is something to be claimed.
        side.load(plan.run, step_time=50, in_flight=2048)
        result["claim"] = _claim(side)
        return result
    except subprocess.CalledProcessError as error:
        raise RuntimeError(error.stderr) from error
    finally:
        side.postgres.set("pg_stat_statements.track", "none")
        side.postgres.query("postgres", "SELECT pg_stat_statements_reset()")
        side.stop()


def _claim(side):
    rows = side.postgres.query("postgres", f"""
        SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time) / sum(calls), 0),
               coalesce(max(max_exec_time), 0), coalesce(sum(rows), 0)
        FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
        WHERE datname = '{side.database}' AND {IS_CLAIM}""")
    calls, mean, longest, claimed = rows[0]
    if int(calls) == 0:
        raise RuntimeError("no claiming statement was seen; has find_ready_steps.sql changed?")
    return {"calls": int(calls), "meanMs": float(mean), "maxMs": float(longest), "steps": int(claimed)}

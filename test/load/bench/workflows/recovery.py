"""How long the steps that a worker held when it was killed wait until they are asked for again."""

import signal
import time

from processes import Child
from workflows.sides import Lintel

STEP_MILLISECONDS = 200
IN_FLIGHT = 96
# What was on its way to the step's service when the worker was killed arrives within this time; nobody can have taken
# over so soon.
IN_TRANSIT = 0.1
TIMEOUT = 60
# Milliseconds; the load is ended when the last kill has been recovered from.
LONG_ENOUGH = 3_600_000
# From a replica's return to the next kill: for it to have its share of the work again.
SETTLE = 2


def measure(environment, plan, say):
    """For each kill: how many steps were held, and the seconds until each was asked for again."""
    side = Lintel(environment, "recovery")
    side.start()
    log = side.log("steps")
    load = Child("workflow_load",
                 side.command("recovery", "--step-time", str(STEP_MILLISECONDS), "--in-flight", str(IN_FLIGHT),
                              "--step-log", log, "--warmup", "0", "--duration", str(LONG_ENOUGH)), side.log("load"))
    try:
        rounds = []
        for number in range(plan.kills):
            say(f"kill {number + 1} of {plan.kills}")
            time.sleep(SETTLE)
            rounds.append(_kill(side, number % len(side.replicas), log))
        return rounds
    finally:
        load.stop()
        side.drop()


def _kill(side, which, log):
    victim = side.replicas[which]
    session = _session(side, f"workflows-{which}")
    killed_at = time.time()
    victim.stop(signal.SIGKILL)
    held = _held(side, session)
    seconds = _asked_again(log, held, killed_at)
    side.replicas[which] = side.start_replica(which)
    return {"held": len(held), "seconds": sorted(seconds), "missing": len(held) - len(seconds)}


def _session(side, replica):
    return side.postgres.query(side.database, f"""
        SELECT id FROM sessions WHERE replica = '{replica}' AND NOT is_lost ORDER BY started_at DESC LIMIT 1""")[0][0]


def _held(side, session):
    """The steps that the session has claimed, once the database has seen its connections break."""
    time.sleep(0.05)
    rows = side.postgres.query(
        side.database, f"SELECT run_id, path FROM steps WHERE state = 'claimed' AND session_id = '{session}'")
    return {(run, path) for run, path in rows}


def _asked_again(log, held, killed_at):
    """Seconds from the kill to the first request of each step after it."""
    first = {}
    until = time.time() + TIMEOUT
    with open(log, encoding="ascii") as file:
        while len(first) < len(held) and time.time() < until:
            line = file.readline()
            if not line.endswith("\n"):
                time.sleep(0.01)
                file.seek(file.tell() - len(line))
                continue
            at, run, path = line.split()
            seconds = int(at) / 1e6 - killed_at
            if seconds > IN_TRANSIT and (run, path) in held:
                first.setdefault((run, path), seconds)
    return list(first.values())

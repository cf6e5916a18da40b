"""How long it takes until timers that are all due at the same moment have all fired."""

import datetime
import json
import subprocess
import time

from workflows.sides import Lintel

# Starts whose rate says when all timers can be set.
TRIAL_SHARE = 10
IN_FLIGHT = 256
DRAIN_TIMEOUT = 300


def measure(environment, plan, say):
    """Starts workflows that sleep until a common time, and watches them end."""
    side = Lintel(environment, "timers")
    side.start()
    try:
        rate = _start(side, plan.timers // TRIAL_SHARE, time.time() + 3600)["startsPerSecond"]
        due = time.time() + plan.timers / rate * 1.5 + 5
        say(f"{plan.timers} timers, due in {due - time.time():.0f} s")
        definition = "timers"
        started = _start(side, plan.timers, due, definition)
        set_in_time = time.time() < due
        _wait_for_ends(side, definition, due)
        first, last, count = side.postgres.query(side.database, f"""
            SELECT extract(epoch FROM min(at)), extract(epoch FROM max(at)), count(*)
            FROM (SELECT pg_xact_commit_timestamp(xmin) AS at FROM workflows
                  WHERE definition = '{definition}' AND finished_at IS NOT NULL) AS done""")[0]
        seconds = float(last) - due
        return {"timers": plan.timers, "fired": int(count), "failedStarts": started["failed"],
                "setInTime": set_in_time, "firstAfterSeconds": float(first) - due, "drainSeconds": seconds,
                "rate": int(count) / seconds, "startsPerSecond": rate}
    finally:
        side.drop()


def _start(side, count, due, definition="timers-trial"):
    until = datetime.datetime.fromtimestamp(due, datetime.timezone.utc).isoformat(timespec="milliseconds")
    output = subprocess.run(
        side.command(definition, "--kind", "sleep", "--steps", "1", "--count", str(count), "--until",
                     until.replace("+00:00", "Z"), "--in-flight", str(IN_FLIGHT)),
        check=True, capture_output=True, text=True).stdout
    return json.loads(output)


def _wait_for_ends(side, definition, due):
    time.sleep(max(0, due - time.time()))
    until = time.time() + DRAIN_TIMEOUT
    while time.time() < until:
        left = side.postgres.query(side.database, f"""
            SELECT count(*) FROM workflows
            WHERE finished_at IS NULL AND deleted_at IS NULL AND definition = '{definition}'""")
        if left[0][0] == "0":
            return
        time.sleep(0.5)

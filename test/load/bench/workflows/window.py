"""Runs a load program and samples, at the opening and at the close of its window, what everybody has used."""

import dataclasses
import json
import math
import os
import subprocess
import time

from processes import die_with_parent


@dataclasses.dataclass
class Seconds:
    """Of a load: before its window, and of it."""

    warmup: float
    window: float


# What a program does not say of a window in which nothing finished.
NOTHING_FINISHED = {"p50Ms": math.nan, "p99Ms": math.nan}


class LoadError(Exception):
    """A load program ended without its result."""


class Sample:
    """CPU seconds by group, bytes of WAL, and transactions so far: those that wrote, exactly, and all that committed,
    up to a second late."""

    def __init__(self, groups, postgres, database):
        self.at = time.monotonic()
        self.cpu = {name: measure() for name, measure in groups.items()}
        row = postgres.query(database, """
            SELECT pg_current_wal_lsn() - '0/0', pg_snapshot_xmax(pg_current_snapshot()),
                   (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())""")[0]
        self.wal, self.writes, self.commits = (int(value) for value in row)


def run(side, command):
    """The program's result, with `cores`, and `walBytes`, `writes` and `commits` a second of its window."""
    log_path = side.log("load")
    with open(log_path, "ab") as log:
        load = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=die_with_parent,
                                env={**os.environ, "NODE_ENV": "production"})
    groups = {**side.groups(), **side.load_groups(load.pid)}
    try:
        _expect(load, "open", log_path)
        before = Sample(groups, side.postgres, side.database)
        _expect(load, "close", log_path)
        after = Sample(groups, side.postgres, side.database)
        result = json.loads(load.stdout.readline() or "{}")
        load.wait(30)
    finally:
        load.kill()
        load.wait()
        load.stdout.close()
    if not result:
        raise LoadError(f"{command[0]}: no result; see {log_path}")
    return {**NOTHING_FINISHED, **result, **_used(before, after)}


def _expect(load, line, log_path):
    said = load.stdout.readline().strip()
    if said != line:
        raise LoadError(f"{' '.join(load.args)}: '{said}' instead of '{line}'; see {log_path}")


def _used(before, after):
    seconds = after.at - before.at
    return {"cores": {name: (after.cpu[name] - before.cpu[name]) / seconds for name in after.cpu},
            "walBytes": (after.wal - before.wal) / seconds,
            "writes": (after.writes - before.writes) / seconds,
            "commits": (after.commits - before.commits) / seconds}

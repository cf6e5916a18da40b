"""Runs a load program and samples, at the opening and at the close of its window, what everybody has used."""

import dataclasses
import json
import os
import subprocess
import time

from processes import cpu_of_family, cpu_of_process


@dataclasses.dataclass
class Seconds:
    """Of a load: before its window, and of it."""

    warmup: float
    window: float


class LoadError(Exception):
    """A load program ended without its result."""


class Sample:
    """CPU seconds by group, bytes of WAL, and transactions so far."""

    def __init__(self, groups, postgres, database):
        self.at = time.monotonic()
        self.cpu = {name: measure() for name, measure in groups.items()}
        row = postgres.query(database, """
            SELECT pg_current_wal_lsn() - '0/0', pg_snapshot_xmax(pg_current_snapshot()),
                   (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())""")[0]
        self.wal, self.writes, self.commits = (int(value) for value in row)


def run(command, postgres, database, groups, log_path, is_engine_in_load=False):
    """The program's result, with `cores`, and `walBytes`, `writes` and `commits` a second of its window.

    `groups` says how to measure the CPU time of the others; the program's own goes to `load`, or to `engine` when it
    is the engine as well, that of its children always to `engine`."""
    with open(log_path, "ab") as log:
        load = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True,
                                env={**os.environ, "NODE_ENV": "production"})
    own, children = _own_groups(load.pid, is_engine_in_load, groups)
    groups = {**groups, **own, **children}
    try:
        _expect(load, "open", log_path)
        before = Sample(groups, postgres, database)
        _expect(load, "close", log_path)
        after = Sample(groups, postgres, database)
        result = json.loads(load.stdout.readline() or "{}")
        load.wait(30)
    finally:
        load.kill()
        load.wait()
        load.stdout.close()
    if not result:
        raise LoadError(f"{command[0]}: no result; see {log_path}")
    return {**result, **_used(before, after)}


def _own_groups(pid, is_engine_in_load, groups):
    if is_engine_in_load:
        return {"engine": lambda: cpu_of_family(pid)}, {}
    own = {"load": lambda: cpu_of_process(pid)}
    if "engine" in groups:
        return own, {}
    return own, {"engine": lambda: cpu_of_family(pid) - cpu_of_process(pid)}


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

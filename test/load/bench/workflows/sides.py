"""Who is measured: Lintel's workflow workers, DBOS Transact and graphile-worker, each on a database of its own in the
same cluster."""

import os

from processes import Child, answers_ok, cpu_of_family, cpu_of_process, free_port
from workflows import window

REPLICAS = 3


class Side:
    """A database, and how a load is run against it."""

    name = ""

    def __init__(self, environment, suffix):
        self.environment = environment
        self.postgres = environment.engine_postgres
        self.database = f"{self.name}_{suffix}"
        self.url = self.postgres.create_database(self.database)

    def start(self):
        """Nothing for those whose load program starts them."""

    def stop(self):
        """Of what start() has started."""

    def drop(self):
        self.stop()
        self.postgres.query("postgres", f'DROP DATABASE "{self.database}" WITH (FORCE)')

    def log(self, name):
        return os.path.join(self.environment.folder, f"{self.database}-{name}.log")

    def groups(self):
        """What to measure the CPU time of, beside the load program."""
        return {"nats": self.environment.nats.child.cpu_seconds, "postgres": self.postgres.child.cpu_seconds}

    def load_groups(self, pid):
        """The same of the load program and its children."""
        return {"load": lambda: cpu_of_process(pid)}


def milliseconds(seconds):
    return str(int(seconds * 1000))


def load_arguments(seconds, in_flight=None, rate=None):
    """Of all load programs: so many under way at a time, or so many started a second."""
    arguments = ["--warmup", milliseconds(seconds.warmup), "--duration", milliseconds(seconds.window)]
    return arguments + (["--rate", f"{rate:.3f}"] if rate else ["--in-flight", str(in_flight)])


class Lintel(Side):
    """Replicas of lintel-workflows; workflow_load is their client and does what their steps ask for."""

    name = "lintel"

    def __init__(self, environment, suffix, replicas=REPLICAS):
        super().__init__(environment, suffix)
        self.count = replicas
        self.replicas = []
        self.start_seconds = []
        self.runs = 0

    def start(self):
        for number in range(self.count):
            self.replicas.append(self.start_replica(number))

    def start_replica(self, number):
        ops_port = free_port()
        child = Child(f"lintel-workflows-{number}", [os.path.join(self.environment.bin_dir, "lintel-workflows")],
                      self.log(f"workflows-{number}"),
                      {"DATABASE_URL": self.url, "NATS_URL": self.environment.nats.url, "OPS_PORT": str(ops_port),
                       "REPLICA": f"workflows-{number}", "LOG_FORMAT": "json"})
        self.start_seconds.append(
            child.wait_until(lambda: answers_ok(f"http://127.0.0.1:{ops_port}/health/ready"), 30, "ready"))
        return child

    def stop(self):
        for child in self.replicas:
            child.stop()
        self.replicas = []

    def children(self):
        return {"workflows": self.replicas}

    def groups(self):
        return {**super().groups(), "engine": lambda: sum(child.cpu_seconds() for child in self.replicas)}

    def command(self, definition, *arguments):
        return [self.environment.tool("workflow_load"), "--nats", self.environment.nats.url,
                "--definition", definition, *arguments]

    def load(self, seconds, kind="request", steps=3, step_time=0, in_flight=None, rate=None):
        """Rate and latencies are those of the commits that finished the workflows, from when their client asked."""
        self.runs += 1
        definition = f"run-{self.runs}"
        command = self.command(definition, "--kind", kind, "--steps", str(steps), "--step-time", str(step_time),
                               *load_arguments(seconds, in_flight, rate))
        result = window.run(self, command)
        return {**result, **self.finished(definition, result["from"], result["until"])}

    def finished(self, definition, start, end):
        """What was finished between the two times, in microseconds since 1970."""
        rows = self.postgres.query(self.database, f"""
            WITH done AS MATERIALIZED (
                SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1e6 AS at,
                       (input::json ->> 'at')::bigint AS asked_at
                FROM workflows WHERE definition = '{definition}' AND finished_at IS NOT NULL
            )
            SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY at - asked_at) / 1000,
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY at - asked_at) / 1000
            FROM done WHERE at >= {start} AND at < {end}""")
        count, p50, p99 = rows[0]
        unfinished = self.postgres.query(
            self.database, f"SELECT count(*) FROM workflows WHERE definition = '{definition}' AND finished_at IS NULL")
        return {"rate": int(count) / (end - start) * 1e6, "p50Ms": float(p50 or "nan"), "p99Ms": float(p99 or "nan"),
                "unfinished": int(unfinished[0][0])}


class Dbos(Side):
    """One process, as a user's own: it starts workflows and runs them, on the library's default settings."""

    name = "dbos"

    def load(self, seconds, in_flight=None, rate=None):
        command = [self.environment.node, "--no-deprecation",
                   os.path.join(self.environment.peers_dir, "dbos-peer", "src", "main.js"),
                   "--database", self.url, *load_arguments(seconds, in_flight, rate)]
        return window.run(self, command)

    def load_groups(self, pid):
        return {"engine": lambda: cpu_of_family(pid)}


class Graphile(Side):
    """Worker processes of their own; the load program adds jobs with SQL."""

    name = "graphile"

    def load(self, seconds, in_flight=None, rate=None, workers=1, jobs=None):
        """`jobs` at once in a worker; graphile-worker's default when nothing is said."""
        command = [self.environment.node, os.path.join(self.environment.peers_dir, "graphile-peer", "src", "main.js"),
                   "--database", self.url, "--workers", str(workers), *(["--jobs", str(jobs)] if jobs else []),
                   *load_arguments(seconds, in_flight, rate)]
        return window.run(self, command)

    def load_groups(self, pid):
        return {**super().load_groups(pid), "engine": lambda: cpu_of_family(pid) - cpu_of_process(pid)}

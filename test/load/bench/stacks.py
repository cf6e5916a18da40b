"""The two stacks of the same shape: one main, three workers, a Postgres database for each side."""

import json
import os
import time
import urllib.request

from processes import Child, accepts, answers_ok, free_port

REPLICAS = 3
NEST_WORKER_IS_READY = "ready"  # the line that the NestJS worker prints


class Stack:
    """Main and workers as children. Subclasses say how one is started and when it is ready."""

    name = ""

    def __init__(self, environment, round_name):
        self.environment = environment
        self.databases = (f"{self.name}_main_{round_name}", f"{self.name}_workflows_{round_name}")
        self.main_url = environment.main_postgres.create_database(self.databases[0])
        self.workflows_url = environment.workflows_postgres.create_database(self.databases[1])
        self.http_port = free_port()
        self.main = None
        self.workers = []
        self.start_seconds = {}

    def start(self):
        # One after the other: TypeORM's migrations take no lock, so only the first worker may find an empty database.
        for number in range(REPLICAS):
            self.workers.append(self.start_worker(number))
        self.main = self.start_main()
        self.start_seconds["main"] = self.wait_for_main()

    def stop(self):
        for child in [self.main, *self.workers]:
            if child:
                child.stop()
        self.environment.main_postgres.query("postgres", f'DROP DATABASE "{self.databases[0]}" WITH (FORCE)')
        self.environment.workflows_postgres.query("postgres", f'DROP DATABASE "{self.databases[1]}" WITH (FORCE)')

    def children(self):
        return {"main": [self.main], "workers": self.workers}

    def row_counts(self):
        """Buildings and workflows that the databases hold."""
        buildings = self.environment.main_postgres.query(self.databases[0], "SELECT count(*) FROM buildings")
        workflows = self.environment.workflows_postgres.query(self.databases[1], "SELECT count(*) FROM workflows")
        return int(buildings[0][0]), int(workflows[0][0])

    def wait_until_whole(self, timeout=30):
        """Every building has its one workflow. Returns the counts; they differ when that did not come true."""
        until = time.monotonic() + timeout
        counts = self.row_counts()
        while counts[0] != counts[1] and time.monotonic() < until:
            time.sleep(0.5)
            counts = self.row_counts()
        return counts

    def building_ids(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/v1/buildings?pageSize=200",
                                    timeout=10) as response:
            return [building["id"] for building in json.load(response)["items"]]

    def log(self, name):
        return os.path.join(self.environment.folder, f"{self.name}-{name}.log")

    def start_worker(self, number):
        raise NotImplementedError

    def start_main(self):
        raise NotImplementedError

    def wait_for_main(self):
        raise NotImplementedError


class Lintel(Stack):
    name = "lintel"

    def start_worker(self, number):
        ops_port = free_port()
        child = Child(f"lintel-workflows-{number}", [os.path.join(self.environment.bin_dir, "lintel-workflows")],
                      self.log(f"workflows-{number}"),
                      {"DATABASE_URL": self.workflows_url, "NATS_URL": self.environment.nats.url,
                       "OPS_PORT": str(ops_port), "LOG_FORMAT": "json"})
        ready = child.wait_until(lambda: answers_ok(f"http://127.0.0.1:{ops_port}/health/ready"), 30, "ready")
        self.start_seconds[f"worker {number}"] = ready
        return child

    def start_main(self):
        return Child("lintel-main", [os.path.join(self.environment.bin_dir, "lintel-main")], self.log("main"),
                     {"DATABASE_URL": self.main_url, "NATS_URL": self.environment.nats.url,
                      "HTTP_PORT": str(self.http_port), "OPS_PORT": str(free_port()), "LOG_FORMAT": "json"})

    def wait_for_main(self):
        url = f"http://127.0.0.1:{self.http_port}/health/ready"
        return self.main.wait_until(lambda: answers_ok(url), 30, "ready")


class Nest(Stack):
    name = "nest"

    def start_worker(self, number):
        log = self.log(f"worker-{number}")
        seen = os.path.getsize(log) if os.path.exists(log) else 0
        child = Child(f"nest-worker-{number}", [self.environment.node, self._script("worker")], log,
                      {**self._common(), "DATABASE_URL": self.workflows_url,
                       "DATABASE_CONNECTIONS": str(self.environment.nest_worker_connections)})
        ready = child.wait_until(lambda: _has_line(log, seen, NEST_WORKER_IS_READY), 60, "ready")
        self.start_seconds[f"worker {number}"] = ready
        return child

    def start_main(self):
        return Child("nest-main", [self.environment.node, self._script("main")], self.log("main"),
                     {**self._common(), "DATABASE_URL": self.main_url, "HTTP_PORT": str(self.http_port),
                      "DATABASE_CONNECTIONS": str(self.environment.nest_main_connections)})

    def wait_for_main(self):
        return self.main.wait_until(lambda: accepts(self.http_port), 60, "listening")

    def _common(self):
        return {"NODE_ENV": "production", "NATS_URL": self.environment.nats.url}

    def _script(self, program):
        return os.path.join(self.environment.nest_dir, "dist", program, "main.js")


def _has_line(path, offset, text):
    with open(path, encoding="utf-8", errors="replace") as file:
        file.seek(offset)
        return text in file.read().splitlines()


STACKS = {stack.name: stack for stack in (Lintel, Nest)}

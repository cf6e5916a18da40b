"""Mains and workers around a NATS server and two databases: what the faults are done to."""

import itertools
import os
import re
import urllib.error
import urllib.request

from process import Failed, Process, eventually, free_port
from servers import Nats, Postgres, nats_cluster


class Servers:
    """What all cases share: making a cluster takes longer than most cases. Every case has databases of its own."""

    def __init__(self, folder, nats_config, postgres_config):
        self.nats = Nats(folder, nats_config)
        self.main_postgres = Postgres("main", folder, postgres_config)
        self.workflows_postgres = Postgres("workflows", folder, postgres_config, template=self.main_postgres)

    def all(self):
        return [self.nats, self.main_postgres, self.workflows_postgres]

    def start(self):
        for server in self.all():
            server.start()

    def heal(self):
        """Thaws what is frozen and starts what is down."""
        for server in self.all():
            server.thaw()
            if not server.is_running():
                server.start()


class Service(Process):
    """One replica of main or workflows, with its ops port."""

    def __init__(self, name, program, folder, environment):
        self.ops_port = free_port()
        self.is_retired = False
        super().__init__(name, [program], os.path.join(folder, f"{name}.log"),
                         {"REPLICA": name, "OPS_PORT": str(self.ops_port), **environment})

    def start(self, failpoints="", wait=True):
        super().start(failpoints)
        # With a failpoint it may well die before it is ready.
        if wait and not failpoints:
            self.wait_until_ready()

    def wait_until_ready(self):
        eventually(lambda: self.is_ready() or self._fail_if_ended(), 60, f"{self.name} is ready")

    def wait_until_crashed(self, seconds=30):
        """For a run with a failpoint."""
        self.wait(seconds)

    def is_ready(self):
        status, _ = self.ops("/health/ready")
        return status == 200

    def wait_until_not_ready(self, seconds=15):
        eventually(lambda: not self.is_ready(), seconds, f"{self.name} says that it is not ready")

    def ops(self, path):
        """Status and body; (0, reason) when there is no answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ops_port}{path}", timeout=5) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def metric(self, name, **labels):
        """The sum of the samples of `name` that have these labels; nothing when there is none."""
        _, text = self.ops("/metrics")
        found = None
        for match in re.finditer(rf"^{re.escape(name)}(?:{{(.*)}})? (\S+)$", text, re.MULTILINE):
            present = dict(re.findall(r'(\w+)="([^"]*)"', match[1] or ""))
            if labels.items() <= present.items():
                found = (found or 0) + float(match[2])
        return found

    def _fail_if_ended(self):
        if not self.is_running():
            raise Failed(f"{self.name} ended while it was starting; see {self.log_path}")


class Stack:
    """The processes of one case. Replicas that are gone stay known: the checker looks at all of them."""

    def __init__(self, servers, bin_dir, folder, name, case):
        self.servers = servers
        self.nats = servers.nats
        self.main_postgres = servers.main_postgres
        self.workflows_postgres = servers.workflows_postgres
        self.nats_nodes = nats_cluster(folder, servers.nats.config, case.nats_nodes)
        self.mains = []
        self.workers = []
        self.ports = []
        self.folder = folder
        self._bin_dir = bin_dir
        self._shared_port = free_port() if case.shared_port else None
        self._numbers = {"main": itertools.count(1), "workflows": itertools.count(1)}
        self._databases = {"main": f"main_{name}", "workflows": f"workflows_{name}"}
        self._urls = {"main": self.main_postgres.create_database(self._databases["main"]),
                      "workflows": self.workflows_postgres.create_database(self._databases["workflows"])}
        for node in self.nats_nodes:
            node.start()
        for _ in range(case.mains):
            self.add_main(wait=False)
        for _ in range(case.workers):
            self.add_worker(wait=False)
        for service in self.services():
            service.wait_until_ready()

    def services(self):
        return self.mains + self.workers

    def processes(self):
        return self.services() + self.nats_nodes + self.servers.all()

    def add_main(self, wait=True):
        port = self._shared_port or free_port()
        if port not in self.ports:
            self.ports.append(port)
        main = self._service("main", {"HTTP_PORT": str(port), "HTTP_REUSE_PORT": "on" if self._shared_port else "off"})
        self.mains.append(main)
        main.start(wait=wait)
        return main

    def add_worker(self, wait=True):
        worker = self._service("workflows", {})
        self.workers.append(worker)
        worker.start(wait=wait)
        return worker

    def rows_of_main(self, sql):
        return self.main_postgres.query(self._databases["main"], sql)

    def rows_of_workflows(self, sql):
        return self.workflows_postgres.query(self._databases["workflows"], sql)

    def heal(self):
        """Everything runs again, apart from replicas that were asked to stop."""
        self.servers.heal()
        for node in self.nats_nodes:
            node.thaw()
            if not node.is_running():
                node.start()
        for service in self.services():
            service.thaw()
            if not service.is_running() and not service.is_retired:
                service.start(wait=False)
        for service in self.services():
            if service.is_running():
                service.wait_until_ready()

    def retire(self, service):
        """Graceful, for good."""
        service.is_retired = True
        service.stop()

    def end(self):
        for service in self.services():
            service.thaw()
            if service.is_running():
                service.ask_to_stop()
        try:
            for service in self.services():
                service.stop()
        finally:
            for process in self.services() + self.nats_nodes:
                process.kill()

    def _service(self, kind, environment):
        name = f"{kind}-{next(self._numbers[kind])}"
        nats_url = ",".join(node.url for node in self.nats_nodes) or self.nats.url
        return Service(name, os.path.join(self._bin_dir, f"lintel-{kind}"), self.folder,
                       {"NATS_URL": nats_url, "DATABASE_URL": self._urls[kind], "LOG_REQUESTS": "errors",
                        **environment})

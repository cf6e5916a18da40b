"""Every service with the replicas that scripts/up gives it, each set on a Postgres of its own."""

import os
import re
import urllib.request

from infrastructure import Postgres
from processes import Child, answers_ok, free_port

_CALLS = re.compile(r'^rpc_server_call_duration_seconds_(sum|count)\{(.*)\} (\S+)$', re.MULTILINE)
_METHOD = re.compile(r'rpc_method="([^"]*)"')


def clusters_of(environment, services):
    """By service."""
    return {name: Postgres(f"orders-{name}", environment.folder, environment.postgres_config) for name, _ in services}


class OrdersStack:
    def __init__(self, environment, services, clusters, suffix):
        self._environment = environment
        self.postgres = clusters
        self._suffix = suffix
        self.http_port = free_port()
        self.children = {name: [] for name, _ in services}
        self._ops_ports = {}
        for name, replicas in services:
            url = self.postgres[name].create_database(f"{name}_{suffix}")
            for number in range(replicas):
                self._start(name, f"{name}-{number + 1}", url)
        for replica, (child, port) in self._ops_ports.items():
            child.wait_until(lambda port=port: answers_ok(f"http://127.0.0.1:{port}/health/ready"), 30,
                             f"ready: {replica}")

    def _start(self, name, replica, url):
        port = free_port()
        child = Child(f"lintel-{replica}", [os.path.join(self._environment.bin_dir, f"lintel-{name}")],
                      os.path.join(self._environment.folder, f"orders-{self._suffix}-{replica}.log"),
                      {"DATABASE_URL": url, "NATS_URL": self._environment.nats.url, "OPS_PORT": str(port),
                       "HTTP_PORT": str(self.http_port), "REPLICA": replica, "LOG_FORMAT": "json"})
        self.children[name].append(child)
        self._ops_ports[replica] = (child, port)

    def stop(self):
        for children in self.children.values():
            for child in children:
                child.stop()

    def cpu(self):
        """CPU seconds so far, by service, of all Postgres together, and of NATS."""
        used = {name: sum(child.cpu_seconds() for child in children) for name, children in self.children.items()}
        used["postgres"] = sum(postgres.child.cpu_seconds() for postgres in self.postgres.values())
        used["nats"] = self._environment.nats.child.cpu_seconds()
        return used

    def calls(self):
        """Subject -> (calls answered so far, seconds they took), over all replicas."""
        found = {}
        for _, port in self._ops_ports.values():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as response:
                text = response.read().decode()
            for kind, labels, value in _CALLS.findall(text):
                method = _METHOD.search(labels)[1]
                count, seconds = found.get(method, (0, 0.0))
                found[method] = (count + float(value), seconds) if kind == "count" else (count, seconds + float(value))
        return found

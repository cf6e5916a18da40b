"""A NATS server and Postgres clusters, configured as scripts/up configures them, on ports that stay the same."""

import glob
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import urllib.request

from process import Failed, Process, eventually, free_port


class Nats(Process):
    def __init__(self, folder, config, name="nats", arguments=()):
        self.port = free_port()
        self.config = config
        program = shutil.which("nats-server") or "/usr/sbin/nats-server"
        super().__init__(name, [program, "--config", config, "--addr", "127.0.0.1", "--port", str(self.port),
                                *arguments], os.path.join(folder, f"{name}.log"))

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def start(self, failpoints=""):
        super().start(failpoints)
        eventually(self.accepts, 10, "NATS listens")

    def accepts(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class NatsNode(Nats):
    """A member of a cluster, and who is connected to it."""

    def __init__(self, folder, config, name, route, other_routes):
        self._monitor_port = free_port()
        super().__init__(folder, config, name,
                         ["--cluster_name", "chaos", "--cluster", route, "--routes", ",".join(other_routes),
                          "--http_port", str(self._monitor_port)])

    def clients(self):
        """The names of its connections, SERVICE/REPLICA; none while it is dead or frozen."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._monitor_port}/connz", timeout=1) as answer:
                return [connection.get("name") for connection in json.load(answer)["connections"]]
        except (OSError, ValueError):
            return []


def nats_cluster(folder, config, size):
    routes = [f"nats://127.0.0.1:{free_port()}" for _ in range(size)]
    return [NatsNode(folder, config, f"nats-{number}", route, [other for other in routes if other != route])
            for number, route in enumerate(routes, 1)]


class Postgres(Process):
    """One cluster. Postgres refuses to run as root, so root runs it as the user postgres."""

    def __init__(self, name, folder, config, template=None):
        """`template` is a cluster that has not been started yet; copying it is faster than making another."""
        self.port = free_port()
        self.bin = _postgres_bin()
        self.data = os.path.join(folder, f"postgres-{name}")
        super().__init__(f"postgres-{name}", [os.path.join(self.bin, "postgres"), "-D", self.data],
                         os.path.join(folder, f"postgres-{name}.log"),
                         user="postgres" if os.getuid() == 0 else None)
        if template:
            subprocess.run(["cp", "--archive", template.data, self.data], check=True)
        else:
            self._create()
        self._configure(config)

    def url(self, database):
        return f"postgresql://lintel@127.0.0.1:{self.port}/{database}"

    def start(self, failpoints=""):
        super().start(failpoints)
        eventually(self.is_ready, 60, f"{self.name} is ready")

    def is_ready(self):
        if not self.is_running():
            raise Failed(f"{self.name} did not start; see {self.log_path}")
        return subprocess.run([os.path.join(self.bin, "pg_isready"), "-q", "-d", self.url("postgres")],
                              check=False).returncode == 0

    def query(self, database, sql):
        """The rows of one statement, each a list of strings."""
        result = subprocess.run(
            [os.path.join(self.bin, "psql"), "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database),
             "-c", sql], check=False, capture_output=True, text=True,
            env={**os.environ, "PGOPTIONS": "-c default_transaction_read_only=off"})
        if result.returncode != 0:
            raise Failed(f"{self.name}: {result.stderr.strip()}")
        return [line.split("\t") for line in result.stdout.splitlines()]

    def configure(self, name, value):
        """For all sessions, also those that are there."""
        self.query("postgres", f"ALTER SYSTEM SET {name} = '{value}'")
        self.query("postgres", "SELECT pg_reload_conf()")

    def create_database(self, name):
        self.query("postgres", f'CREATE DATABASE "{name}"')
        return self.url(name)

    def stop(self, seconds=40, how=signal.SIGINT):
        """SIGINT is Postgres's fast shutdown; on SIGTERM it would wait for its clients to leave."""
        super().stop(seconds, how)

    def _create(self):
        os.mkdir(self.data, 0o700)
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.data, account.pw_uid, account.pw_gid)
        result = subprocess.run(
            [os.path.join(self.bin, "initdb"), "--auth=trust", "--username=lintel", "--encoding=UTF8",
             "--locale=C.UTF-8", "--no-sync", self.data], user=self.user, cwd="/", check=False,
            capture_output=True, text=True)
        if result.returncode != 0:
            raise Failed(f"initdb failed: {result.stderr}")

    def _configure(self, config):
        with open(config, encoding="utf-8") as file:
            settings = file.read()
        with open(os.path.join(self.data, "postgresql.conf"), "w", encoding="utf-8") as file:
            # Processes die here, the machine does not: what was written stays written, and waiting for the disk would
            # prove nothing but cost most of the time.
            file.write(f"{settings}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                       f"port = {self.port}\nfsync = off\n")


def _postgres_bin():
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    if not folders:
        raise Failed("no Postgres server is installed under /usr/lib/postgresql (package postgresql-15)")
    return max(folders, key=lambda folder: int(folder.split("/")[-2]))

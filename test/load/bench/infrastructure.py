"""A NATS server and Postgres clusters of the benchmark's own, the same for everyone who is measured."""

import os
import pwd
import signal
import subprocess

from processes import Child, accepts, free_port

# Behind the given settings, so it wins. Nobody reaches the clusters but over loopback.
POSTGRES_CONFIG = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
shared_preload_libraries = 'pg_stat_statements'
"""
# The heartbeat of a workflow worker.
IS_RENEWAL = "query LIKE '%UPDATE sessions SET expires_at%'"


class Nats:
    def __init__(self, folder, config):
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self.child = Child("nats-server", [_find("nats-server", ["/usr/sbin"]), "--config", config,
                                           "--addr", "127.0.0.1", "--port", str(self.port)],
                           os.path.join(folder, "nats.log"))
        self.child.wait_until(lambda: accepts(self.port), 10, "listening")

    def stop(self):
        self.child.stop()


class Postgres:
    """One cluster. Postgres refuses to run as root, so root runs it as the user postgres."""

    def __init__(self, name, folder, config, more_settings=""):
        self.name = name
        self.port = free_port()
        self.bin = _postgres_bin()
        self.user = "postgres" if os.getuid() == 0 else None
        self.data = os.path.join(folder, f"postgres-{name}")
        self.log_path = os.path.join(folder, f"postgres-{name}.log")
        os.mkdir(self.data, 0o700)
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.data, account.pw_uid, account.pw_gid)
        self._run("initdb", "--auth=trust", "--username=lintel", "--encoding=UTF8", "--locale=C.UTF-8", self.data)
        with open(config, encoding="utf-8") as file:
            settings = file.read() + POSTGRES_CONFIG.format(port=self.port) + more_settings
        with open(os.path.join(self.data, "postgresql.conf"), "w", encoding="utf-8") as file:
            file.write(settings)
        self.child = Child(f"postgres-{name}", [os.path.join(self.bin, "postgres"), "-D", self.data],
                           self.log_path, user=self.user)
        self.child.wait_until(self._is_ready, 30, "ready")
        self.query("postgres", "CREATE EXTENSION pg_stat_statements")
        # Off while throughput is measured; the idle figure switches it on for itself.
        self.set("pg_stat_statements.track", "none")

    def url(self, database):
        return f"postgresql://lintel@127.0.0.1:{self.port}/{database}"

    def create_database(self, name):
        self.query("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.query("postgres", f'CREATE DATABASE "{name}"')
        return self.url(name)

    def query(self, database, sql):
        """The rows of one statement, each a list of strings."""
        result = subprocess.run(
            ["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", sql],
            check=True, capture_output=True, text=True)
        return [line.split("\t") for line in result.stdout.splitlines()]

    def set(self, name, value):
        self.query("postgres", f"ALTER SYSTEM SET {name} = '{value}'")
        self.query("postgres", "SELECT pg_reload_conf()")

    def statements(self, database):
        """Those that renewed a worker's lease, which DESIGN.md counts separately, and all others."""
        row = self.query("postgres", f"""
            SELECT coalesce(sum(calls) FILTER (WHERE {IS_RENEWAL}), 0),
                   coalesce(sum(calls) FILTER (WHERE NOT {IS_RENEWAL}), 0)
            FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid WHERE datname = '{database}'""")[0]
        return [int(value) for value in row]

    def stop(self):
        # SIGQUIT: the data is thrown away, so there is nothing to write back.
        self.child.stop(signal.SIGQUIT)

    def _is_ready(self):
        return subprocess.run([os.path.join(self.bin, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                              check=False).returncode == 0

    def _run(self, program, *arguments):
        subprocess.run([os.path.join(self.bin, program), *arguments], check=True, user=self.user, cwd="/",
                       stdout=subprocess.DEVNULL)


def _find(program, folders):
    for folder in folders + os.environ["PATH"].split(":"):
        path = os.path.join(folder, program)
        if os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(f"{program} is not installed")


def _postgres_bin():
    for version in ("17", "16", "15"):
        folder = f"/usr/lib/postgresql/{version}/bin"
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError("no Postgres under /usr/lib/postgresql")

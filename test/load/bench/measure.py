"""One measurement each: HTTP load, rest and idle, raw NATS, raw Postgres, the framework's echo."""

import json
import os
import re
import subprocess
import time

from processes import Child


def http_load(environment, stack, connections, create, warmup, duration, tag):
    """Runs http_load against a stack; adds what the processes used in the same time."""
    command = [environment.tool("http_load"), "--port", str(stack.http_port), "--connections", str(connections),
               "--warmup", str(int(warmup * 1000)), "--duration", str(int(duration * 1000)), "--name", tag]
    if create:
        command += ["--create", "/v1/buildings"]
    else:
        ids = os.path.join(environment.folder, "ids")
        with open(ids, "w", encoding="ascii") as file:
            file.writelines(f"{building}\n" for building in stack.building_ids())
        command += ["--get", "/v1/buildings/", "--ids", ids]
    groups = {**stack.children(), "nats": [environment.nats.child],
              "postgres main": [environment.main_postgres.child],
              "postgres workflows": [environment.workflows_postgres.child]}
    load = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    time.sleep(warmup)
    before, started = _cpu(groups), time.monotonic()
    output, _ = load.communicate(timeout=warmup + duration + 60)
    seconds, after = time.monotonic() - started, _cpu(groups)
    if load.returncode != 0:
        raise RuntimeError(f"http_load failed: {' '.join(command)}")
    result = json.loads(output)
    result["cores"] = {name: (after[name] - before[name]) / seconds for name in groups}
    result["cores"]["load"] = result["cpuSeconds"] / (warmup + duration)
    result["memoryMb"] = memory(stack)
    return result


def _cpu(groups):
    return {name: sum(child.cpu_seconds() for child in children) for name, children in groups.items()}


def memory(stack):
    """The largest process of each kind: RSS and PSS in MB."""
    sizes = {}
    for kind, children in stack.children().items():
        each = [child.memory_mb() for child in children]
        sizes[kind] = {key: max(size[key] for size in each) for key in ("rss", "pss")}
    return sizes


def idle_statements(environment, stack, seconds):
    """Database statements a second and process while nobody asks for anything, renewals of a lease aside."""
    sides = {"main": (environment.main_postgres, stack.databases[0], 1),
             "workers": (environment.workflows_postgres, stack.databases[1], len(stack.workers))}
    for postgres, _, _ in sides.values():
        postgres.set("pg_stat_statements.track", "all")
    time.sleep(1)
    before = {kind: postgres.statements(database)[1] for kind, (postgres, database, _) in sides.items()}
    time.sleep(seconds)
    rates = {kind: (postgres.statements(database)[1] - before[kind]) / seconds / processes
             for kind, (postgres, database, processes) in sides.items()}
    for postgres, _, _ in sides.values():
        postgres.set("pg_stat_statements.track", "none")
    return rates


NATS_WARMUP = 0.5


def raw_nats(environment, mode, flush, concurrency, seconds):
    """Request-reply of raw nats.c: one echo process, one client process."""
    setting = {"RAW_ECHO_FLUSH": flush}
    program = environment.tool("raw_echo")
    server = _echo_server(environment, [program, "serve", environment.nats.url], setting)
    try:
        return json.loads(_output([program, mode, environment.nats.url, str(concurrency), str(int(NATS_WARMUP * 1000)),
                                   str(int(seconds * 1000))], {**os.environ, **setting}))
    finally:
        server.stop()


def framework_nats(environment, concurrency, seconds):
    """The same with libs/messaging on both sides, its headers, limits and metrics included."""
    program = environment.tool("messaging-echo")
    server = _echo_server(environment, [program, "server", environment.nats.url])
    try:
        line = _output([program, "client", environment.nats.url, str(concurrency), str(int(seconds + NATS_WARMUP))])
    finally:
        server.stop()
    rate, p50, p99, failed = re.search(
        r"([\d.]+) requests/s, p50 +([\d.]+) us, p99 +([\d.]+) us, failed (\d+)", line).groups()
    return {"rate": float(rate), "p50Ms": float(p50) / 1000, "p99Ms": float(p99) / 1000, "errors": int(failed)}


def _echo_server(environment, command, setting=None):
    server = Child("echo server", command, os.path.join(environment.folder, "echo.log"), setting)
    time.sleep(0.3)
    return server


def _output(command, environment=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


INSERT = """\\set n random(1, 1000000000)
INSERT INTO raw_insert (id, name, kind, created_at) VALUES (gen_random_uuid(), 'a building ' || :n, 'office', now());
"""


def raw_inserts(environment, clients, duration):
    """Single-row inserts of pgbench, prepared, each its own transaction."""
    postgres = environment.main_postgres
    url = postgres.create_database("raw")
    postgres.query("raw", "CREATE TABLE raw_insert (id uuid PRIMARY KEY, name text, kind text, created_at timestamptz)")
    script = os.path.join(environment.folder, "insert.sql")
    with open(script, "w", encoding="ascii") as file:
        file.write(INSERT)
    output = subprocess.run(
        [os.path.join(postgres.bin, "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2)),
         "-T", str(max(1, int(duration))), "-f", script, url],
        check=True, capture_output=True, text=True).stdout
    postgres.query("postgres", 'DROP DATABASE "raw" WITH (FORCE)')
    return {"rate": float(re.search(r"tps = ([\d.]+)", output)[1]),
            "meanMs": float(re.search(r"latency average = ([\d.]+) ms", output)[1])}

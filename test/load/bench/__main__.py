"""Measures Lintel side by side with others, and the limits of the machine. Started by scripts/bench."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time

import orders.plan
import orders.report
import plan
import report
import workflows.plan
import workflows.summary
from infrastructure import Nats, Postgres
from processes import StartError
from workflows.window import LoadError

PARTS = ("requests", "workflows", "orders")
# For the cluster of the workflow engines: latencies are taken from the times of commits.
ENGINE_SETTINGS = "track_commit_timestamp = on\n"


class Environment:
    """Everything that is the same for all who are measured."""

    def __init__(self, options, folder):
        self.folder = folder
        self.bin_dir = os.path.abspath(options.bin_dir)
        self.tools_dir = os.path.abspath(options.tools_dir)
        self.node = options.node
        self.peers_dir = os.path.abspath(options.peers_dir)
        self.nest_dir = os.path.join(self.peers_dir, "nest-peer")
        self.nest_main_connections = options.nest_main_connections
        self.nest_worker_connections = options.nest_worker_connections
        self.nats_config = os.path.abspath(options.nats_config)
        self.postgres_config = os.path.abspath(options.postgres_config)
        self.nats = None
        self.main_postgres = None
        self.workflows_postgres = None
        self.engine_postgres = None

    def start(self, parts):
        self.nats = Nats(self.folder, self.nats_config)
        if "requests" in parts:
            self.main_postgres = Postgres("main", self.folder, self.postgres_config)
            self.workflows_postgres = Postgres("workflows", self.folder, self.postgres_config)
        if "workflows" in parts:
            self.engine_postgres = Postgres("engine", self.folder, self.postgres_config, ENGINE_SETTINGS)

    def clusters(self):
        return [cluster for cluster in (self.main_postgres, self.workflows_postgres, self.engine_postgres) if cluster]

    def stop(self):
        for part in [self.nats, *self.clusters()]:
            if part:
                part.stop()

    def tool(self, name):
        return os.path.join(self.tools_dir, name)

    def checkpoint(self):
        """So that no run pays for the dirty pages of the one before."""
        for postgres in self.clusters():
            postgres.query("postgres", "CHECKPOINT")


def parse_options():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help="requests, workflows, orders; all when none is named")
    parser.add_argument("--quick", action="store_true", help="a quarter of the time or less")
    parser.add_argument("--only", choices=["lintel", "nest", "raw"], help="of requests: leave the others out")
    parser.add_argument("--measure", action="append", choices=list(workflows.plan.MEASUREMENTS),
                        help="of workflows: leave the others out")
    parser.add_argument("--bin-dir", required=True)
    parser.add_argument("--tools-dir", required=True)
    parser.add_argument("--nats-config", required=True)
    parser.add_argument("--postgres-config", required=True, help="settings of all clusters")
    parser.add_argument("--service", action="append", default=[], type=service_of, metavar="NAME:REPLICAS",
                        help="of orders; every one there is")
    parser.add_argument("--peers-dir", required=True)
    parser.add_argument("--node", default="node")
    parser.add_argument("--nest-main-connections", type=int, default=10)
    parser.add_argument("--nest-worker-connections", type=int, default=10)
    parser.add_argument("--output", required=True, help="folder for the JSON report")
    options = parser.parse_args()
    options.parts = options.parts or list(PARTS)
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"there is no part '{part}', only {', '.join(PARTS)}")
    return options


def service_of(text):
    name, _, replicas = text.partition(":")
    return name, int(replicas)


def conditions(options, times):
    def output(*command):
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    return {
        "machine": f"{os.cpu_count()} cores, {model}, Linux {platform.release()}",
        "other load": f"load average {os.getloadavg()[0]:.1f} at the start",
        "shared by": "who is measured, one after the other; load generator, NATS and Postgres on the same cores",
        "versions": f"Postgres {output('psql', '--version').split()[2]}, node {output(options.node, '--version')}, "
                    f"{_nats_version()}",
        "postgres": "clusters with the settings of scripts/up; fsync, full_page_writes, synchronous_commit on",
        "shape": "one main, three workers; every production feature on; without a main for workflows; for orders every "
                 "service with the replicas of scripts/up",
        "times": "; ".join(_times(options, times)),
    }


def _times(options, times):
    engine = workflows.plan.QUICK if options.quick else workflows.plan.FULL
    shop = orders.plan.QUICK if options.quick else orders.plan.FULL
    for part, rounds, warmup, window in (("requests", times.rounds, times.warmup, times.window),
                                         ("workflows", engine.rounds, engine.run.warmup, engine.run.window),
                                         ("orders", 1, shop.warmup, shop.window)):
        if part in options.parts:
            yield f"{part}: {rounds} rounds, {warmup:g} s warm-up, {window:g} s window"


def _nats_version():
    path = shutil.which("nats-server") or "/usr/sbin/nats-server"
    return subprocess.run([path, "--version"], check=True, capture_output=True, text=True).stdout.strip()


def run(environment, options, times):
    started = time.monotonic()

    def say(text):
        print(f"[{time.monotonic() - started:4.0f} s] {text}", file=sys.stderr, flush=True)

    results = {"conditions": conditions(options, times), "stacks": []}
    if "requests" in options.parts:
        names = [options.only] if options.only in ("lintel", "nest") else ["lintel", "nest"]
        if options.only in (None, "raw"):
            results["raw"] = plan.run_raw(environment, times, say)
        results["stacks"] = [] if options.only == "raw" else plan.run_stacks(environment, names, times, say)
    if "workflows" in options.parts:
        engine_plan = workflows.plan.QUICK if options.quick else workflows.plan.FULL
        results["workflows"] = workflows.plan.run(environment, engine_plan, options.measure, say)
    if "orders" in options.parts:
        times = orders.plan.QUICK if options.quick else orders.plan.FULL
        results["orders"] = orders.plan.run(environment, options.service, times, say)
    return results


def measured(options, times, folder):
    """The results, or nothing when something did not run; then the folder with the logs stays."""
    environment = Environment(options, folder)
    try:
        environment.start(options.parts)
        results = run(environment, options, times)
    except (StartError, LoadError, subprocess.CalledProcessError) as error:
        print(f"bench: {error} {getattr(error, 'stderr', None) or ''}\nbench: logs are in {folder}", file=sys.stderr)
        return None
    finally:
        environment.stop()
    shutil.rmtree(folder, ignore_errors=True)
    return results


def main():
    options = parse_options()
    times = plan.QUICK if options.quick else plan.FULL
    folder = tempfile.mkdtemp(prefix="lintel-bench-")
    os.chmod(folder, 0o755)  # Postgres may run as another user
    results = measured(options, times, folder)
    if results is None:
        return 1
    summary = report.summarize(results)
    engine = workflows.summary.summarize(results.get("workflows", {}))
    os.makedirs(options.output, exist_ok=True)
    path = os.path.join(options.output, time.strftime("bench-%Y%m%d-%H%M%S.json"))
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**results, "summary": {**summary, "workflows": engine}}, file, indent=2)
    print(report.render(results, summary, engine))
    print(f"\nfull report: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

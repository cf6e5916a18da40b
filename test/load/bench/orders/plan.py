"""Orders a second until they are confirmed, and what each hop of them costs."""

import dataclasses
import json
import os
import subprocess
import sys

from orders.stack import OrdersStack, clusters_of
from processes import die_with_parent
from workflows.window import LoadError

CLIENTS = (1, 16, 64)


@dataclasses.dataclass
class Times:
    """Seconds."""

    warmup: float
    window: float


QUICK = Times(warmup=2, window=5)
FULL = Times(warmup=5, window=20)


def run(environment, services, times, say):
    clusters = clusters_of(environment, services)
    try:
        return {clients: run_fresh(environment, services, clusters, clients, times, say) for clients in CLIENTS}
    finally:
        for postgres in clusters.values():
            postgres.stop()


def run_fresh(environment, services, clusters, clients, times, say):
    """On databases of its own: what is waiting to be picked must not weigh on the next."""
    say(f"orders: {clients} clients")
    stack = OrdersStack(environment, services, clusters, clients)
    try:
        return measure(environment, stack, clients, times)
    finally:
        stack.stop()


def measure(environment, stack, clients, times):
    command = [sys.executable, "-B", os.path.join(os.path.dirname(__file__), "clients.py"), "--port",
               str(stack.http_port), "--clients", str(clients), "--warmup", str(times.warmup), "--window",
               str(times.window)]
    with open(os.path.join(environment.folder, f"orders-clients-{clients}.log"), "ab") as log:
        load = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=die_with_parent)
    try:
        _expect(load, "open")
        before = stack.cpu(), stack.calls()
        _expect(load, "close")
        after = stack.cpu(), stack.calls()
        result = json.loads(load.stdout.readline() or "{}")
        load.wait(60)
    finally:
        load.kill()
        load.wait()
        load.stdout.close()
    if not result:
        raise LoadError(f"the clients of orders ended without a result; see their log in {environment.folder}")
    result["cores"] = {name: (after[0][name] - before[0][name]) / times.window for name in after[0]}
    result["hops"] = hops(before[1], after[1], max(1, result["orders"]))
    return result


def hops(before, after, orders):
    """Of each subject: calls an order, and milliseconds a call as its service took them."""
    found = {}
    for subject, (count, seconds) in after.items():
        calls, took = count - before.get(subject, (0, 0))[0], seconds - before.get(subject, (0, 0))[1]
        if calls > 0:
            found[subject] = {"calls": calls / orders, "ms": 1000 * took / calls}
    return found


def _expect(load, word):
    line = load.stdout.readline().strip()
    if line != word:
        raise LoadError(f"the clients of orders said '{line}' instead of '{word}'; see their log")

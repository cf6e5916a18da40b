"""What is measured, in which order, for how long."""

import dataclasses
import time

import measure
from stacks import STACKS

CREATE_CONNECTIONS = (1, 64, 256)
GET_CONNECTIONS = 64
ECHO_CONCURRENCY = (1, 64, 256)


@dataclasses.dataclass
class Times:
    """Seconds."""

    rounds: int
    settle: float  # unmeasured load on a fresh stack: JIT, pools, caches
    warmup: float
    window: float
    raw_rounds: int
    raw_window: float
    idle: float


QUICK = Times(rounds=2, settle=2, warmup=1, window=4, raw_rounds=1, raw_window=2, idle=5)
FULL = Times(rounds=3, settle=5, warmup=2, window=10, raw_rounds=2, raw_window=5, idle=10)


def run_raw(environment, times, say):
    """The limits of this machine, before any stack runs, and what libs/messaging makes of NATS."""
    results = {"nats": [], "postgres": []}
    for concurrency in ECHO_CONCURRENCY:
        for number in range(times.raw_rounds):
            say(f"NATS request-reply, {concurrency} in flight, round {number + 1}")
            results["nats"] += _echo_round(environment, concurrency, times.raw_window)
    for clients in (1, 64):
        say(f"pgbench single-row inserts, {clients} clients")
        results["postgres"].append({"clients": clients, **measure.raw_inserts(environment, clients, times.raw_window)})
    return results


def _echo_round(environment, concurrency, seconds):
    runs = [(kind, measure.raw_nats(environment, *kind.split(", "), concurrency, seconds))
            for kind in ("sync, asap", "async, asap", "async, timer")]
    runs.append(("framework", measure.framework_nats(environment, concurrency, seconds)))
    return [{"kind": kind, "concurrency": concurrency, **result} for kind, result in runs]


def run_round(environment, stack_name, round_number, times, say):
    """One stack from start to stop."""
    stack = STACKS[stack_name](environment, str(round_number))
    result = {"stack": stack_name, "round": round_number, "create": {}, "get": {}}
    try:
        say(f"round {round_number}: {stack_name}: start")
        stack.start()
        result["startSeconds"] = stack.start_seconds
        if round_number == 1:
            time.sleep(2)
            result["restMemoryMb"] = measure.memory(stack)
            result["idleStatements"] = measure.idle_statements(environment, stack, times.idle)
        tag = f"{stack_name} {round_number}"
        measure.http_load(environment, stack, 64, True, 0, times.settle, tag + " settle")
        for connections in CREATE_CONNECTIONS:
            say(f"round {round_number}: {stack_name}: create, {connections} connections")
            environment.checkpoint()
            result["create"][connections] = measure.http_load(
                environment, stack, connections, True, times.warmup, times.window, f"{tag} {connections}")
        say(f"round {round_number}: {stack_name}: get, {GET_CONNECTIONS} connections")
        result["get"][GET_CONNECTIONS] = measure.http_load(
            environment, stack, GET_CONNECTIONS, False, times.warmup, times.window, tag)
        buildings, workflows = stack.wait_until_whole()
        result["rows"] = {"buildings": buildings, "workflows": workflows}
    finally:
        stack.stop()
    return result


def run_stacks(environment, names, times, say):
    """A B A B: what the machine does over time hits everyone alike."""
    return [run_round(environment, name, number, times, say)
            for number in range(1, times.rounds + 1) for name in names]

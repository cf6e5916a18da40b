"""Throughput, latency and cost of Lintel, DBOS Transact and graphile-worker, in alternation."""

from workflows.sides import Dbos, Graphile, Lintel

# Workflows under way at a time, for the highest throughput: each has what suits it best counted.
LINTEL_IN_FLIGHT = (64, 256)
DBOS_IN_FLIGHT = (32, 64)
GRAPHILE_IN_FLIGHT = (64, 256)
# Beside its default, one process that does one job at a time.
GRAPHILE_MORE = {"workers": 3, "jobs": 10}


def measure(environment, plan, say):
    """One entry for each side, kind of work and round: `peak` by workflows under way, `one` at a time, `half` of the
    peak's rate."""
    runs = []
    for number in range(1, plan.rounds + 1):
        runs += _lintel(environment, plan, number, say)
        runs.append(_dbos(environment, plan, number, say))
        runs += _graphile(environment, plan, number, say)
    return runs


def _lintel(environment, plan, number, say):
    side = Lintel(environment, f"compare_{number}")
    side.start()
    try:
        side.load(plan.settle, in_flight=64)
        return [_entry(environment, side, plan, number, "3 steps", LINTEL_IN_FLIGHT, {"steps": 3}, say),
                _entry(environment, side, plan, number, "1 step", LINTEL_IN_FLIGHT, {"steps": 1}, say),
                _peaks(environment, side, plan, number, "1 step, emit", LINTEL_IN_FLIGHT[-1:],
                       {"steps": 1, "kind": "emit"}, say)]
    finally:
        side.drop()


def _dbos(environment, plan, number, say):
    side = Dbos(environment, f"compare_{number}")
    try:
        side.load(plan.settle, in_flight=64)
        return _entry(environment, side, plan, number, "3 steps", DBOS_IN_FLIGHT, {}, say)
    finally:
        side.drop()


def _graphile(environment, plan, number, say):
    side = Graphile(environment, f"compare_{number}")
    try:
        side.load(plan.settle, in_flight=64)
        return [_entry(environment, side, plan, number, "1 step", GRAPHILE_IN_FLIGHT, {}, say),
                _peaks(environment, side, plan, number, "1 step, 3 x 10 jobs", GRAPHILE_IN_FLIGHT[:1], GRAPHILE_MORE,
                       say)]
    finally:
        side.drop()


def _peaks(environment, side, plan, number, work, in_flight, shape, say):
    entry = {"side": side.name, "round": number, "work": work, "peak": {}}
    for count in in_flight:
        say(f"round {number}: {side.name}: {work}, {count} under way")
        environment.checkpoint()
        entry["peak"][count] = side.load(plan.run, in_flight=count, **shape)
    return entry


def _entry(environment, side, plan, number, work, in_flight, shape, say):
    entry = _peaks(environment, side, plan, number, work, in_flight, shape, say)
    say(f"round {number}: {side.name}: {work}, one at a time, then half of the peak")
    environment.checkpoint()
    entry["one"] = side.load(plan.run, in_flight=1, **shape)
    half = max(run["rate"] for run in entry["peak"].values()) / 2
    entry["half"] = side.load(plan.run, rate=max(half, 1), **shape)
    return entry

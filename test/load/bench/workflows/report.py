"""The tables of the workflow measurements, and their goals."""

import math

from workflows.summary import unsteady

CORES = ("engine", "nats", "postgres", "load")
HEAD = (f"{'workflows':<36}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}{'WAL kB':>8}{'writes':>8}{'commits':>9}"
        f"{'CPU ms':>8}  cores used: {' | '.join(CORES)}")


def render(summary):
    """Lines; WAL, writing transactions, commits and CPU are those of one workflow."""
    lines = []
    for name, table in (("compare", _compare), ("scaling", _scaling), ("filled", _filled)):
        if name in summary:
            lines += [HEAD, "-" * len(HEAD), *table(summary[name]), ""]
    for name, told in (("timers", _timers), ("recovery", _recovery), ("rest", _rest)):
        if name in summary:
            lines.append(told(summary[name]))
    return lines + [""] if lines else []


def _line(title, run):
    cores = " | ".join(f"{run['cores'].get(key, 0):.2f}" for key in CORES)
    cores_used = sum(value for key, value in run["cores"].items() if key != "load")
    cost = 1000 * cores_used / run["rate"] if run["rate"] else math.nan
    rounds = "/".join(f"{rate:.0f}" for rate in run["rates"])
    return (f"{title:<36}{run['rate']:>9.1f}{run['p50Ms']:>9.2f}{run['p99Ms']:>9.2f}{run['walBytes'] / 1000:>8.2f}"
            f"{run['writes']:>8.2f}{run['commits']:>9.2f}{cost:>8.2f}  {cores}   rounds: {rounds}")


def _compare(table):
    lines = []
    for title, loads in table.items():
        for count, run in loads["peaks"].items():
            lines.append(_line(f"{title} @ {count}", run))
        if "one" in loads:
            lines += [_line(f"{title} @ 1", loads["one"]), _line(f"{title}, half of the peak", loads["half"])]
    return lines


def _scaling(table):
    return [_line(f"{count} replica{'s' if count > 1 else ''}, steps of 50 ms", run) for count, run in table.items()]


def _filled(result):
    lines = [f"filled tables: {', '.join(f'{rows} rows of {name}' for name, rows in result['rows'].items())}"]
    for name, runs in result["tables"].items():
        lines += [_line(f"{name} tables @ 256", runs["peak"]), _line(f"{name} tables @ 1", runs["one"]),
                  f"{name} tables: a claiming statement takes {runs['claimMs']:.2f} ms "
                  f"({runs['claims']} of them claimed {runs['claimed']} steps)"]
    return lines


def _timers(result):
    return (f"timers: {result['fired']} of {result['timers']}, due together, had fired {result['drainSeconds']:.1f} s "
            f"later ({result['rate']:.0f}/s), the first after {1000 * result['firstAfterSeconds']:.0f} ms")


def _recovery(result):
    if "p99" not in result:
        return f"recovery: {result['kills']} kills, no step was held"
    return (f"recovery: {result['kills']} kills, {result['held']} steps held; seconds until each was asked for again: "
            f"p50 {result['p50']:.2f}, p99 {result['p99']:.2f}, max {result['max']:.2f}")


def _rest(result):
    return (f"a replica at rest: RSS {result['memoryMb']['rss']:.1f} MB (PSS {result['memoryMb']['pss']:.1f}), ready "
            f"after {max(result['startSeconds']):.2f} s at most, {result['statements']:.2f} statements a second beside "
            f"{result['renewals']:.2f} renewals of its lease")


def goals(summary):
    """Rows (title, wanted, measured, met) for whatever has been measured."""
    rows = []
    if "compare" in summary:
        rows += _compared(summary["compare"])
    if "p99" in summary.get("recovery", {}):
        slow = summary["recovery"]["p99"]
        rows.append(("recovery after kill -9 of a worker, p99, s", "<= 5", f"{slow:.2f}", slow <= 5))
    if "rest" in summary:
        rest = summary["rest"]
        memory, start = rest["memoryMb"]["rss"], sorted(rest["startSeconds"])[len(rest["startSeconds"]) // 2]
        rows += [("a workflow worker: memory at rest (RSS), MB", "<= 25", f"{memory:.1f}", memory <= 25),
                 ("a workflow worker: start to ready (median), s", "<= 0.3", f"{start:.2f}", start <= 0.3),
                 ("a workflow worker: idle statements per second beside the lease", "<= 1",
                  f"{rest['statements']:.2f}", rest["statements"] <= 1)]
    return rows


def _compared(table):
    def ratio(ours, peer):
        return table[ours]["peak"]["rate"] / table[peer]["peak"]["rate"]

    three, single = ratio("lintel: 3 steps", "dbos: 3 steps"), ratio("lintel: 1 step", "graphile: 1 step")
    return [("3-step workflows/s, times DBOS Transact's", ">= 8", f"{three:.1f}", three >= 8),
            ("single-step jobs/s, times graphile-worker's (default)", ">= 3", f"{single:.1f}", single >= 3)]


def doubts(summary):
    """What a reader must know before believing the tables."""
    lines = []
    for title, run in _runs(summary):
        if run["failed"] or not run["allEnded"]:
            lines.append(f"DOUBT: {title}: {run['failed']} failed or unfinished"
                         + ("" if run["allEnded"] else ", not all ended in time"))
        if unsteady(run):
            lines.append(f"DOUBT: {title}: the rounds differ ({run['rates']}); something else used the machine")
    timers, recovery = summary.get("timers"), summary.get("recovery")
    if timers and (timers["fired"] < timers["timers"] or not timers["setInTime"] or timers["firstAfterSeconds"] < 0):
        lines.append(f"DOUBT: timers: {timers}")
    if recovery and recovery["missing"]:
        lines.append(f"DOUBT: recovery: {recovery['missing']} steps were not asked for again within a minute")
    return lines


def _runs(summary):
    for title, loads in summary.get("compare", {}).items():
        for count, run in loads["peaks"].items():
            yield f"{title} @ {count}", run
        for load in ("one", "half"):
            if load in loads:
                yield f"{title}, {load}", loads[load]
    for count, run in summary.get("scaling", {}).items():
        yield f"{count} replicas", run
    for name, runs in summary.get("filled", {}).get("tables", {}).items():
        yield f"{name} tables", runs["peak"]

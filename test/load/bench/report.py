"""The table, with the goals beside what was measured."""

import statistics

import orders.report
import workflows.report

# Rounds that differ by more than this say more about the machine than about what was measured.
STEADY = 1.3


def summarize(results):
    """Means over the rounds, by stack."""
    summary = {}
    for name in {result["stack"] for result in results["stacks"]}:
        rounds = [result for result in results["stacks"] if result["stack"] == name]
        summary[name] = {"start": _start(rounds), "restMemoryMb": rounds[0]["restMemoryMb"],
                         "idleStatements": rounds[0]["idleStatements"]}
        for path in ("create", "get"):
            summary[name][path] = {connections: _mean([result[path][connections] for result in rounds])
                                   for connections in rounds[0][path]}
    return summary


def _start(rounds):
    seconds = [value for result in rounds for value in result["startSeconds"].values()]
    return {"median": statistics.median(seconds), "max": max(seconds)}


def _mean(runs):
    result = {key: statistics.mean(run[key] for run in runs)
              for key in ("rate", "p50Ms", "p99Ms", "maxMs", "oldestUnansweredMs")}
    result["rates"] = [round(run["rate"]) for run in runs]
    result["cores"] = {key: statistics.mean(run["cores"][key] for run in runs) for key in runs[0]["cores"]}
    result["memoryMb"] = runs[-1]["memoryMb"]
    result["failed"] = sum(_failed(run) for run in runs)
    return result


def _failed(run):
    good = sum(count for status, count in run["statuses"].items() if status in ("200", "201"))
    return run["requests"] - good + sum(run["errors"].values())


def render(results, summary, engine):
    """`engine` is what workflows.summary says."""
    lines = [*_conditions(results["conditions"]), ""]
    for name in sorted(summary):
        lines += [*_stack_table(name, summary[name]), ""]
    lines += _raw_table(results)
    lines += workflows.report.render(engine)
    lines += orders.report.render(results.get("orders", {}))
    lines += _goal_table(goals(results, summary) + workflows.report.goals(engine))
    lines += _doubts(results, summary) + workflows.report.doubts(engine)
    lines += orders.report.doubts(results.get("orders", {}))
    return "\n".join(lines)


def _conditions(conditions):
    return [f"{key}: {value}" for key, value in conditions.items()]


CORES = ("main", "workers", "nats", "postgres main", "postgres workflows", "load")


def _stack_table(name, stack):
    head = (f"{name:<14}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'failed':>8}{'CPU ms/req':>12}"
            f"  cores used: {' | '.join(CORES)}")
    lines = [head, "-" * len(head)]
    for path in ("create", "get"):
        for connections, run in stack[path].items():
            lines.append(_load_line(f"{path} @ {connections}", run))
    lines.append("at rest, MB: " + _memory(stack["restMemoryMb"]))
    lines.append("under load, MB: " + _memory(stack["create"][max(stack["create"])]["memoryMb"]))
    lines.append(f"start to ready, s: median {stack['start']['median']:.2f}, longest {stack['start']['max']:.2f}")
    lines.append("idle, database statements per second and process, beside leases: "
                 + ", ".join(f"{kind} {rate:.2f}" for kind, rate in stack["idleStatements"].items()))
    return lines


def _load_line(title, run):
    cores = " | ".join(f"{run['cores'][key]:.2f}" for key in CORES)
    # What a request costs the whole stack, the load generator aside: little changed by what else the machine does.
    cost = 1000 * sum(run["cores"][key] for key in CORES if key != "load") / max(run["rate"], 1e-9)
    rounds = "/".join(str(rate) for rate in run["rates"])
    return (f"{title:<14}{run['rate']:>8.0f}{run['p50Ms']:>9.2f}{run['p99Ms']:>9.2f}{run['failed']:>8}{cost:>12.3f}"
            f"  {cores}   rounds: {rounds}")


def _memory(sizes):
    return ", ".join(f"{kind} RSS {size['rss']:.0f} (PSS {size['pss']:.0f})" for kind, size in sizes.items())


ECHO_TITLES = {
    "sync, asap": "nats.c, a blocked thread a caller",
    "async, asap": "nats.c, a write per message",
    "async, timer": "nats.c, its 1 ms flusher",
    "framework": "libs/messaging",
}


def _echo_means(results):
    """(kind, concurrency) -> means over the rounds."""
    groups = {}
    for run in results["raw"]["nats"]:
        groups.setdefault((run["kind"], run["concurrency"]), []).append(run)
    return {group: {key: statistics.mean(run[key] for run in runs) for key in ("rate", "p50Ms", "p99Ms")}
            for group, runs in groups.items()}


def _raw_table(results):
    if "raw" not in results:
        return []
    head = f"{'limits of this machine':<72}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}"
    lines = [head, "-" * len(head)]
    for (kind, concurrency), run in _echo_means(results).items():
        title = f"NATS echo, {concurrency} in flight: {ECHO_TITLES[kind]}"
        lines.append(f"{title:<72}{run['rate']:>9.0f}{run['p50Ms']:>9.2f}{run['p99Ms']:>9.2f}")
    for run in results["raw"]["postgres"]:
        title = f"pgbench single-row insert, {run['clients']} clients"
        lines.append(f"{title:<72}{run['rate']:>9.0f}{run['meanMs']:>9.2f} (mean)")
    return [*lines, ""]


def _goal_table(rows):
    head = f"{'goal':<72}{'wanted':>10}{'measured':>10}"
    lines = [head, "-" * len(head)]
    for title, wanted, measured, holds in rows:
        lines.append(f"{title:<72}{wanted:>10}{measured:>10}  {'met' if holds else 'MISSED'}")
    return lines


def goals(results, summary):
    """Rows (title, wanted, measured, met) for whatever has been measured."""
    rows = []
    ours, peer = summary.get("lintel"), summary.get("nest")
    if ours and peer:
        rows += _against_the_peer(ours, peer)
    rows += _echo(results)
    if ours:
        rest = max(size["rss"] for size in ours["restMemoryMb"].values())
        idle = max(ours["idleStatements"].values())
        start = ours["start"]["median"]
        rows += [("memory of a process at rest (largest RSS), MB", "<= 25", f"{rest:.1f}", rest <= 25),
                 ("start to ready (median), s", "<= 0.3", f"{start:.2f}", start <= 0.3),
                 ("idle database statements per second and process, beside leases", "<= 1", f"{idle:.2f}", idle <= 1)]
    return rows


def _against_the_peer(ours, peer):
    def ratio(path, connections, key):
        return ours[path][connections][key] / peer[path][connections][key]

    many, tail = ratio("create", 256, "rate"), ratio("create", 256, "p99Ms")
    one, get = ratio("create", 1, "p50Ms"), ratio("get", 64, "rate")
    return [("create, 256 connections: requests/s, times the NestJS stack's", ">= 10", f"{many:.1f}", many >= 10),
            ("create, 256 connections: p99, share of the NestJS stack's", "<= 0.20", f"{tail:.2f}", tail <= 0.2),
            ("create, 1 connection: p50, share of the NestJS stack's", "<= 0.60", f"{one:.2f}", one <= 0.6),
            ("GET one building: requests/s, times the NestJS stack's", ">= 3", f"{get:.1f}", get >= 3)]


def _echo(results):
    rows = []
    means = _echo_means(results) if "raw" in results else {}
    for (kind, concurrency), run in means.items():
        if kind == "framework":
            share = run["rate"] / means["async, asap", concurrency]["rate"]
            rows.append((f"NATS echo, {concurrency} in flight: share of nats.c's (a write per message)", ">= 0.90",
                         f"{share:.2f}", share >= 0.9))
    return rows


def _doubts(results, summary):
    """What a reader must know before believing the table."""
    lines = []
    for result in results["stacks"]:
        rows = result.get("rows", {})
        if rows and rows["buildings"] != rows["workflows"]:
            lines.append(f"DOUBT: {result['stack']}, round {result['round']}: {rows['buildings']} buildings "
                         f"but {rows['workflows']} workflows")
    for name, stack in summary.items():
        for path in ("create", "get"):
            failed = sum(run["failed"] for run in stack[path].values())
            if failed:
                lines.append(f"DOUBT: {name}: {failed} requests of {path} failed")
            for connections, run in stack[path].items():
                if max(run["rates"]) > STEADY * min(run["rates"]):
                    lines.append(f"DOUBT: {name}: the rounds of {path} @ {connections} differ ({run['rates']}); "
                                 "something else used the machine")
    return lines

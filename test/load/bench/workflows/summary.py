"""What the rounds of the workflow measurements say together: medians."""

import math
import statistics

STEADY = 1.3
# Rates of one run that become a cost of each workflow.
COSTS = ("walBytes", "writes", "commits")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _medians(runs):
    result = {key: statistics.median(run[key] for run in runs) for key in ("rate", "p50Ms", "p99Ms")}
    result["rates"] = [round(run["rate"], 1) for run in runs]
    result["cores"] = {key: statistics.median(run["cores"][key] for run in runs) for key in runs[0]["cores"]}
    for key in COSTS:
        result[key] = statistics.median(run[key] / run["rate"] if run["rate"] else math.nan for run in runs)
    result["failed"] = sum(run["failed"] + run.get("unfinished", 0) for run in runs)
    result["allEnded"] = all(run["allEnded"] for run in runs)
    return result


def summarize(results):
    """Measurement -> what is to be shown of it; only of those that were taken."""
    parts = {"compare": _compare, "scaling": _scaling, "filled": _filled, "recovery": _recovery}
    return {name: parts.get(name, lambda taken: taken)(taken) for name, taken in results.items()}


def _compare(entries):
    """(side, work) as text -> load -> medians; `peak` is the load with the highest median rate."""
    table = {}
    for side, work in dict.fromkeys((entry["side"], entry["work"]) for entry in entries):
        rounds = [entry for entry in entries if (entry["side"], entry["work"]) == (side, work)]
        peaks = {count: _medians([entry["peak"][count] for entry in rounds]) for count in rounds[0]["peak"]}
        best = max(peaks, key=lambda count: peaks[count]["rate"])
        table[f"{side}: {work}"] = {"peak": peaks[best], "peakUnderWay": best, "peaks": peaks}
        for load in ("one", "half"):
            if load in rounds[0]:
                table[f"{side}: {work}"][load] = _medians([entry[load] for entry in rounds])
    return table


def _scaling(runs):
    return {count: _medians([run for run in runs if run["replicas"] == count])
            for count in sorted({run["replicas"] for run in runs})}


def _filled(taken):
    tables = {}
    for name in ("empty", "filled"):
        runs = [run for run in taken["runs"] if run["tables"] == name]
        tables[name] = {"peak": _medians([run["peak"] for run in runs]), "one": _medians([run["one"] for run in runs]),
                        "claimMs": statistics.median(run["claim"]["meanMs"] for run in runs),
                        "claims": sum(run["claim"]["calls"] for run in runs),
                        "claimed": sum(run["claim"]["steps"] for run in runs)}
    return {"rows": taken["rows"], "tables": tables}


def _recovery(rounds):
    seconds = [value for entry in rounds for value in entry["seconds"]]
    result = {"kills": len(rounds), "held": sum(entry["held"] for entry in rounds),
              "missing": sum(entry["missing"] for entry in rounds)}
    if seconds:
        result.update(p50=percentile(seconds, 0.5), p99=percentile(seconds, 0.99), max=max(seconds))
    return result


def unsteady(medians):
    """Rounds that say more about the machine than about what was measured."""
    return min(medians["rates"]) * STEADY < max(medians["rates"])

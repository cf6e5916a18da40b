"""The tables of the orders."""


def render(results):
    if not results:
        return []
    head = f"{'orders to confirmed':<20}{'orders/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}  cores used"
    lines = [head, "-" * len(head)]
    for clients, run in results.items():
        cost = 1000 * sum(run["cores"].values()) / max(run["rate"], 1e-9)
        cores = ", ".join(f"{name} {used:.2f}" for name, used in run["cores"].items())
        lines.append(f"{f'{clients} clients':<20}{run['rate']:>10.0f}{run['p50Ms']:>9.1f}{run['p99Ms']:>9.1f}"
                     f"{cost:>9.2f}  {cores}")
    return [*lines, "", *_hops(results), ""]


def _hops(results):
    """With one client a hop costs what it costs; with many it also waits."""
    few, many = min(results), max(results)
    head = f"{'hop':<24}{'calls/order':>12}{f'ms @ {few}':>10}{f'ms @ {many}':>10}"
    lines = [head, "-" * len(head)]
    for subject, hop in sorted(results[few]["hops"].items(), key=lambda item: -item[1]["calls"] * item[1]["ms"]):
        under_load = results[many]["hops"].get(subject, {"ms": float("nan")})
        lines.append(f"{subject:<24}{hop['calls']:>12.2f}{hop['ms']:>10.2f}{under_load['ms']:>10.2f}")
    return lines


def doubts(results):
    """What a reader must know before believing the table."""
    lines = []
    for clients, run in results.items():
        others = {what: count for what, count in run["statuses"].items()
                  if what in ("placed", "rejected") or " " in what}
        if others:
            lines.append(f"DOUBT: orders, {clients} clients: {others} were not confirmed in time")
    return lines

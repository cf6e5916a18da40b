"""What the import came to, and what the system says of itself afterwards."""
import json

from nats import Nats
from rest import Rest

KINDS = ("headquarters", "store", "warehouse", "office", "residential", "school", "hotel", "other")
REASONS_MAX = 40
# A system with more is not counted to the end.
PAGES_MAX = 250


def print_outcome(name, outcome):
    rate = outcome.done / max(outcome.seconds, 0.001)
    print(f"{outcome.done} rows of {name} in {outcome.seconds:.1f} s ({rate:.0f} rows/s):")
    print(f"  {outcome.taken} taken, {outcome.known} were there from an earlier run, {len(outcome.refused)} refused,"
          f" {len(outcome.failed)} failed")
    if outcome.again:
        print(f"  {outcome.again} request(s) were sent again")
    if outcome.pending:
        print(f"  {outcome.pending} workflow(s) were still pending when the answer came")
    for what, refusals in (("Refused", outcome.refused), ("Failed", outcome.failed)):
        if refusals:
            print_refusals(what, refusals)


def print_refusals(what, refusals):
    print(f"{what}, by line of the file:")
    for refusal in sorted(refusals, key=lambda refusal: refusal.line)[:REASONS_MAX]:
        print(f"  line {refusal.line}: {refusal.reason}")
    if len(refusals) > REASONS_MAX:
        print(f"  ... and {len(refusals) - REASONS_MAX} more")


def print_holdings(headers):
    rest = Rest(headers=headers)
    counts = {kind: count(rest, kind) for kind in KINDS}
    total = sum(number for number, _ in counts.values())
    more = " or more" if any(is_more for _, is_more in counts.values()) else ""
    print(f"The system now holds {total}{more} buildings:")
    for kind, (number, is_more) in sorted(counts.items(), key=lambda item: -item[1][0]):
        if number:
            print(f"  {kind:<13} {number:>6}{' or more' if is_more else ''}")
    waiting = sum(1 for _ in rest.items("/v1/intents", state="pending"))
    failed = sum(1 for _ in rest.items("/v1/intents", state="failed"))
    print(f"Promised workflows that no worker has confirmed yet: {waiting}; that were refused: {failed}")


def count(rest, kind):
    number = 0
    for index, page in enumerate(rest.pages("/v1/buildings", kind=kind, pageSize=200)):
        number += len(page["items"])
        if index + 1 == PAGES_MAX:
            return number, True
    return number, False


class Shares:
    """What each worker says, by NATS's service statistics ($SRV.STATS), that it has done."""

    def __init__(self):
        self._before = statistics()

    def print(self):
        after = statistics()
        if after is None:
            print("How the workers shared the work is not known: NATS does not answer here.")
            return
        before = self._before or {}
        rows = sorted((replica, done[0] - before.get(id, (replica, (0, 0)))[1][0],
                       done[1] - before.get(id, (replica, (0, 0)))[1][1]) for id, (replica, done) in after.items())
        total = max(1, sum(requests for _, requests, _ in rows))
        print(f"How the {len(rows)} workers shared the work:")
        for replica, requests, nanoseconds in rows:
            took = nanoseconds / requests / 1e6 if requests else 0
            bar = "#" * round(30 * requests / total)
            print(f"  {replica:<14} {requests:>6} workflows  {took:6.1f} ms each  {bar}")


def statistics():
    """Instance id -> (replica, (requests, nanoseconds)) of workflows.create; nothing without NATS."""
    try:
        nats = Nats()
    except OSError:
        return None
    found = {}
    for answer in nats.ask_all("$SRV.STATS.workflows", wait=0.7):
        stats = json.loads(answer.payload)
        for endpoint in stats["endpoints"]:
            if endpoint["subject"] == "workflows.create":
                found[stats["id"]] = (stats["metadata"].get("replica", stats["id"][:8]),
                                      (endpoint["num_requests"], endpoint["processing_time"]))
    nats.close()
    return found

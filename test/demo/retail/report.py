"""What a replay came to, for people."""
import collections

from .book import worth
from .holdings import moved

SHOWN = 25


def pounds(pence):
    return f"GBP {pence // 100:,}.{pence % 100:02d}"


def print_book(book, returns, unmatched):
    print(f"{book.lines} lines: {len(book.sales)} invoices with {sum(len(sale.lines) for sale in book.sales)} lines are"
          f" orders, worth {pounds(sum(map(worth, book.sales)))};")
    print(f"  {len(book.credits)} credits are {len(returns)} returns; {len(unmatched)} of their lines match no earlier"
          f" sale; {len(book.refusals)} lines are refused")


def print_lines(title, refusals):
    if not refusals:
        return
    print(f"{title}:")
    for reason, count in collections.Counter(_kind(refusal.reason) for refusal in refusals).most_common():
        print(f"  {count:>5}  {reason}")
    for refusal in sorted(refusals, key=lambda refusal: refusal.line)[:SHOWN]:
        print(f"  line {refusal.line}: invoice {refusal.invoice}: {refusal.reason}")
    if len(refusals) > SHOWN:
        print(f"  ... and {len(refusals) - SHOWN} more")


def _kind(reason):
    """Without what differs from line to line."""
    return "no earlier sale" if reason.startswith("no earlier sale") else reason


def print_trade(till, seconds, client):
    taken = sorted(placed.seconds for placed in till.placed.values())
    lines = sum(len(placed.invoice.lines) for placed in till.placed.values())
    print(f"{len(taken)} orders with {lines} lines in {seconds:.1f} s: {len(taken) / seconds:.1f} orders/s,"
          f" {client.requests / seconds:.0f} requests/s, {client.again} of them sent again")
    if taken:
        print(f"  from the request to confirmed or rejected: {share(taken, 0.5):.0f} ms in the middle,"
              f" {share(taken, 0.99):.0f} ms at p99, {taken[-1] * 1000:.0f} ms at most")
    for number, reason in till.refused[:SHOWN]:
        print(f"  invoice {number} was refused: {reason}")


def share(values, part):
    return values[min(len(values) - 1, int(part * len(values)))] * 1000


def print_outcome(holdings, till, sales):
    statuses = collections.Counter(order["status"] for order in holdings.orders.values())
    print("What became of the orders:")
    for status, count in statuses.most_common():
        print(f"  {status:<18} {count:>5}")
    reasons = collections.Counter()
    for order in holdings.orders.values():
        reasons.update({reason["code"] for reason in order.get("reasons", [])})
    for code, count in reasons.most_common():
        print(f"    because of {code:<14} {count:>5}")
    charged = sum(order.get("charged", 0) for order in holdings.orders.values())
    refunded = sum(order.get("refunded", 0) for order in holdings.orders.values())
    print(f"Ordered {pounds(sum(map(worth, sales)))}, charged {pounds(charged)}, refunded {pounds(refunded)};"
          f" the ledger says {pounds(_posted(holdings, till.shop.merchant))} for the merchant")
    doubled = sum(_priced_twice(sale) for sale in sales)
    if doubled:
        print(f"  (a product has one price: {doubled} lines were charged as a later line of their invoice says)")
    print(f"Returns: {len(till.posted)} taken, {len(till.not_returned)} refused")
    for wanted, reason in till.not_returned[:SHOWN]:
        print(f"  {wanted.credit} of invoice {wanted.sale}: {reason}")


def _priced_twice(sale):
    """Lines that were not charged as they say."""
    last = {line.sku: line.price for line in sale.lines}
    return sum(1 for line in sale.lines if line.price != last[line.sku])


def _posted(holdings, merchant):
    return sum(moved(transfer) * (1 if transfer["creditAccountId"] == merchant else -1)
               for transfer in holdings.transfers if transfer["state"] == "posted")


def print_proof(found, faults):
    for fault in faults[:SHOWN]:
        print(f"FAULT    {fault}")
    for finding in found[:SHOWN]:
        print(f"FINDING  {finding}")
    if found or faults:
        print(f"Not proven: {len(found)} finding(s), {len(faults)} fault(s).")
        return
    print("Proven: no order lost; each has one workflow, and both have ended; stock = initial - confirmed + released +"
          " returned,\nnever below zero; the ledger balances to the penny and agrees with the orders; every hold and"
          " transfer is resolved.")

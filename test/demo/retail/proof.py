"""What must hold after a replay, whatever has failed meanwhile. Each rule gives its findings; there should be none.

Nothing here waits: what is still under way is a finding, and goes away when it is done.
"""
import collections

from .holdings import moved

SOLD = ("completed", "returned", "partiallyReturned")
UNDONE = ("rejected", "cancelled")


def findings(holdings, shop, till):
    return [finding for rule in (orders_are_there, orders_have_ended, workflows_are_one_each, stock_adds_up,
                                 holds_are_resolved, charges_are_right, refunds_are_right, ledger_balances)
            for finding in rule(holdings, shop, till)]


def orders_are_there(holdings, _, till):
    for id in till.placed.keys() - holdings.orders.keys():
        yield f"order {id} of invoice {till.placed[id].invoice.number} was acknowledged and is not there"
    invoices = collections.Counter(order["attributes"]["invoice"] for order in holdings.orders.values())
    for invoice, count in invoices.items():
        if count > 1:
            yield f"invoice {invoice} has {count} orders"
    known = {placed.invoice.number: placed for placed in till.placed.values()}
    for order in holdings.orders.values():
        placed = known.get(order["attributes"]["invoice"])
        if placed and [(line.sku, line.quantity) for line in placed.invoice.lines] != [
                (line["sku"], line["quantity"]) for line in order["lines"]]:
            yield f"order {order['id']} has other lines than invoice {placed.invoice.number}"


def orders_have_ended(holdings, *_):
    for order in holdings.orders.values():
        if order["status"] not in SOLD + UNDONE:
            yield f"order {order['id']} is still {order['status']}"
        elif order["status"] == "rejected" and not order.get("reasons"):
            yield f"order {order['id']} is rejected without a reason"


def workflows_are_one_each(holdings, *_):
    """And each has come to the end that its order speaks of."""
    for id, order in holdings.orders.items():
        found = holdings.workflows.get(id, [])
        if len(found) != 1:
            yield f"order {id} has {len(found)} workflows"
            continue
        status = found[0]["status"]
        wanted = ("completed",) if order["status"] in SOLD else ("failed", "cancelled")
        if status not in wanted:
            yield f"order {id} is {order['status']}, and its workflow {found[0]['id']} is {status}"


def stock_adds_up(holdings, shop, _):
    """On hand: what was there, less what was confirmed, and what came back. What comes short stays away: it was never
    there, though it counted at first."""
    gone, reserved = collections.Counter(), collections.Counter()
    for hold in holdings.holds:
        for line in hold["lines"]:
            if hold["state"] == "confirmed":
                gone[line["sku"]] += line["quantity"] - line.get("returned", 0)
            elif hold["state"] == "released":
                gone[line["sku"]] += line.get("short", 0)
            elif hold["state"] == "held":
                reserved[line["sku"]] += line["quantity"]
    for sku, initial in shop.initial.items():
        level = holdings.stock.get(sku, {"onHand": 0, "reserved": 0, "available": 0})
        wanted = (initial - gone[sku], reserved[sku])
        if (level["onHand"], level["reserved"]) != wanted:
            yield f"{sku}: {level['onHand']} on hand, {level['reserved']} reserved; it should be {wanted}"
        if min(level["onHand"], level["reserved"], level["available"]) < 0:
            yield f"{sku}: less than nothing, {level}"


def holds_are_resolved(holdings, *_):
    states = {}
    for hold in holdings.holds:
        states.setdefault(hold["orderId"], []).append(hold["state"])
    for id in states.keys() - holdings.orders.keys():
        yield f"a hold of an order that is not there: {id}"
    for id, order in holdings.orders.items():
        live = [state for state in states.get(id, []) if state in ("held", "confirmed")]
        wanted = ["confirmed"] if order["status"] in SOLD else []
        if order["status"] in SOLD + UNDONE and live != wanted:
            yield f"order {id} is {order['status']} with the holds {states.get(id, [])}"


def charges_are_right(holdings, shop, _):
    """One posted transfer for what was picked, or none at all; and none that is pending after the end."""
    payments = {}
    for transfer in holdings.transfers:
        if transfer["creditAccountId"] == shop.merchant:
            payments.setdefault(transfer["orderId"], []).append(transfer)
    for id in payments.keys() - holdings.orders.keys():
        yield f"a payment for an order that is not there: {id}"
    for id, order in holdings.orders.items():
        made = payments.get(id, [])
        if order["status"] in SOLD + UNDONE and any(transfer["state"] == "pending" for transfer in made):
            yield f"order {id} is {order['status']} with a pending transfer"
        posted = [moved(transfer) for transfer in made if transfer["state"] == "posted"]
        if order["status"] in SOLD:
            worth = sum(line["picked"] * line["unitPrice"] for line in order["lines"])
            if posted != [order.get("charged")] or order["charged"] != worth:
                yield f"order {id} was charged {posted}, says {order.get('charged')}, and was worth {worth}"
        elif posted:
            yield f"order {id} is {order['status']} and was charged {posted}"


def refunds_are_right(holdings, shop, till):
    refunds = collections.Counter()
    for transfer in holdings.transfers:
        if transfer["debitAccountId"] == shop.merchant and transfer["state"] == "posted":
            refunds[transfer["orderId"]] += moved(transfer)
    for id, order in holdings.orders.items():
        if refunds[id] != order.get("refunded", 0):
            yield f"order {id} was refunded {refunds[id]} and says {order.get('refunded', 0)}"
        returned = sum(item["amount"] for item in holdings.returns.get(id, []) if item["status"] == "completed")
        if returned != refunds[id]:
            yield f"order {id} was refunded {refunds[id]} for returns of {returned}"
    known = {item["id"]: item["status"] for items in holdings.returns.values() for item in items}
    for posted in till.posted:
        if known.get(posted.id) not in ("completed", "refused"):
            yield f"return {posted.id} of order {posted.order} is {known.get(posted.id, 'not there')}"


def ledger_balances(holdings, shop, _):
    total = collections.Counter()
    for account in holdings.accounts.values():
        for name in ("debitsPosted", "creditsPosted", "debitsPending", "creditsPending"):
            total[name] += account[name]
    for state in ("Posted", "Pending"):
        if total[f"debits{state}"] != total[f"credits{state}"]:
            yield f"{state.lower()}: debits of {total[f'debits{state}']}, credits of {total[f'credits{state}']}"
    spent, got = collections.Counter(), collections.Counter()
    for transfer in holdings.transfers:
        if transfer["state"] == "posted":
            spent[transfer["debitAccountId"]] += moved(transfer)
            got[transfer["creditAccountId"]] += moved(transfer)
    for id in shop.accounts.values():
        account = holdings.accounts[id]
        if (account["debitsPosted"], account["creditsPosted"]) != (spent[id], got[id]):
            yield f"account {id}: {account}, and its transfers say {spent[id]} and {got[id]}"
        if account["debitsPosted"] + account["debitsPending"] - account["creditsPosted"] > account["creditLimit"]:
            yield f"account {id} owes more than it may: {account}"

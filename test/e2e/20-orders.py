#!/usr/bin/env python3
"""Orders across all worker sets: placed, confirmed, picked, delivered and paid; rejected, cancelled and sent back; and
placed all the same while everybody is away."""
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from rest import Rest
from shop import Shop
from story import check, equal, eventually, finish, hand

rest = Rest()
shop = Shop(rest)
lamp = shop.product("lamp", 250, 100)
chair = shop.product("chair", 4000, 5)
ada, account = shop.customer("Ada", 100000)

# --- the whole way ---------------------------------------------------------------------------------------------------
answer = shop.place(ada, [(lamp, 6), (chair, 1)], Prefer="wait=4", Idempotency_Key=f"order-{shop.mark}")
order = answer.json()
one = order["id"]
equal("an order is placed", answer.status, 201)
equal("who waits hears that it is confirmed", order["status"], "confirmed")
check("the preference was heeded", answer.headers["Preference-Applied"] in ("wait=2", "wait=3", "wait=4"), answer.headers)
equal("the prices are the inventory's", [line["unitPrice"] for line in order["lines"]], [250, 4000])
equal("and so is the total", order["total"], 5500)
equal("what it costs is reserved", shop.balance(account), (0, 5500, 0))
again = shop.place(ada, [(lamp, 6), (chair, 1)], Idempotency_Key=f"order-{shop.mark}")
check("placed again under its key it is the same", again.json()["id"] == one and again.headers["Idempotency-Replayed"])

equal("somebody picks all but one lamp", shop.pick(one, less=1).status, 200)
equal("it is on its way", shop.dispatch(one).status, 200)
check("the order knows", shop.comes_to(one, "delivering"), shop.order(one))
equal("it can be cancelled no more", rest.post(f"/v1/orders/{one}/cancel", {}).status, 409)
equal("it is delivered", shop.deliver(one).status, 200)
check("and the order completed", shop.comes_to(one, "completed"), shop.order(one))
equal("what was picked is charged", shop.order(one)["charged"], 5250)
equal("and paid", shop.balance(account), (5250, 0, 0))
equal("the workflow is completed", shop.workflow(one), "completed")
equal("the stock is less, what was short too", shop.stock(lamp), (94, 0))

timeline = rest.get(f"/v1/orders/{one}/timeline").json()
equal("everybody has something to say about it", timeline["missing"], [])
equal("and says it", {item["source"] for item in timeline["items"]},
      {"order", "workflow", "hold", "transfer", "pick", "delivery"})
check("in the order of time", timeline["items"] == sorted(timeline["items"], key=lambda item: item["at"]))
moves = [item["type"] for item in timeline["items"] if item["source"] == "order"]
equal("each transition is told once", moves,
      ["placed", "confirmed", "picking", "packed", "delivering", "delivered", "completed"])
check("with the trace of its request", all(
    "traceId" in item for item in timeline["items"] if item["source"] == "order"))

# --- it comes back ---------------------------------------------------------------------------------------------------


def send_back(quantity, **headers):
    return rest.post(f"/v1/orders/{one}/returns", {"lines": [{"sku": lamp, "quantity": quantity}]}, **headers)


equal("more than came can't go back", send_back(6).status, 409)
made = send_back(2, Idempotency_Key=f"return-{shop.mark}")
equal("two lamps go back", (made.status, made.json()["amount"]), (201, 500))
equal("once", send_back(2, Idempotency_Key=f"return-{shop.mark}").json()["id"], made.json()["id"])
check("the order knows", shop.comes_to(one, "partiallyReturned"), shop.order(one))
equal("they are paid back", (shop.order(one)["refunded"], shop.balance(account)), (500, (4750, 0, 0)))
equal("and in stock", shop.stock(lamp), (96, 0))
rest.post(f"/v1/orders/{one}/returns", {"lines": [{"sku": lamp, "quantity": 3}, {"sku": chair, "quantity": 1}]})
check("all is back", shop.comes_to(one, "returned"), shop.order(one))
equal("and all is paid back", shop.balance(account), (0, 0, 0))
equal("both returns are listed", [item["status"] for item in rest.items(f"/v1/orders/{one}/returns")],
      ["completed", "completed"])

# --- what cannot be had ----------------------------------------------------------------------------------------------


def rejected(what, customer, lines, reasons):
    order = shop.place(customer, lines, Prefer="wait=4").json()
    equal(f"{what}: the order is rejected", order["status"], "rejected")
    equal(f"{what}: it says why", [(reason["code"], reason.get("pointer")) for reason in order["reasons"]], reasons)
    check(f"{what}: its workflow has failed", shop.workflow_comes_to(order["id"], "failed"))


poor, _ = shop.customer("Poor", 100)
rejected("an unknown customer", str(uuid.uuid4()), [(lamp, 1)], [("unknownCustomer", None)])
rejected("an unknown product", ada, [(lamp, 1), ("nothing", 1)], [("unknownSku", "/lines/1")])
rejected("no stock", ada, [(lamp, 1), (chair, 6)], [("noStock", "/lines/1")])
rejected("no funds", poor, [(lamp, 1)], [("noFunds", None)])
equal("nothing of it is held", (shop.stock(lamp), shop.stock(chair)), ((99, 0), (5, 0)))

nowhere = {**shop.wish(ada, [(lamp, 1)]), "buildingId": str(uuid.uuid4())}
answer = rest.post("/v1/orders", nowhere)
equal("an order from a building that is not there is refused at once",
      (answer.status, [fault["pointer"] for fault in answer.json()["errors"]]), (422, ["/buildingId"]))

# --- it is not wanted any more ---------------------------------------------------------------------------------------


def cancelled(what, until):
    id = shop.place(ada, [(lamp, 10)]).json()["id"]
    until(id)
    answer = rest.post(f"/v1/orders/{id}/cancel", {"reason": "ordered twice"})
    equal(f"{what}: it is cancelled at once", (answer.status, answer.json()["status"]), (200, "cancelled"))
    check(f"{what}: its workflow ends", eventually(
        30, lambda: shop.workflow(id) in ("cancelled", "failed"), pause=0.1), shop.workflow(id))
    equal(f"{what}: it says why", shop.order(id)["reasons"], [{"code": "cancelled", "detail": "ordered twice"}])
    check(f"{what}: the stock is as it was, and so is the money",
          shop.stock(lamp) == (99, 0) and shop.balance(account) == (0, 0, 0), (shop.stock(lamp), shop.balance(account)))
    equal(f"{what}: a second time changes nothing", rest.post(f"/v1/orders/{id}/cancel", {}).status, 200)


cancelled("just placed", lambda id: None)
cancelled("confirmed and in the hands of a picker", lambda id: shop.comes_to(id, "picking"))
parcels = []
cancelled("packed", lambda id: (shop.pick(id), parcels.append(shop.delivery(id))))
equal("no carrier gets what was cancelled", rest.post(f"/v1/deliveries/{parcels[0]}/dispatch", {}).status, 409)

# --- it does not arrive ----------------------------------------------------------------------------------------------
lost = shop.place(ada, [(lamp, 2)]).json()["id"]
shop.pick(lost), shop.dispatch(lost), shop.lose(lost)
check("what is lost is cancelled", shop.comes_to(lost, "cancelled"), shop.order(lost))
equal("and says why", shop.order(lost)["reasons"][0]["code"], "notDelivered")
equal("nothing is paid", shop.balance(account), (0, 0, 0))
empty = shop.place(ada, [(lamp, 1)]).json()["id"]
shop.pick(empty, less=None)
check("what is not there to be picked is cancelled", shop.comes_to(empty, "cancelled"), shop.order(empty))
equal("and says why", shop.order(empty)["reasons"][0]["code"], "nothingPicked")

# --- somebody voids what it is paid with -----------------------------------------------------------------------------
debtor, debt = shop.customer("Debtor", 1000)
owed = shop.place(debtor, [(lamp, 2)], Prefer="wait=4").json()
equal("what reserves a payment does not expire", rest.get(f"/v1/transfers/{owed['transferId']}").json().get("expiresAt"),
      None)
equal("it is voided by hand", rest.post(f"/v1/transfers/{owed['transferId']}/void", {}).status, 200)
shop.pick(owed["id"]), shop.dispatch(owed["id"]), shop.deliver(owed["id"])
letters = []
check("what was delivered and cannot be charged is a dead letter", eventually(30, lambda: letters.extend(
    letter for letter in rest.items("/v1/dead-letters", definition="order-fulfilment")
    if letter["workflowId"] == shop.order(owed["id"])["workflowId"]) or letters, pause=0.2))
equal("it says why", (letters[0]["path"], letters[0]["error"]["message"]),
      ("charge", "the transfer has been voided; it cannot be posted"))
equal("nothing is undone of it, not even by hand",
      rest.post(f"/v1/workflows/{letters[0]['workflowId']}/cancel", {}).status, 409)
made = rest.post("/v1/transfers", {
    "debit": {"kind": "customer", "customerId": debtor}, "credit": {"kind": "merchant"}, "amount": 500,
    "currency": owed["currency"], "isPending": True, "expiresIn": "0s", "orderId": owed["id"]}).json()
rest.post(f"/v1/dead-letters/{letters[0]['id']}/replay", {"input": {"id": made["id"], "amount": 500}})
check("paid by another transfer it is completed", shop.comes_to(owed["id"], "completed"), shop.order(owed["id"]))
equal("which the order names", shop.order(owed["id"])["transferId"], made["id"])
equal("and the customer has paid once", shop.balance(debt), (500, 0, 0))

# --- everybody is away -----------------------------------------------------------------------------------------------
sets = [service for service in hand("all_services").split() if service != "main"]
counts = {service: int(hand("replica_count", service)) for service in sets}
for service in sets:
    hand("scale", service, 0)
try:
    answer = shop.place(ada, [(lamp, 1)])
    away, unwanted = answer.json()["id"], shop.place(ada, [(lamp, 1)]).json()["id"]
    equal("an order is placed while everybody is away", (answer.status, answer.json()["status"]), (201, "placed"))
    equal("its workflow is pending", answer.json()["workflow"]["status"], "pending")
    equal("another is cancelled", rest.post(f"/v1/orders/{unwanted}/cancel", {}).json()["status"], "cancelled")
    equal("a timeline names who is missing", rest.get(f"/v1/orders/{away}/timeline").json()["missing"],
          ["delivery", "hold", "pick", "transfer", "workflow"])
finally:
    for service in sets:
        hand("scale", service, counts[service])
check("it is confirmed when they are back", eventually(
    60, lambda: shop.order(away)["status"] in ("confirmed", "picking"), pause=0.3), shop.order(away))
check("the workflow of the other has ended, too", eventually(
    60, lambda: shop.workflow(unwanted) in ("cancelled", "failed"), pause=0.3), shop.workflow(unwanted))
check("no promise is left", eventually(60, lambda: not rest.items("/v1/intents"), pause=0.3), rest.items("/v1/intents"))
equal("nothing is stuck", rest.get("/v1/workflows/doctor").json()["items"], [])
finish()

"""Places the orders and the returns in the file's order of time, several at once where that changes nothing."""
import threading
import time
from dataclasses import dataclass

from .client import Refused, Unanswered
from .shop import CURRENCY

ENDED = ("completed", "rejected", "cancelled", "returned", "partiallyReturned")
# How long a request waits for the order to be decided on.
WAIT_SECONDS = 10


@dataclass
class Placed:
    invoice: object
    id: str
    status: str
    # From the request to the decision.
    seconds: float = 0


@dataclass
class Posted:
    """A return that was taken."""
    wanted: object
    order: str
    id: str


class Till:
    """An order is priced when the inventory reserves it: before a price changes, whoever ordered at the old one has
    been decided on."""

    def __init__(self, client, shop, run, pools, mishaps):
        self.shop = shop
        self.placed = {}
        self.posted = []
        self.refused = []
        self.not_returned = []
        self.faults = []
        self._client = client
        self._run = run
        self._orders, self._others = pools
        self._mishaps = mishaps
        self._waiting = {}
        self._placing = {}
        self._lock = threading.Lock()

    def trade(self, sales, returns):
        """Returns when all orders have been decided on; what must wait for its order goes on by itself."""
        coming_back = []
        for event in sorted([*sales, *returns], key=lambda event: event.at):
            if hasattr(event, "sale"):
                coming_back.append(self._others.submit(self._take_back, event))
                continue
            self._change_prices(event)
            future = self._orders.submit(self._place, event)
            self._placing[event.number] = future
            for line in event.lines:
                self._waiting.setdefault(line.sku, set()).add(future)
        for future in self._placing.values():
            future.result()
        return coming_back

    def _change_prices(self, invoice):
        """A product has one price: of two in one invoice the last counts."""
        changed = {line.sku: line.price for line in invoice.lines}
        changed = {sku: price for sku, price in changed.items() if self.shop.prices[sku] != price}
        for sku in changed:
            for future in self._waiting.pop(sku, ()):
                future.result()
        list(self._orders.map(lambda item: self.shop.price(*item), changed.items()))

    def _place(self, invoice):
        body = {"customerId": self.shop.customers[invoice.customer], "buildingId": self.shop.building,
                "currency": CURRENCY, "lines": [{"sku": line.sku, "quantity": line.quantity} for line in invoice.lines],
                "attributes": {"invoice": invoice.number, "invoicedAt": f"{invoice.at.isoformat()}Z"}}
        if not self.shop.has_address(invoice.customer):
            body["deliveryAddress"] = {"country": invoice.country}
        started = time.monotonic()
        try:
            order = self._client.ask("POST", "/v1/orders", body, key=f"{self._run}/order/{invoice.number}",
                                     Prefer=f"wait={WAIT_SECONDS}")
            placed = Placed(invoice, order["id"], order["status"])
            with self._lock:
                self.placed[placed.id] = placed
            while placed.status == "placed":
                time.sleep(0.05)
                placed.status = self._client.ask("GET", f"/v1/orders/{placed.id}")["status"]
            placed.seconds = time.monotonic() - started
            if placed.status != "rejected" and self._mishaps.has(invoice.number, "cancel"):
                self._cancel(placed)
        except Refused as refused:
            self._note(self.refused, (invoice.number, str(refused)))
        except Unanswered as error:
            self._note(self.faults, f"order of {invoice.number}: {error}")

    def _cancel(self, placed):
        """It may be too late for that: 409."""
        self._client.ask("POST", f"/v1/orders/{placed.id}/cancel", {"reason": "the customer thinks otherwise"},
                         key=f"{self._run}/cancel/{placed.invoice.number}", good=(200, 201, 202, 409))

    def _take_back(self, wanted):
        """Once its order has been delivered and paid."""
        self._placing[wanted.sale].result()
        order = next((placed for placed in list(self.placed.values()) if placed.invoice.number == wanted.sale), None)
        if order is None:
            self._note(self.not_returned, (wanted, "its sale did not become an order"))
            return
        try:
            while self._client.ask("GET", f"/v1/orders/{order.id}")["status"] not in ENDED:
                time.sleep(0.2)
            lines = [{"sku": sku, "quantity": pieces} for sku, pieces in wanted.pieces.items()]
            posted = self._client.ask("POST", f"/v1/orders/{order.id}/returns", {"lines": lines},
                                      key=f"{self._run}/return/{wanted.credit}/{wanted.sale}")
            self._note(self.posted, Posted(wanted, order.id, posted["id"]))
        except Refused as refused:
            self._note(self.not_returned, (wanted, str(refused)))
        except Unanswered as error:
            self._note(self.faults, f"return {wanted.credit} of {wanted.sale}: {error}")

    def _note(self, where, what):
        with self._lock:
            where.append(what)

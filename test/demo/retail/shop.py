"""Opens a shop: a warehouse, customers with credit, products at their first price, and stock of what will be sold."""
import math

from .book import GUEST
from .client import Refused

CURRENCY = "GBP"


class Shop:
    """What is there before the first order. Everything is keyed by the run: opened again it is the same shop."""

    def __init__(self, client, pool, book, run, stock):
        self._client = client
        self._pool = pool
        self._book = book
        self._run = run
        self._stock = stock
        self.currency = CURRENCY
        self.building = None
        self.opened_at = None
        self.merchant = None
        self.customers = {}
        self.accounts = {}
        self.prices = {}
        self.initial = {}

    def open(self):
        building = self._create("/v1/buildings", "building", {"name": f"Online {self._run}"[:200], "kind": "warehouse"})
        self.building, self.opened_at = building["id"], building["createdAt"]
        self.merchant = self._merchant()
        countries = {invoice.customer: invoice.country for invoice in self._book.sales}
        spent = self._book.spent()
        self._each(lambda customer: self._open_customer(customer, countries[customer], spent[customer]), countries)
        first = {}
        for invoice in self._book.sales:
            for line in invoice.lines:
                first.setdefault(line.sku, line.price)
        names, sold = self._book.names(), self._book.sold()
        self._each(lambda sku: self._list_product(sku, names[sku], first[sku], sold[sku]), first)

    def price(self, sku, price):
        """What the file shows from now on."""
        self._client.ask("PATCH", f"/v1/products/{sku}", {"price": price})
        self.prices[sku] = price

    def has_address(self, customer):
        return customer != GUEST

    def _each(self, act, items):
        list(self._pool.map(act, items))

    def _create(self, path, key, body):
        return self._client.ask("POST", path, body, key=f"{self._run}/{key}")

    def _merchant(self):
        """There is one in a currency, whoever opened it."""
        try:
            return self._create("/v1/accounts", "merchant", {"kind": "merchant", "currency": CURRENCY})["id"]
        except Refused as refused:
            if refused.status != 409:
                raise
        return next(self._client.items("/v1/accounts", kind="merchant", currency=CURRENCY))["id"]

    def _open_customer(self, name, country, spent):
        is_guest = name == GUEST
        contacts = [] if is_guest else [{"kind": "postal", "address": {"country": country}, "isPrimary": True}]
        customer = self._create("/v1/customers", f"customer/{name}", {
            "name": "Guest" if is_guest else f"Customer {name}", "contactInfos": contacts,
            "attributes": {"customerNumber": name}})["id"]
        account = self._create("/v1/accounts", f"account/{name}", {
            "kind": "customer", "currency": CURRENCY, "customerId": customer, "creditLimit": spent})
        self.customers[name] = customer
        self.accounts[name] = account["id"]

    def _list_product(self, sku, name, price, sold):
        try:
            self._create("/v1/products", f"product/{sku}", {"sku": sku, "name": name, "price": price,
                                                            "currency": CURRENCY})
        except Refused as refused:
            if refused.status != 409:
                raise
        # It may be there from another run, or have had other prices since.
        self.price(sku, price)
        pieces = math.floor(sold * self._stock + 0.5)
        if pieces:
            self._create("/v1/stock/adjustments", f"stock/{sku}", {
                "sku": sku, "buildingId": self.building, "quantity": pieces, "reason": "initial"})
        self.initial[sku] = pieces

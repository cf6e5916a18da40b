"""A shop with one building, for stories: what has to be there for an order, and the people who pick and carry it."""
import uuid

from story import eventually

CURRENCY = "EUR"


class Shop:
    """Everything of it has names of its own, but the merchant's account, of which there is one in a currency."""

    def __init__(self, rest):
        self.rest = rest
        self.mark = uuid.uuid4().hex[:8]
        self.building = rest.create(f"Shop {self.mark}", kind="store")["id"]
        self.merchant = self.account(kind="merchant")

    def made(self, path, body):
        answer = self.rest.post(path, body)
        if answer.status != 201:
            raise RuntimeError(f"POST {path} {body}: {answer}")
        return answer.json()

    def account(self, **identity):
        answer = self.rest.post("/v1/accounts", {"currency": CURRENCY, **identity})
        if answer.status == 409:
            return self.rest.items("/v1/accounts", kind=identity["kind"], currency=CURRENCY)[0]["id"]
        return answer.json()["id"]

    def product(self, name, price, quantity):
        sku = f"{name}-{self.mark}"
        self.made("/v1/products", {"sku": sku, "name": name, "price": price, "currency": CURRENCY})
        if quantity:
            self.made("/v1/stock/adjustments", {"sku": sku, "buildingId": self.building, "quantity": quantity,
                                                "reason": "initial"})
        return sku

    def customer(self, name, credit):
        id = self.made("/v1/customers", {"name": name, "contactInfos": [
            {"kind": "postal", "address": {"street": "1 Pine", "city": "Seattle"}}]})["id"]
        account = self.made("/v1/accounts", {"kind": "customer", "currency": CURRENCY, "customerId": id,
                                             "creditLimit": credit})["id"]
        return id, account

    def stock(self, sku):
        level = self.rest.items("/v1/stock", sku=sku, buildingId=self.building)[0]
        return level["onHand"], level["reserved"]

    def balance(self, account):
        found = self.rest.get(f"/v1/accounts/{account}").json()
        return (found["debitsPosted"] - found["creditsPosted"], found["debitsPending"], found["creditsPending"])

    # --- orders ------------------------------------------------------------------------------------------------------

    def wish(self, customer, lines):
        return {"customerId": customer, "buildingId": self.building, "currency": CURRENCY,
                "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]}

    def place(self, customer, lines, **headers):
        return self.rest.post("/v1/orders", self.wish(customer, lines), **headers)

    def order(self, id):
        return self.rest.get(f"/v1/orders/{id}").json()

    def comes_to(self, id, status, seconds=30):
        return eventually(seconds, lambda: self.order(id)["status"] == status, pause=0.1)

    def workflow(self, id):
        found = self.rest.items("/v1/workflows", definition="order-fulfilment", key=id)
        return found[0]["status"] if len(found) == 1 else f"{len(found)} workflows"

    def workflow_comes_to(self, id, status, seconds=30):
        return eventually(seconds, lambda: self.workflow(id) == status, pause=0.1)

    # --- the people --------------------------------------------------------------------------------------------------

    def _first(self, path, id, state, seconds):
        found = []
        eventually(seconds, lambda: found.extend(
            item for item in self.rest.items(path, state=state) if item["orderId"] == id) or found, pause=0.1)
        if not found:
            raise RuntimeError(f"order {id} has no {state} item in {path}; it is {self.order(id)}")
        return found[0]

    def pick(self, id, less=0, seconds=30):
        """Everything, but for `less` pieces of the first line; all lines, but nothing, with less=None."""
        pick = self._first("/v1/picks", id, "open", seconds)
        for line in pick["lines"]:
            found = 0 if less is None else line["quantity"] - (less if line["line"] == 1 else 0)
            self.rest.send("PATCH", f"/v1/picks/{pick['id']}/lines/{line['line']}", {"picked": found})
        return self.rest.post(f"/v1/picks/{pick['id']}/complete", {})

    def delivery(self, id, state="planned", seconds=30):
        return self._first("/v1/deliveries", id, state, seconds)["id"]

    def dispatch(self, id):
        return self.rest.post(f"/v1/deliveries/{self.delivery(id)}/dispatch", {"carrier": "post"})

    def deliver(self, id):
        return self.rest.post(f"/v1/deliveries/{self.delivery(id, 'dispatched')}/deliver",
                              {"receivedBy": "a neighbour"})

    def lose(self, id):
        return self.rest.post(f"/v1/deliveries/{self.delivery(id, 'dispatched')}/fail",
                              {"reason": "it is lost", "isFinal": True})

"""What the system says of a run when all is done, read over REST."""


class Holdings:
    def __init__(self, client, shop, ids):
        self.orders = {order["id"]: order for order in client.items("/v1/orders", buildingId=shop.building)}
        known = ids | set(self.orders)
        self.workflows = {}
        for workflow in client.items("/v1/workflows", definition="order-fulfilment", createdAfter=shop.opened_at):
            if workflow.get("key") in known:
                self.workflows.setdefault(workflow["key"], []).append(workflow)
        self.holds = [hold for hold in client.items("/v1/holds") if hold["buildingId"] == shop.building]
        self.stock = {level["sku"]: level for level in client.items("/v1/stock", buildingId=shop.building)}
        self.transfers = [transfer for transfer in client.items("/v1/transfers", accountId=shop.merchant)
                          if transfer.get("orderId") in known]
        self.accounts = {account["id"]: account for account in client.items("/v1/accounts", currency=shop.currency)}
        self.returns = {order: client.ask("GET", f"/v1/orders/{order}/returns")["items"]
                        for order in self.orders if self._came_back(order)}

    def _came_back(self, order):
        return any(line.get("returned") for line in self.orders[order]["lines"])

    def count(self, *statuses):
        return sum(1 for order in self.orders.values() if order["status"] in statuses)


def moved(transfer):
    """What was really moved by a posted transfer."""
    return transfer.get("postedAmount", transfer["amount"])

"""Clients that place orders, each its next one as soon as the last is decided on. A process of its own: prints `open`
and `close` around its window, then its result as JSON."""

import argparse
import http.client
import json
import threading
import time

WAIT_SECONDS = 5
PIECES = 1_000_000
CREDIT = 10**12


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--products", type=int, default=100)
    parser.add_argument("--customers", type=int, default=20)
    parser.add_argument("--lines", type=int, default=3)
    parser.add_argument("--warmup", type=float, required=True)
    parser.add_argument("--window", type=float, required=True)
    return parser.parse_args()


class Api:
    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post(self, path, body, **headers):
        """(status, document)."""
        self._connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
        response = self._connection.getresponse()
        return response.status, json.loads(response.read() or b"null")

    def create(self, path, body):
        status, document = self.post(path, body)
        if status not in (200, 201):
            raise RuntimeError(f"POST {path}: {status} {document}")
        return document


class Shop:
    def __init__(self, options):
        api = Api(options.port)
        self.building = api.create("/v1/buildings", {"name": "Bench", "kind": "warehouse"})["id"]
        self.skus = [f"B{number}" for number in range(options.products)]
        for sku in self.skus:
            api.create("/v1/products", {"sku": sku, "name": sku, "price": 250, "currency": "EUR"})
            api.create("/v1/stock/adjustments", {"sku": sku, "buildingId": self.building, "quantity": PIECES,
                                                 "reason": "initial"})
        api.create("/v1/accounts", {"kind": "merchant", "currency": "EUR"})
        self.customers = []
        for number in range(options.customers):
            customer = api.create("/v1/customers", {"name": f"Customer {number}"})["id"]
            api.create("/v1/accounts", {"kind": "customer", "currency": "EUR", "customerId": customer,
                                        "creditLimit": CREDIT})
            self.customers.append(customer)

    def order(self, number, lines):
        return {"customerId": self.customers[number % len(self.customers)], "buildingId": self.building,
                "currency": "EUR", "deliveryAddress": {"city": "Utrecht", "country": "NL"},
                "lines": [{"sku": self.skus[(number * 7 + line * 13) % len(self.skus)], "quantity": 1 + line}
                          for line in range(lines)]}


class Load:
    def __init__(self, options, shop):
        self._options = options
        self._shop = shop
        self._ends = threading.Event()
        self._lock = threading.Lock()
        self._number = 0
        self.decided = []  # (when, seconds, status)
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(options.clients)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._ends.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self):
        api = Api(self._options.port)
        while not self._ends.is_set():
            with self._lock:
                self._number += 1
                number = self._number
            started = time.monotonic()
            status, order = api.post("/v1/orders", self._shop.order(number, self._options.lines),
                                     Prefer=f"wait={WAIT_SECONDS}")
            ended = time.monotonic()
            what = order["status"] if status == 201 else f"status {status}"
            self.decided.append((ended, ended - started, what))


def result(decided, began, ended):
    inside = [(seconds, what) for when, seconds, what in decided if began <= when < ended]
    good = sorted(seconds * 1000 for seconds, what in inside if what not in ("placed", "rejected") and " " not in what)
    statuses = {}
    for _, what in inside:
        statuses[what] = statuses.get(what, 0) + 1

    def at(share):
        return good[min(len(good) - 1, int(share * len(good)))] if good else float("nan")

    return {"orders": len(good), "rate": len(good) / (ended - began), "p50Ms": at(0.5), "p99Ms": at(0.99),
            "statuses": statuses}


def main():
    options = parse_options()
    load = Load(options, Shop(options))
    load.start()
    time.sleep(options.warmup)
    print("open", flush=True)
    began = time.monotonic()
    time.sleep(options.window)
    print("close", flush=True)
    ended = time.monotonic()
    load.stop()
    print(json.dumps(result(load.decided, began, ended)), flush=True)


main()

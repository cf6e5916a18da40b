#!/usr/bin/env python3
"""Many clients want the same product, and spend the same account: never more than there is, and nobody else waits."""
import pathlib
import sys
import threading
import time
from collections import Counter

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from rest import Rest
from shop import CURRENCY, Shop
from story import check, equal, eventually, finish, note

CLIENTS = 16
shop = Shop(Rest())


def place(rest, customer, sku, quantity):
    """`sold` or `rejected`, or what else became of it."""
    answer = rest.post("/v1/orders", {"customerId": customer, "buildingId": shop.building, "currency": CURRENCY,
                                      "lines": [{"sku": sku, "quantity": quantity}]}, Prefer="wait=10")
    if answer.status != 201:
        return str(answer)
    order = answer.json()
    eventually(60, lambda: order["status"] != "placed" or order.update(rest.get(f"/v1/orders/{order['id']}").json()))
    return "sold" if order["status"] in ("confirmed", "picking") else order["status"]


def by_many(act, count):
    """Calls act(rest, number) for each number, CLIENTS at a time; the answers."""
    answers, numbers, lock = [], iter(range(count)), threading.Lock()

    def work():
        rest = Rest(timeout=30)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            answer = act(rest, number)
            with lock:
                answers.append(answer)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


# 100 orders of 3 pieces each, for 100 pieces.
hot = shop.product("hot", 100, 100)
customer, _ = shop.customer("Hana", 1_000_000)
started = time.monotonic()
found = Counter(by_many(lambda rest, _: place(rest, customer, hot, 3), 100))
note(f"{found} in {time.monotonic() - started:.1f} s")
equal("of a hot product as much is sold as there is", found, {"sold": 33, "rejected": 67})
equal("and not a piece more", shop.stock(hot), (1, 0))

# 60 orders of 50.00 each, on a credit of 1,000.00.
book = shop.product("book", 5000, 1000)
spender, account = shop.customer("Ben", 100_000)
found = Counter(by_many(lambda rest, _: place(rest, spender, book, 1), 60))
equal("an account is not spent twice", found, {"sold": 20, "rejected": 40})
equal("every penny of it is reserved", shop.balance(account), (0, 100_000, 0))
check("what was not paid is back in stock", eventually(20, lambda: shop.stock(book) == (980, 0)), shop.stock(book))

# A hundred want the last piece of the hot product; meanwhile somebody wants another.
other = shop.product("other", 100, 1000)
slowest = []


def aside():
    rest = Rest(timeout=30)
    for _ in range(10):
        began = time.monotonic()
        answer = place(rest, customer, other, 1)
        slowest.append((time.monotonic() - began, answer))


thread = threading.Thread(target=aside)
thread.start()
by_many(lambda rest, _: place(rest, customer, hot, 1), 100)
thread.join(120)
equal("another product is sold meanwhile", [status for _, status in slowest], ["sold"] * 10)
check("and nobody waits for the hot one", max(took for took, _ in slowest) < 10, slowest)
note(f"the slowest of them took {max(took for took, _ in slowest) * 1000:.0f} ms")
finish()

"""The people of the shop: who picks the goods, and who carries them to the customers."""
import threading
import zlib

from .client import Refused, Unanswered


class Mishaps:
    """What goes wrong among people: so many of a hundred orders of each kind, the same ones every time."""

    def __init__(self, percent):
        self._percent = percent

    def has(self, invoice, what):
        return zlib.crc32(f"{what}/{invoice}".encode()) % 100 < self._percent


class Hands:
    """Looks for work of ours again and again, and does it, several pieces at a time."""

    def __init__(self, client, pool, till, mishaps, run):
        self._client = client
        self._pool = pool
        self._till = till
        self._mishaps = mishaps
        self._run_name = run
        self._busy = set()
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.faults = []
        self.done = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ends.set()
        self._thread.join(60)

    def _work(self):
        while not self._ends.is_set():
            try:
                for act, item in self._find():
                    self._begin(act, item)
            except (Refused, Unanswered) as error:
                self._fault(error)
            self._ends.wait(0.1)

    def _begin(self, act, item):
        name = (act.__name__, item["id"], item["version"])
        with self._lock:
            if item["orderId"] not in self._till.placed or item["id"] in self._busy or name in self._busy:
                return
            self._busy |= {item["id"], name}
        self._pool.submit(self._do, name, act, item)

    def _do(self, name, act, item):
        try:
            act(item, self._till.placed[item["orderId"]].invoice.number)
            self.done += 1
        except (Refused, Unanswered) as error:
            with self._lock:
                self._busy.discard(name)
            # Whoever cancels an order takes the work away from under the hands.
            if not (isinstance(error, Refused) and error.status == 409):
                self._fault(error)
        finally:
            with self._lock:
                self._busy.discard(item["id"])

    def _fault(self, error):
        with self._lock:
            self.faults.append(str(error))

    def _post(self, path, body, key):
        self._client.ask("POST", path, body, key=f"{self._run_name}/{key}")


class Warehouse(Hands):
    def _find(self):
        return [(self._pick, pick) for pick in
                self._client.items("/v1/picks", state="open", buildingId=self._till.shop.building)]

    def _pick(self, pick, invoice):
        is_short = self._mishaps.has(invoice, "short")
        for number, line in enumerate(pick["lines"]):
            if "picked" in line:
                continue
            found = line["quantity"] - 1 if is_short and number == 0 else line["quantity"]
            self._client.ask("PATCH", f"/v1/picks/{pick['id']}/lines/{line['line']}", {"picked": found})
        self._post(f"/v1/picks/{pick['id']}/complete", {}, f"picked/{pick['id']}")


class Carrier(Hands):
    def _find(self):
        found = []
        for state, act in (("planned", self._dispatch), ("failed", self._dispatch), ("dispatched", self._hand_over)):
            found += [(act, delivery) for delivery in self._client.items("/v1/deliveries", state=state)
                      if not delivery.get("isFinal")]
        return found

    def _dispatch(self, delivery, invoice):
        attempt = delivery["attempts"] + 1
        self._post(f"/v1/deliveries/{delivery['id']}/dispatch",
                   {"carrier": "Demo Parcel", "carrierReference": f"DP-{invoice}-{attempt}"},
                   f"dispatch/{delivery['id']}/{attempt}")

    def _hand_over(self, delivery, invoice):
        attempt = delivery["attempts"]
        path, key = f"/v1/deliveries/{delivery['id']}", f"{delivery['id']}/{attempt}"
        if self._mishaps.has(invoice, "lost"):
            self._post(f"{path}/fail", {"reason": "the parcel is lost", "isFinal": True}, f"lost/{key}")
        elif self._mishaps.has(invoice, "closed") and attempt == 1:
            self._post(f"{path}/fail", {"reason": "nobody is there"}, f"closed/{key}")
        else:
            self._post(f"{path}/deliver", {"receivedBy": "the customer"}, f"deliver/{key}")

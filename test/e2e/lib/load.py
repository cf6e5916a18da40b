"""A constant load of creates and reads over connections that are kept, and the account of it afterwards."""
import threading
import time
import uuid

from rest import Rest
from story import eventually


class Load:
    """Creates buildings and reads them back until stop(); never tries anything twice.

    Every request has a key of its own, so that what a replica did twice would show as a second building.
    """

    def __init__(self, threads=8, pause=0.03):
        self.prefix = f"load {uuid.uuid4().hex[:12]}"
        self.created = {}
        self.pending = 0
        self.requests = 0
        self.failures = []
        self.slowest = 0.0
        self._pause = pause
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(threads)]
        self._started = time.monotonic()

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(30)

    def mark(self):
        """Where the account stands now: what a phase of the story adds is the difference."""
        with self._lock:
            mark = {"requests": self.requests, "failures": list(self.failures), "pending": self.pending,
                    "slowest": self.slowest}
            self.slowest = 0.0
            return mark

    def wait_for(self, requests, seconds=30):
        """Until that many more requests have been answered, so that a phase has really seen load."""
        goal = self.requests + requests
        return eventually(seconds, lambda: self.requests >= goal)

    def _run(self, number):
        rest = Rest(timeout=15)
        count = 0
        while not self._stop.is_set():
            count += 1
            building = self._create(rest, f"{self.prefix} {number} {count}")
            if building:
                self._ask(rest, "GET", f"/v1/buildings/{building}", 200)
                if count % 4 == 0:
                    self._ask(rest, "GET", f"/v1/buildings/{building}/workflows", 200)
            time.sleep(self._pause)

    def _create(self, rest, name):
        answer = self._ask(rest, "POST", "/v1/buildings", 201, body={"name": name}, Idempotency_Key=uuid.uuid4().hex)
        if answer is None:
            return None
        building = answer.json()
        with self._lock:
            self.created[building["id"]] = name
            self.pending += building["workflow"]["status"] == "pending"
        return building["id"]

    def _ask(self, rest, method, path, wanted, **more):
        started = time.monotonic()
        try:
            answer = rest.send(method, path, **more)
            wrong = None if answer.status == wanted else repr(answer)
        except Exception as error:
            answer, wrong = None, f"{type(error).__name__}: {error}"
        took = time.monotonic() - started
        with self._lock:
            self.requests += 1
            self.slowest = max(self.slowest, took)
            if wrong:
                self.failures.append(f"{started - self._started:7.3f} s + {took:.3f} s  {method} {path}: {wrong}")
        return None if wrong else answer


def account(load):
    """(buildings that a 201 promised and that are not there, doubled or unasked ones, workflows of each)."""
    rest = Rest()
    eventually(30, lambda: not rest.get("/v1/intents", state="pending").json()["items"], pause=0.2)
    listed = rest.items("/v1/buildings", namePrefix=load.prefix)
    found = {item["id"] for item in listed}
    names = [item["name"] for item in listed]
    counts = dict.fromkeys(found, 0)
    for workflow in rest.items("/v1/workflows"):
        if workflow["buildingId"] in counts:
            counts[workflow["buildingId"]] += 1
    missing = sorted(set(load.created) - found)
    doubled = sorted(name for name in set(names) if names.count(name) > 1)
    return missing, doubled, counts

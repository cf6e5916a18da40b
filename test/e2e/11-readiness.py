#!/usr/bin/env python3
"""What the probes say while a part is away, while a process stops, and in between."""
import contextlib
import http.client
import json
import pathlib
import sys
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from rest import Rest
from story import check, equal, eventually, finish, hand

rest = Rest()


def probe(service, index, path="/health/ready"):
    try:
        return json.loads(hand("ops", service, index, path))
    except (RuntimeError, ValueError):
        return {"status": "no answer", "info": {}, "error": {}, "details": {}}


def ready(service, index=1):
    return probe(service, index)["status"] == "ok"


def shape():
    report = rest.get("/health")
    equal("/health is 200 when all is well", report.status, 200)
    body = report.json()
    equal("it has the shape of terminus", sorted(body), ["details", "error", "info", "status"])
    equal("its parts are told", sorted(body["details"]), ["database", "migrations", "nats", "process"])
    check("each is up", all(part == {"status": "up"} for part in body["info"].values()), body)
    equal("nothing is in error", body["error"], {})
    equal("it is not to be cached", "no-store" in (report.headers["Cache-Control"] or ""), True)
    for service in ("main", "workflows"):
        for path in ("/health", "/health/live", "/health/ready"):
            equal(f"{service} says so on its ops port: {path}", probe(service, 1, path)["status"], "ok")
    equal("the ops port has nothing else", probe("main", 1, "/v1/buildings").get("code"), "not_found")


@contextlib.contextmanager
def away(part, name, services, others):
    """Around what a story does without the part: these services are not ready, the others are; then all are again."""
    hand("stop_part", part)
    try:
        for service in services:
            check(f"without {part}, {service} is not ready", eventually(15, lambda: not ready(service), pause=0.2))
            report = probe(service, 1)
            equal(f"{service} says what is missing", (report["status"], report["error"].get(name, {}).get("status")),
                  ("error", "down"))
            check("with a reason in words", report["error"].get(name, {}).get("message"), report)
            equal(f"{service} is alive all the same", probe(service, 1, "/health/live")["status"], "ok")
        for service in others:
            check(f"{service} does not mind", ready(service), probe(service, 1))
        yield
    finally:
        hand("start_part", part)
    for service in services + others:
        check(f"with {part} back, {service} is ready", eventually(30, lambda: ready(service), pause=0.2),
              probe(service, 1))


def workflow_is_started(building):
    return eventually(15, lambda: len(rest.items(f"/v1/buildings/{building}/workflows")) == 1, pause=0.3)


def without_nats():
    with away("nats", "nats", ["main", "workflows"], []):
        equal("REST says so, too", rest.get("/health/ready").status, 503)
        answer = rest.post("/v1/buildings", {"name": "without a broker"})
        equal("a building is created without a broker", (answer.status, answer.json()["workflow"]["status"]),
              (201, "pending"))
        orphan = answer.json()["id"]
        answer = rest.get("/v1/workflows")
        equal("what needs a worker is 503", (answer.status, answer.json()["code"]), (503, "unavailable"))
        check("with Retry-After", answer.headers["Retry-After"], answer.headers)
    check("its workflow is started when the broker is back", workflow_is_started(orphan))


def without_database_of_main():
    with away("postgres-main", "database", ["main"], ["workflows"]):
        started = time.monotonic()
        answer = rest.post("/v1/buildings", {"name": "without a database"})
        took = time.monotonic() - started
        equal("nothing can be created", (answer.status, answer.json()["code"]), (503, "unavailable"))
        check("with Retry-After", answer.headers["Retry-After"], answer.headers)
        check("and that is said at once", took < 2, f"{took:.3f} s")
        equal("REST is alive", rest.get("/health/live").status, 200)
    check("buildings are created again",
          eventually(10, lambda: rest.post("/v1/buildings", {"name": "again"}).status == 201, pause=0.3))


def without_database_of_workers():
    with away("postgres-workflows", "database", ["workflows"], ["main"]):
        answer = rest.post("/v1/buildings", {"name": "without the workers' database"})
        equal("buildings are created", (answer.status, answer.json()["workflow"]["status"]), (201, "pending"))
        orphan = answer.json()["id"]
    check("its workflow is started when it is back", workflow_is_started(orphan))


class Watch(threading.Thread):
    """Asks one replica for its readiness again and again, and notes when it first says no."""

    def __init__(self, service, index):
        super().__init__(daemon=True)
        self.address = hand("ops_address", service, index).strip()
        self.refused = None
        self.status = None
        self._done = threading.Event()

    def run(self):
        connection = http.client.HTTPConnection(self.address, timeout=2)
        while not self._done.is_set():
            try:
                connection.request("GET", "/health/ready")
                response = connection.getresponse()
                body = response.read()
                if response.status == 503 and self.refused is None:
                    self.refused = time.monotonic()
                    self.status = json.loads(body)["status"]
            except OSError:
                connection.close()
            time.sleep(0.01)

    def stop(self):
        self._done.set()
        self.join()


def draining():
    """Readiness turns false first; only then does anything stop."""
    watch = Watch("main", 1)
    watch.start()
    mark = uuid.uuid4().hex[:12]
    answers = []
    hand("signal_part", "main", 1, "TERM")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            answers.append((time.monotonic(), rest.create(f"{mark} {len(answers)}")["id"]))
        except (OSError, http.client.HTTPException):
            # The single process has gone, and the next one is not there yet.
            if watch.refused:
                break
    watch.stop()
    equal("a process that is told to stop says that it shuts down", watch.status, "shutting_down")
    after = [at for at, _ in answers if watch.refused and at > watch.refused + 0.1]
    check("requests are answered for a while after that", after,
          f"{len(answers)} answers, none of them after readiness turned false")
    check("the process comes back", eventually(30, lambda: ready("main"), pause=0.2))
    found = {item["id"] for item in Rest().items("/v1/buildings", namePrefix=mark)}
    check("what was answered is there", {id for _, id in answers} <= found,
          f"{len(answers)} answers, {len(found)} found")


shape()
without_nats()
without_database_of_main()
without_database_of_workers()
draining()
finish()

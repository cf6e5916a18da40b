#!/usr/bin/env python3
"""One request can be followed from its traceparent through every log, and the metrics have the names they promise."""
import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))
from metrics import scrape
from nats import Nats
from rest import Rest
from story import check, equal, eventually, finish, hand

EVERYWHERE = ["http_server_request_duration_seconds", "http_server_active_requests", "http_server_open_connections",
              "http_server_refused_requests_total", "rpc_server_call_duration_seconds",
              "messaging_server_in_flight_requests", "messaging_dropped_messages_total", "messaging_connection_up",
              "db_client_operation_duration_seconds", "db_client_connection_count",
              "db_client_connection_pending_requests", "db_client_connection_wait_time_seconds",
              "lintel_storage_batch_size", "lintel_storage_batch_waiting", "lintel_build_info",
              "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"]
OF_MAIN = ["rpc_client_call_duration_seconds", "messaging_client_in_flight_requests", "lintel_intents",
           "lintel_intents_oldest_age_seconds", "lintel_intent_attempts_total"]


def lines(service):
    for line in hand("logs_of", service).splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if isinstance(entry, dict):
            yield entry


def logged(service, trace):
    return [entry for entry in lines(service) if entry.get("traceId") == trace]


def traces():
    rest = Rest()
    trace, span = uuid.uuid4().hex, uuid.uuid4().hex[:16]
    answer = rest.post("/v1/buildings", {"name": "traced"}, traceparent=f"00-{trace}-{span}-01")
    equal("a request with a traceparent is carried out", answer.status, 201)
    parent = (answer.headers["traceparent"] or "").split("-")
    equal("its trace comes back", parent[1:2], [trace])
    check("with a span of its own", len(parent) == 4 and parent[2] != span, parent)
    for service in ("main", "workflows"):
        check(f"{service} logs it under that trace", eventually(5, lambda: logged(service, trace), pause=0.3))
    entry = (logged("main", trace) or [{}])[0]
    for field in ("time", "level", "service", "replica", "event", "status", "durationMs"):
        check(f"the line says {field}", field in entry, entry)
    equal("the service is named", entry.get("service"), "main")
    worker = (logged("workflows", trace) or [{}])[0]
    check("the worker names its replica and the subject",
          worker.get("replica") and worker.get("subject") == "workflows.create", worker)

    answer = rest.send("GET", "/v1/castles", traceparent=f"00-{trace}-{span}-01")
    equal("a problem names the trace", answer.json()["traceId"], trace)
    answer = rest.send("GET", "/v1/castles", traceparent="00-nonsense")
    check("a traceparent that is none is replaced", len(answer.json()["traceId"]) == 32, answer)
    equal("by one that is logged", bool(eventually(5, lambda: logged("main", answer.json()["traceId"]), 0.3)), True)

    other = uuid.uuid4().hex
    Nats().request("workflows.get", {"id": str(uuid.uuid4())}, {"traceparent": f"00-{other}-{span}-01"})
    check("a trace from NATS is followed, too", eventually(5, lambda: logged("workflows", other), pause=0.3))
    odd = [line for service in ("main", "workflows") for line in hand("logs_of", service).splitlines()
           if not line.startswith("{")]
    equal("every line is one JSON object", odd[:3], [])


def families():
    rest = Rest()
    building = rest.create("measured")["id"]
    rest.get(f"/v1/buildings/{building}")
    rest.get(f"/v1/buildings/{building}/workflows")
    Nats().request("buildings.get", {"id": building})
    nats = Nats()
    for _ in range(60):  # Every worker has had something.
        nats.request("workflows.list", {})
    for service, wanted in (("main", EVERYWHERE + OF_MAIN), ("workflows", EVERYWHERE)):
        try:
            metrics = scrape(service, 1)
        except ValueError as error:
            check(f"the metrics of {service} can be read", False, error)
            continue
        check(f"the metrics of {service} can be read", metrics.series)
        for family in wanted:
            check(f"{service} has {family}", metrics.has(family), sorted(metrics.types))
        for family, kind in metrics.types.items():
            if kind == "histogram":
                histogram_holds(service, metrics, family)


def histogram_holds(service, metrics, family):
    """Buckets that rise to +Inf, which is the count."""
    by_labels = {}
    for name, labels, value in metrics.series:
        if name == f"{family}_bucket":
            rest = tuple(sorted((k, v) for k, v in labels.items() if k != "le"))
            by_labels.setdefault(rest, []).append((float(labels["le"]), value))
    wrong = []
    for labels, buckets in by_labels.items():
        values = [value for _, value in sorted(buckets)]
        count = metrics.sum(f"{family}_count", **dict(labels))
        if values != sorted(values) or sorted(buckets)[-1][0] != float("inf") or values[-1] != count:
            wrong.append((labels, buckets, count))
    check(f"{service}: the buckets of {family} add up", by_labels and not wrong, wrong[:1])


def numbers():
    """What happened is what is counted."""
    rest = Rest()
    route = {"http_request_method": "POST", "http_route": "/v1/buildings", "http_response_status_code": "201"}

    def created():
        return scrape("main", 1).sum("http_server_request_duration_seconds_count", **route)

    def answered(**labels):
        return scrape("main", 1).sum("rpc_client_call_duration_seconds_count", rpc_method="workflows.create", **labels)

    before, calls = created(), answered()
    for number in range(20):
        rest.create(f"counted {number}")
    equal("20 creates are 20 of their route", created() - before, 20.0)
    equal("and 20 calls of a worker", answered() - calls, 20.0)
    paths = len({labels.get("http_route") for name, labels, _ in scrape("main", 1).series if "http_route" in labels})
    for number in range(30):
        rest.get(f"/v1/nowhere/{number}/{uuid.uuid4()}")
    after = len({labels.get("http_route") for name, labels, _ in scrape("main", 1).series if "http_route" in labels})
    check("unknown paths make no new series each", after <= paths + 1, f"{paths} routes before, {after} after")
    equal("the REST port has no metrics unless asked", rest.get("/metrics").status, 404)


for service in ("main", "workflows"):
    hand("configure", service, "LOG_REQUESTS", "all")
try:
    traces()
    families()
    numbers()
finally:
    for service in ("main", "workflows"):
        hand("configure", service, "LOG_REQUESTS", "")
finish()

"""Reads the request-reply operations of the AsyncAPI documents."""

import re

import model
from documents import ContractError, Place

_SUBJECT = re.compile(r"^[a-z][A-Za-z-]*(\.[a-z][A-Za-z-]*)+$")


def read_endpoints(documents, schemas):
    """The endpoints of each service, by the name of its file in asyncapi/."""
    found = {}
    for file in documents.names("asyncapi/*.yaml"):
        service = file.split("/")[1].removesuffix(".yaml")
        operations = documents.load(file).get("operations", {})
        found[service] = [_endpoint(documents, schemas, service, Place(file) / "operations" / name)
                          for name in operations]
    return found


def _endpoint(documents, schemas, service, place):
    operation = documents.at(place)
    if operation.get("action") != "receive" or "reply" not in operation:
        raise ContractError(place, "must be a request that is received and replied to")
    channel = _follow(documents, place / "channel")
    subject = documents.at(channel).get("address", "")
    if not _SUBJECT.match(subject):
        raise ContractError(channel / "address", f"{subject!r} is no subject of the form noun.verb")
    queue = operation.get("bindings", {}).get("nats", {}).get("queue")
    if queue != f"{service}-service":
        raise ContractError(place / "bindings" / "nats" / "queue", f"must be {service}-service")
    reply = _follow(documents, place / "reply" / "channel")
    return model.Endpoint(subject, service, queue, operation.get("summary", ""),
                          _payload(documents, schemas, channel / "messages" / "request"),
                          _payload(documents, schemas, reply / "messages" / "reply"))


def _follow(documents, place):
    """The place that the reference at `place`, or a chain of them, ends at."""
    node = documents.at(place)
    while isinstance(node, dict) and "$ref" in node:
        place = documents.target(place, node["$ref"])
        node = documents.at(place)
    return place


def _payload(documents, schemas, message):
    payload = _follow(documents, message) / "payload"
    reference = documents.at(payload).get("$ref", "")
    target = documents.target(payload, reference) if reference else payload
    name = schemas.name_of(target.file)
    if target.pointer or not isinstance(schemas.types.get(name), model.Object):
        raise ContractError(payload, "must refer to an object schema of its own")
    return name

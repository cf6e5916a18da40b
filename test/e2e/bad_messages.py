"""Garbage on NATS, row by row, with the answer it gets: of every subject that is served, and of $SRV."""
import json
import os
from dataclasses import dataclass

SUBJECTS = ("workflows.create", "workflows.get", "workflows.list", "buildings.get")


# Not a NestJS packet; None would be an id.
PLAIN = object()


@dataclass(frozen=True)
class Message:
    what: str
    payload: bytes
    # Error codes that are right; 0 is an answer without one. Nothing for no answer.
    codes: tuple = (400,)
    headers: object = None
    # The id of a NestJS packet as it must come back.
    nest_id: object = PLAIN


def plain():
    for what, payload in {
        "nothing": b"", "a NUL": b"\0", "random bytes": os.urandom(512), "a kilobyte of 0xff": b"\xff" * 1024,
        "half a document": b'{"name": "x', "two documents": b"{}{}", "a word": b"hello", "invalid UTF-8": b'"\xc3\x28"',
        "a depth bomb": b"[" * 200_000, "a depth bomb of objects": b'{"a":' * 100_000,
    }.items():
        yield Message(what, payload)
    for what, payload in {"null": b"null", "a number": b"17", "a string": b'"x"', "an array": b"[]",
                          "a field nobody knows": b'{"colour": "red"}',
                          "every field of the wrong type": b'{"name": true, "buildingId": 1.9, "id": 7, "status": 1}',
                          }.items():
        yield Message(what, payload, (422,))
    yield Message("an integer beyond 64 bits", json.dumps({"id": 2**64}).encode(), (422,))
    yield Message("almost a megabyte", b'{"name": "' + b"x" * 1_000_000 + b'"}', (400, 413, 422))
    yield Message("almost a megabyte of brackets", b"[" * 1_000_000, (400, 413))
    yield Message("a Deadline that is none", b'{"name": "x", "buildingId": 1, "id": "x"}', (400,), {"Deadline": "tomorrow"})
    yield Message("a Deadline of years ago", b"{}", (), {"Deadline": "2001-01-01T00:00:00.000Z"})
    yield Message("headers that are none", b"[]", (400, 422), b"NATS/1.0\r\nno colon here\r\n\r\n")
    yield Message("headers of odd bytes", b"[]", (400, 422), b"NATS/1.0\r\nX-\xff\xfe: \x01\x02\r\n\r\n")
    yield Message("a traceparent that is none", b"[]", (422,), {"traceparent": "00-zz-yy-xx"})


def nest():
    def packet(**fields):
        return json.dumps(fields).encode()

    for packet_id in ("", 0, -1, 1.5, "x" * 10_000, True, False, None, [], {}, [1, [2]], "\u00fc\U0001f3e0"):
        yield Message(f"a packet with the id {packet_id!r}"[:60], packet(pattern="p", data=[], id=packet_id), (422,),
                      nest_id=packet_id)
    yield Message("a packet whose id has a NUL", packet(pattern="p", data=[], id="\0"), (400,), nest_id="\0")
    for data in (None, 1, "x", [], {"colour": 1}):
        yield Message(f"a packet with the data {data!r}", packet(pattern="p", data=data, id="7"), (422,), nest_id="7")
    yield Message("a packet with an integer beyond 64 bits", packet(pattern="p", data={"id": 2**64}, id="7"), (422,),
                  nest_id="7")
    yield Message("a packet that is an event", packet(pattern="p", data=[]), ())
    yield Message("a pattern that is an object", packet(pattern={"cmd": "x"}, data=[], id="7"), (422,))
    yield Message("a packet without data", packet(pattern="p", id="7"), (422,))


def rows():
    return [*plain(), *nest()]

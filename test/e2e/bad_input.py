"""What nobody should send, row by row, with the answer it gets. The stories run it against a whole stack.

A row of HTTP says what is sent as bytes, which statuses are right, and what becomes of the connection. A status of
None is a connection that is closed without an answer. Rows of NATS are in bad_messages.py.
"""
import json
from dataclasses import dataclass

MIB = 1 << 20
KEEP, CLOSE, EITHER = "is kept", "is closed", "is kept or closed"


@dataclass(frozen=True)
class Row:
    what: str
    data: bytes
    status: tuple
    code: str = ""
    then: str = EITHER
    # How long the row may take: those that wait for a time limit of the server take longer.
    seconds: float = 10


def request(method, target, *headers, body=b"", host=True):
    lines = [f"{method} {target} HTTP/1.1".encode()] + ([b"Host: h"] if host else [])
    lines += [h if isinstance(h, bytes) else h.encode() for h in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def post(body, *headers, target="/v1/buildings"):
    body = body if isinstance(body, bytes) else body.encode()
    return request("POST", target, "Content-Type: application/json", f"Content-Length: {len(body)}", *headers,
                   body=body)


def chunked(body, target="/v1/buildings"):
    return request("POST", target, "Content-Type: application/json", "Transfer-Encoding: chunked", body=body)


def building(**fields):
    return post(json.dumps({"name": "bad", **fields}))


def malformed_json():
    texts = {
        "nothing": "", "a brace": "{", "no brace": '"name": "x"}', "a word": "hello", "two documents": '{"name":"x"}{}',
        "a comma too many": '{"name": "x",}', "single quotes": "{'name': 'x'}", "a comment": '{"name": "x" /* y */}',
        "NaN": '{"name": "x", "floorAreaM2": NaN}', "a hexadecimal number": '{"name": "x", "floors": 0x10}',
        "a leading zero": '{"name": "x", "floors": 01}', "a lone surrogate": '{"name": "\\ud800"}',
        "an unknown escape": '{"name": "\\x41"}', "a raw line feed in a string": '{"name": "a\nb"}',
        "a byte order mark in the middle": '{\ufeff"name": "x"}',
    }
    for what, text in texts.items():
        yield Row(f"JSON: {what}", post(text), (400,), "malformed", KEEP)
    yield Row("JSON: a raw NUL", post(b'{"name": "a\0b"}'), (400,), "malformed", KEEP)
    for what, data in {"a stray continuation byte": b"\x80", "an overlong slash": b"\xc0\xaf", "half a character": b"\xe2\x82",
                       "a surrogate": b"\xed\xa0\x80", "beyond Unicode": b"\xf4\x90\x80\x80", "0xff": b"\xff"}.items():
        yield Row(f"UTF-8: {what}", post(b'{"name": "a' + data + b'"}'), (400,), "malformed", KEEP)
    yield Row("UTF-16", post('{"name": "x"}'.encode("utf-16")), (400,), "malformed", KEEP)
    for what, data in {"arrays": b"[" * 100_000, "objects": b'{"a":' * 100_000,
                       "closed arrays": b"[" * 100_000 + b"]" * 100_000,
                       "attributes": b'{"name":"x","attributes":' + b'{"a":' * 5000 + b"1" + b"}" * 5001}.items():
        yield Row(f"depth bomb of {what}", post(data), (400,), "malformed", KEEP)
    deep = {}
    for _ in range(9):
        deep = {"a": deep}
    yield Row("attributes deeper than 8", building(attributes=deep), (422,), "invalid", KEEP)
    yield Row("attributes larger than 16 KiB", building(attributes={"a": "x" * 17_000}), (422,), "invalid", KEEP)
    yield Row("a million empty objects", post('{"name": "x", "attributes": {"a": [' + "{}," * 300_000 + "{}]}}"), (422,),
              "invalid", KEEP)


def wrong_values():
    wrong = {
        "name": [None, 1, True, [], {}, "", "x" * 201, "\0"],
        "kind": ["castle", "", "Store", 1, None, ["store"]],
        "parentId": ["17", 17, True, "0" * 36, "01a1f91f-7bf7-7079-8263-e3730f8e699a ", {}],
        "yearBuilt": [1.9, "1962", True, 0, -5, 2101, 1e3 + 0.5, 2**63, 2**64 + 1, -(2**63) - 1, 1e400],
        "floors": [1.9, "3", True, -1, 301, 2**32 + 1, [3]],
        "floorAreaM2": ["12", True, -1, -0.5, [], 1e400],
        "address": ["1 Main St", 1, [], True, {"city": 1}, {"planet": "Mars"}, {"city": "x" * 101}],
        "location": [{}, {"latitude": 1}, {"latitude": 91, "longitude": 0}, {"latitude": 0, "longitude": -180.5},
                     {"latitude": "1", "longitude": "2"}, {"latitude": True, "longitude": 0}, [1, 2]],
        "owner": [1, "me", {"userId": 5}, {"admin": True}],
        "attributes": [1, "a", [], True], "metadata": [1, "a", [], True],
        "id": ["01a1f91f-7bf7-7079-8263-e3730f8e699a"], "version": [1], "createdAt": ["2020-01-01T00:00:00.000Z"],
        "deletedAt": [None], "workflow": [{}], "colour": ["red"], "": [1], "__proto__": [{}],
    }
    for field, values in wrong.items():
        for value in values:
            text = json.dumps({"name": "bad", field: value})
            # Python writes what is beyond a double as Infinity; JSON has digits for it.
            text = text.replace("Infinity", "1e400")
            what = text[:60] + ("..." if len(text) > 60 else "")
            unreadable = "1e400" in text or "\\u0000" in text
            yield Row(f"value: {what}", post(text), (400, 422) if unreadable else (422,), "", KEEP)
    yield Row("value: the name twice", post('{"name": "a", "name": "b"}'), (400, 422), "", KEEP)
    for text in ("[]", '"building"', "17", "null", "true", "{}"):
        yield Row(f"value: {text} is no building", post(text), (422,), "invalid", KEEP)


def wrong_targets():
    some = "/v1/buildings/01a1f91f-7bf7-7079-8263-e3730f8e699a"
    for target in ("/v1/buildings/%zz", "/v1/buildings/%", "/v1/buildings/%4", "/v1/buildings/%00", "/v1/buildings/%ff",
                   "/v1/buildings/%c0%af", "/v1/buildings?namePrefix=%zz", "/v1/buildings?namePrefix=%ed%a0%80",
                   "/v1/buildings?%00=1", "/v1/buildings#top", "v1/buildings"):
        yield Row(f"target: {target}", request("GET", target), (400,), "malformed")
    for target in ("/", "/v1", "/v1/", "/v1/buildings/", "/v1/castles", "//v1/buildings", "/v1/buildings/../../etc/passwd",
                   "/V1/BUILDINGS", f"{some}/rooms", "/v1/buildings/" + "a" * 8000, "/metrics"):
        yield Row(f"target: {target[:60]}", request("GET", target), (404,), "not_found", KEEP)
    for method in ("PUT", "TRACE", "get", "BREW", "DELETE"):
        yield Row(f"method: {method} of the list", request(method, "/v1/buildings"), (405,), "method_not_allowed")
    yield Row("method: CONNECT", request("CONNECT", "example.org:443"), (400, 404, 405), "")
    yield Row("method: one of 10,000 letters", request("M" * 10_000, "/v1/buildings"), (400, 405, 431), "")
    for query in ("pageToken=nonsense", "pageToken=" + "A" * 999, "pageToken=%F0%9F%8F%A0",
                  "pageToken=01a1f924c1817033903edd2714cf0b91a1de312f6e605d2e93d3585cc1061de3"):
        yield Row(f"page: {query[:40]}", request("GET", f"/v1/buildings?{query}"), (400,), "malformed", KEEP)
    for query in ("pageSize=0", "pageSize=-1", "pageSize=1.9", "pageSize=true", "pageSize=2e1",
                  "kind=castle", "colour=red", "parentId=17", "kind=store&kind=store", "pageToken=", "namePrefix=",
                  "pageToken=" + "A" * 1001):
        yield Row(f"page: {query[:40]}", request("GET", f"/v1/buildings?{query}"), (422,), "invalid", KEEP)
    yield Row("page: 200 parameters", request("GET", "/v1/buildings?" + "&".join(f"p{n}=1" for n in range(200))),
              (400, 422), "")
    for tag in ("1", '"1', '"1" "2"', "W/1", "\x01"):
        yield Row(f"If-Match: {tag!r}", request("DELETE", some, f"If-Match: {tag}"), (400,), "malformed")
    for key in ("", '""', '"half', "k" * 256, "two words", "\u00fcber"):
        yield Row(f"Idempotency-Key: {key[:20]!r}", post('{"name": "x"}', f"Idempotency-Key: {key}".encode()), (400,),
                  "malformed")
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=latin1",
                 "json"):
        data = request("POST", "/v1/buildings", f"Content-Type: {kind}", "Content-Length: 13", body=b'{"name": "x"}')
        yield Row(f"Content-Type: {kind}", data, (415,), "unsupported_media", KEEP)


def wrong_framing():
    small = b'{"name": "x"}'

    def lengths(*headers, body=small):
        return request("POST", "/v1/buildings", "Content-Type: application/json", *headers, body=body)

    for what, data in {
        "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 no HTTP\r\n\r\n",
        "an HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "HTTP/0.9": b"GET /v1/buildings\r\n\r\n",
        "HTTP/7.5": b"GET /v1/buildings HTTP/7.5\r\nHost: h\r\n\r\n",
        "no Host": request("GET", "/v1/buildings", host=False),
        "two Hosts": request("GET", "/v1/buildings", "Host: g"),
        "a NUL in a header": request("GET", "/v1/buildings", b"X: a\0b"),
        "a NUL in the target": b"GET /v1/build\0ings HTTP/1.1\r\nHost: h\r\n\r\n",
        "a space before the colon": request("GET", "/v1/buildings", "X : a"),
        "a header without a name": request("GET", "/v1/buildings", ": a"),
        "a header without a colon": request("GET", "/v1/buildings", "just words"),
        "Content-Length: abc": lengths("Content-Length: abc"),
        "Content-Length: -5": lengths("Content-Length: -5"),
        "Content-Length: +13": lengths("Content-Length: +13"),
        "Content-Length: 0x0d": lengths("Content-Length: 0x0d"),
        "Content-Length: 13, 13": lengths("Content-Length: 13, 13"),
        "two lengths that differ": lengths("Content-Length: 13", "Content-Length: 14"),
        "the same length twice": lengths("Content-Length: 13", "Content-Length: 13"),
        "length and chunks": lengths("Content-Length: 13", "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        "chunks and length": lengths("Transfer-Encoding: chunked", "Content-Length: 13", body=b"0\r\n\r\n"),
        "an unknown coding": lengths("Transfer-Encoding: gzip"),
        "chunked, but not last": lengths("Transfer-Encoding: chunked, gzip"),
        "chunk size -1": chunked(b"-1\r\n"),
        "chunk size zz": chunked(b"zz\r\n"),
        "chunk size 0x5": chunked(b"0x5\r\nhello\r\n0\r\n\r\n"),
        "an empty chunk size": chunked(b"\r\nhello\r\n0\r\n\r\n"),
        "a chunk longer than its size": chunked(b"5\r\nhello, world\r\n0\r\n\r\n"),
    }.items():
        yield Row(f"framing: {what}", data, (400, 501, 505), "", CLOSE)
    for size in ("7fffffff", "80000000", "ffffffff", "7fffffffffffffff", "ffffffffffffffff", "1" + "0" * 30):
        yield Row(f"framing: chunk size {size}", chunked(f"{size}\r\n".encode()), (400, 413), "", CLOSE)


def too_large():
    large = b'{"name": "' + b"x" * (2 * MIB) + b'"}'
    yield Row("size: a body of 2 MiB", post(large), (413,), "too_large", CLOSE)
    yield Row("size: 2 MiB announced, nothing sent",
              request("POST", "/v1/buildings", "Content-Type: application/json", f"Content-Length: {2 * MIB}"),
              (413,), "too_large", CLOSE)
    yield Row("size: an exabyte announced", request("POST", "/v1/buildings", "Content-Length: 1152921504606846976"),
              (413,), "too_large", CLOSE)
    yield Row("size: a length beyond 64 bits", request("POST", "/v1/buildings", "Content-Length: 99999999999999999999"),
              (400, 413), "", CLOSE)
    pieces = b"".join(b"10000\r\n" + b"x" * 0x10000 + b"\r\n" for _ in range(32))
    yield Row("size: 2 MiB in chunks", chunked(pieces + b"0\r\n\r\n"), (413,), "too_large", CLOSE)
    yield Row("size: 2 MiB in chunks of one byte", chunked(b"1\r\nx\r\n" * (2 * MIB)), (413,), "too_large", CLOSE)
    yield Row("size: an endless chunk extension", chunked(b"1;" + b"a" * (3 * MIB)), (400, 431), "", CLOSE)
    yield Row("size: an endless trailer", chunked(b"0\r\nX: " + b"a" * (3 * MIB)), (400, 431), "", CLOSE)
    yield Row("size: a header of 3 MB", request("GET", "/v1/buildings", "X: " + "a" * (3 * MIB)), (431,),
              "headers_too_large", CLOSE)
    yield Row("size: 100,000 headers", request("GET", "/v1/buildings", *(f"X-{n}: y" for n in range(100_000))), (431,),
              "headers_too_large", CLOSE)
    yield Row("size: a target of 3 MB", request("GET", "/" + "a" * (3 * MIB)), (431,), "headers_too_large", CLOSE)
    yield Row("size: 3 MB of empty lines", b"\r\n" * (3 * MIB // 2), (400, 431, None), "", CLOSE)


def too_slow():
    yield Row("slow: says nothing", b"", (None, 408), "", CLOSE, 12)
    yield Row("slow: stops in the request line", b"GET /v1/bu", (None, 408), "", CLOSE, 12)
    yield Row("slow: stops in the headers", b"GET /v1/buildings HTTP/1.1\r\nHost: h\r\n", (None, 408), "", CLOSE, 12)


ROWS = [*malformed_json(), *wrong_values(), *wrong_targets(), *wrong_framing(), *too_large()]
SLOW_ROWS = [*too_slow()]

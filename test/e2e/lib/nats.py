"""NATS's text protocol by hand, so that anything can be said: a client that checks nothing it sends."""
import json
import os
import select
import socket
import time
import urllib.parse
import uuid

URL = os.environ.get("NATS_URL", "nats://127.0.0.1:4222")


class Message:
    def __init__(self, subject, headers, payload, reply=""):
        self.subject = subject
        self.headers = headers
        self.payload = payload
        self.reply = reply

    def json(self):
        return json.loads(self.payload)

    @property
    def error(self):
        """Nats-Service-Error-Code as a number, 0 without."""
        return int(self.headers.get("nats-service-error-code", "0"))

    def __repr__(self):
        return f"{self.headers} {self.payload[:300]!r}"


class Nats:
    """One connection, of one thread at a time. Answers go to one inbox.

    It answers the broker's pings only while it reads, so connect when there is something to say.
    """

    def __init__(self, timeout=5):
        parts = urllib.parse.urlsplit(URL)
        self._socket = socket.create_connection((parts.hostname, parts.port or 4222), timeout)
        self._input = b""
        self._inbox = f"_INBOX.{uuid.uuid4().hex}"
        self._count = 0
        self._read_line(time.monotonic() + timeout)
        options = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True, "name": "story",
                   "lang": "python", "version": "1"}
        self.write(b"CONNECT " + json.dumps(options).encode() + b"\r\nSUB " + self._inbox.encode() + b".* 1\r\n")
        self.flush()

    def write(self, data):
        self._socket.sendall(data)

    def publish(self, subject, payload=b"", reply="", headers=None):
        if not isinstance(payload, bytes):
            payload = json.dumps(payload).encode()
        target = f"{subject} {reply}" if reply else subject
        if headers is None:
            self.write(f"PUB {target} {len(payload)}\r\n".encode() + payload + b"\r\n")
            return
        if not isinstance(headers, bytes):
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            headers = f"NATS/1.0\r\n{lines}\r\n".encode()
        size = f"{len(headers)} {len(headers) + len(payload)}"
        self.write(f"HPUB {target} {size}\r\n".encode() + headers + payload + b"\r\n")

    def subscribe(self, subject, group=""):
        self._count += 1
        self.write(f"SUB {subject}{' ' + group if group else ''} {self._count + 1}\r\n".encode())
        self.flush()

    def new_inbox(self):
        self._count += 1
        return f"{self._inbox}.{self._count}"

    def request(self, subject, payload=b"", headers=None, timeout=5):
        """The answer, or None when none came."""
        inbox = self.new_inbox()
        self.publish(subject, payload, inbox, headers)
        return next((m for m in self.messages(timeout) if m.subject == inbox), None)

    def ask_all(self, subject, wait=0.5):
        """Every answer that comes within the wait, of as many as there are."""
        inbox = self.new_inbox()
        self.publish(subject, b"", inbox)
        return [m for m in self.messages(wait) if m.subject == inbox and m.payload]

    def messages(self, timeout):
        """What arrives until the timeout."""
        end = time.monotonic() + timeout
        while (message := self._next(end)) is not None:
            yield message

    def flush(self, timeout=10):
        """Returns once the broker has taken everything; throws when it has closed the connection."""
        self.write(b"PING\r\n")
        end = time.monotonic() + timeout
        while (line := self._read_line(end)) != b"PONG":
            if line is None:
                raise TimeoutError("the broker does not answer")
            self._consume(line, end)

    def close(self):
        self._socket.close()

    def _next(self, end):
        while (line := self._read_line(end)) is not None:
            message = self._consume(line, end)
            if message:
                return message
        return None

    def _consume(self, line, end):
        words = line.decode().split(" ")
        if words[0] == "PING":
            self.write(b"PONG\r\n")
        elif words[0] == "-ERR":
            raise ConnectionError(line.decode())
        elif words[0] == "MSG":
            reply = words[3] if len(words) == 5 else ""
            return Message(words[1], {}, self._read_bytes(int(words[-1]), end), reply)
        elif words[0] == "HMSG":
            data = self._read_bytes(int(words[-1]), end)
            head = int(words[-2])
            return Message(words[1], _headers(data[:head]), data[head:], words[3] if len(words) == 6 else "")
        return None

    def _read_line(self, end):
        while b"\r\n" not in self._input:
            if not self._fill(end):
                return None
        line, self._input = self._input.split(b"\r\n", 1)
        return line

    def _read_bytes(self, count, end):
        while len(self._input) < count + 2:
            if not self._fill(end + 5):
                raise TimeoutError("a message stops in the middle")
        data, self._input = self._input[:count], self._input[count + 2:]
        return data

    def _fill(self, end):
        ready, _, _ = select.select([self._socket], [], [], max(0, end - time.monotonic()))
        if not ready:
            return False
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the broker has closed the connection")
        self._input += data
        return True


def _headers(block):
    """Names in lower case; the status line of a broker's own message as `status`."""
    first, *lines = block.decode("utf-8", "replace").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name}
    if len(first) > len("NATS/1.0"):
        headers["status"] = first[len("NATS/1.0"):].strip()
    return headers

"""A few lines of the NATS protocol, to listen in and to answer as nobody should."""

import json
import re
import socket
import threading

from process import Failed


class Message:
    def __init__(self, subject, reply, headers, payload):
        self.subject = subject
        self.reply = reply
        self.headers = headers
        self.payload = payload


class NatsSocket:
    """A connection of its own, which does not hear what it publishes. Handlers run on its reading thread."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._file = self._socket.makefile("rb")
        self._lock = threading.Lock()
        self._handlers = {}
        self._pong = threading.Event()
        self._file.readline()  # INFO
        options = {"verbose": False, "pedantic": False, "echo": False, "headers": True, "no_responders": True,
                   "lang": "python3", "version": "1", "protocol": 1, "name": "chaos"}
        self._send(f"CONNECT {json.dumps(options)}\r\n".encode())
        self._socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()
        self.flush()

    def subscribe(self, subject, handler, queue_group=""):
        number = str(len(self._handlers) + 1)
        self._handlers[number] = handler
        self._send(f"SUB {subject} {queue_group} {number}\r\n".encode())
        self.flush()

    def publish(self, subject, payload, headers=None):
        if not headers:
            self._send(b"PUB %s %d\r\n%s\r\n" % (subject.encode(), len(payload), payload))
            return
        lines = "NATS/1.0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        block = lines.encode()
        self._send(b"HPUB %s %d %d\r\n%s%s\r\n" % (subject.encode(), len(block), len(block) + len(payload), block,
                                                   payload))

    def flush(self):
        self._pong.clear()
        self._send(b"PING\r\n")
        if not self._pong.wait(10):
            raise Failed("NATS did not answer the test's own connection")

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()

    def _send(self, data):
        try:
            with self._lock:
                self._socket.sendall(data)
        except OSError:
            pass  # the broker is among what is killed

    def _read(self):
        try:
            for line in self._file:
                self._take(line)
        except (OSError, ValueError):
            pass

    def _take(self, line):
        verb, *words = line.decode().split()
        if verb == "PING":
            self._send(b"PONG\r\n")
        elif verb == "PONG":
            self._pong.set()
        elif verb in ("MSG", "HMSG"):
            header_size = int(words[-2]) if verb == "HMSG" else 0
            data = self._file.read(int(words[-1]) + 2)[:-2]
            reply = words[2] if len(words) == (5 if verb == "HMSG" else 4) else ""
            headers = dict(re.findall(r"^([^:\r\n]+): ?(.*?)\r$", data[:header_size].decode(), re.MULTILINE))
            self._handlers[words[1]](Message(words[0], reply, headers, data[header_size:]))

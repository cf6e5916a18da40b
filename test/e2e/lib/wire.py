"""HTTP on a bare socket, for requests that no client would send."""
import select
import socket
import time

from rest import host_and_port


class Wire:
    """A connection that sends whatever it is given and reads whatever comes."""

    def __init__(self):
        self._socket = socket.create_connection(host_and_port(), 10)
        self._socket.setblocking(False)
        self._input = b""
        self.is_open = True

    def send(self, data, seconds):
        """Sends and reads at the same time: the answer to what is too large comes before its end."""
        left = memoryview(data)
        end = time.monotonic() + seconds
        while left and self.is_open and not self._input and time.monotonic() < end:
            readable, writable, _ = select.select([self._socket], [self._socket], [], 0.2)
            if readable:
                self._read()
            elif writable:
                try:
                    left = left[self._socket.send(left[:1 << 16]):]
                except OSError:
                    self.is_open = False

    def answer(self, seconds):
        """(status, headers, body), or (None, {}, b"") when the connection ends or the time does."""
        end = time.monotonic() + seconds
        while b"\r\n\r\n" not in self._input and self._more(end):
            continue
        if b"\r\n\r\n" not in self._input:
            return None, {}, b""
        head, rest = self._input.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(rest) < length and self._more(end):
            rest = self._input.split(b"\r\n\r\n", 1)[1]
        self._input = rest[length:]
        return int(first.split(" ")[1]), headers, rest[:length]

    def ends_within(self, seconds):
        end = time.monotonic() + seconds
        while self._more(end):
            self._input = b""
        return not self.is_open

    def close(self):
        self._socket.close()

    def _more(self, end):
        if not self.is_open:
            return False
        readable, _, _ = select.select([self._socket], [], [], max(0, end - time.monotonic()))
        if not readable:
            return False
        self._read()
        return self.is_open

    def _read(self):
        try:
            data = self._socket.recv(1 << 16)
        except OSError:
            data = b""
        self._input += data
        self.is_open = bool(data)

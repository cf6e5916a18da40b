"""One client's connection to the REST API."""

import http.client
import json
import time


class Attempt:
    """One request and what became of it: `status` is 0 when nobody knows, and then `error` says why."""

    def __init__(self, status, headers, body, error, seconds, port):
        self.status = status
        self.headers = headers
        self.body = body
        self.error = error
        self.seconds = seconds
        self.port = port
        self.at = time.time()

    def __str__(self):
        what = self.error if self.status == 0 else f"{self.status} {self.body if self.status != 201 else ''}"
        clock = time.strftime("%H:%M:%S", time.gmtime(self.at))
        return f"{clock}.{int(self.at % 1 * 1000):03} port {self.port} after {self.seconds * 1000:.0f} ms: {what}"


class Connection:
    """Keeps its connection alive, as most clients do, unless told otherwise. Not for several threads."""

    def __init__(self, port, keep_alive=True, timeout=12):
        """By default clients are more patient than REQUEST_DEADLINE: the service has to answer before they give up."""
        self.port = port
        self._timeout = timeout
        self._keep_alive = keep_alive
        self._connection = None

    def request(self, method, path, body=None, headers=None):
        started = time.monotonic()

        def attempt(status, answer_headers, answer, error):
            return Attempt(status, answer_headers, answer, error, time.monotonic() - started, self.port)

        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self._timeout)
            self._connection.request(method, path, body, headers or {})
            response = self._connection.getresponse()
            text = response.read()
            if not self._keep_alive or response.will_close:
                self.close()
            return attempt(response.status, response.headers, json.loads(text) if text else None, None)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            return attempt(0, {}, None, f"{type(error).__name__}: {error}")

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def create_building(self, key):
        """The key is the name too, so that a second building under one key shows by itself."""
        return self.request("POST", "/v1/buildings", json.dumps({"name": key, "kind": "store"}),
                            {"Content-Type": "application/json", "Idempotency-Key": key})

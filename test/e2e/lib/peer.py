"""A service that steps of workflows call: it notes every request and answers what the story wants."""
import json
import threading
import time
import uuid

from nats import Nats


class Peer:
    """Answers `peer.ID.>`; `subject("charge")` is what a step names. Answers are made by `on[name]`, a function of the
    request's document that returns the answer's, None for no answer at all, or an Error."""

    def __init__(self):
        self._prefix = f"peer.{uuid.uuid4().hex[:12]}"
        self._nats = Nats()
        self._nats.subscribe(f"{self._prefix}.>")
        self._lock = threading.Lock()
        self._stops = False
        self.on = {}
        self.requests = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def subject(self, name):
        return f"{self._prefix}.{name}"

    def effects(self):
        """The names of what was asked for, each Idempotency-Key once, in the order of the first request."""
        with self._lock:
            seen, names = set(), []
            for name, key, _ in self.requests:
                if key not in seen:
                    seen.add(key)
                    names.append(name)
            return names

    def times(self, name):
        """When it was asked for, by the monotonic clock."""
        with self._lock:
            return [at for asked, _, at in self.requests if asked == name]

    def close(self):
        self._stops = True
        self._thread.join(5)
        self._nats.close()

    def _serve(self):
        while not self._stops:
            for message in self._nats.messages(0.2):
                name = message.subject[len(self._prefix) + 1:]
                with self._lock:
                    self.requests.append((name, message.headers.get("idempotency-key"), time.monotonic()))
                answer = self.on.get(name, lambda document: {"did": name})(json.loads(message.payload or b"null"))
                if isinstance(answer, Error):
                    headers = {"Nats-Service-Error-Code": answer.status, "Nats-Service-Error": answer.text}
                    self._nats.publish(message.reply, {"code": answer.code, "detail": answer.text}, headers=headers)
                elif answer is not None and message.reply:
                    self._nats.publish(message.reply, answer)


class Error:
    def __init__(self, status, code, text):
        self.status, self.code, self.text = status, code, text


def step(peer, name, **more):
    """A request step of a definition."""
    return {"name": name, "request": {"subject": peer.subject(name)}, **more}


def undone(peer, name, **more):
    """The same with a compensation, `undo-NAME`."""
    return step(peer, name, compensate={"request": {"subject": peer.subject(f"undo-{name}")}}, **more)


QUICK = {"initialInterval": "100ms", "maximumInterval": "200ms"}

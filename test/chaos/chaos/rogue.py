"""Those who answer as nobody should, and those who listen in."""

import json
import threading
import uuid

from nats_wire import NatsSocket

SUBJECT = "workflows.create"
QUEUE_GROUP = "workflows-service"


class Rogue:
    """A member of the workers' queue group that answers with what `answers(message)` gives: a list of
    (seconds to wait, payload, headers)."""

    def __init__(self, port, answers):
        self.taken = 0
        self._socket = NatsSocket(port)
        self._answers = answers
        self._socket.subscribe(SUBJECT, self._take, QUEUE_GROUP)

    def leave(self):
        self._socket.flush()
        self._socket.close()

    def _take(self, message):
        self.taken += 1
        for seconds, payload, headers in self._answers(message):
            _later(seconds, self._socket.publish, message.reply, payload, headers)


class Echo:
    """Says every answer that comes by again: at once, and some time later."""

    def __init__(self, port, later):
        self.heard = 0
        self._later_seconds = later
        self._socket = NatsSocket(port)
        self._socket.subscribe("_INBOX.>", self._repeat)

    def leave(self):
        self._socket.close()

    def _repeat(self, message):
        self.heard += 1
        self._socket.publish(message.subject, message.payload, message.headers)
        _later(self._later_seconds, self._socket.publish, message.subject, message.payload, message.headers)


class Watch:
    """Does something the moment the n-th message on a subject comes by."""

    def __init__(self, port, subject, number, act):
        self._socket = NatsSocket(port)
        self._left = number
        self._act = act
        self._socket.subscribe(subject, self._see)

    def leave(self):
        self._socket.close()

    def _see(self, _):
        self._left -= 1
        if self._left == 0:
            self._act()


def workflow_for(message):
    """The answer of a worker that forgot to write anything down."""
    asked = json.loads(message.payload)
    now = "2026-01-01T00:00:00.000Z"
    return json.dumps({
        "id": str(uuid.uuid4()), "version": 1, "name": asked["name"], "status": "running",
        "buildingId": asked["buildingId"], "owner": {}, "attributes": {}, "metadata": {},
        "createdAt": now, "updatedAt": now}).encode()


def refusal(status, what):
    """An error as the services protocol spells it."""
    return (json.dumps({"code": what, "title": what, "status": status}).encode(),
            {"Nats-Service-Error": what, "Nats-Service-Error-Code": str(status)})


def _later(seconds, act, *arguments):
    if seconds == 0:
        act(*arguments)
        return
    timer = threading.Timer(seconds, act, arguments)
    timer.daemon = True
    timer.start()

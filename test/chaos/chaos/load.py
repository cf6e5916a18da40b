"""Clients that create buildings, each request under a key of its own, and remember every answer."""

import threading
import time

from rest import Connection


class Entry:
    """One key: what was tried, and what came of it."""

    def __init__(self, key):
        self.key = key
        self.attempts = []
        # Several clients at once: its attempts are in no order.
        self.is_raced = False

    def acknowledged(self):
        return [attempt for attempt in self.attempts if attempt.status == 201]

    def building(self):
        """The id that a 201 named, or nothing: then nobody knows whether there is a building."""
        answers = self.acknowledged()
        return answers[0].body["id"] if answers else None

    def workflow(self):
        for attempt in self.acknowledged():
            if attempt.body["workflow"].get("id"):
                return attempt.body["workflow"]["id"]
        return None

    def __str__(self):
        return "\n".join([f"key {self.key}:"] + [f"  {attempt}" for attempt in self.attempts])


class Load:
    """Clients on threads. A client takes a new key, and keeps to the rules for it: 503, 504, 409 and a broken
    connection are followed by the same request again; until it is answered or the load is told to give up."""

    PAUSE = 0.02
    RETRY_PAUSE = 0.2

    def __init__(self, name, ports, clients, timeout):
        self.name = name
        self.entries = []
        self.on_acknowledged = None
        self._ports = ports
        self._timeout = timeout
        self._lock = threading.Lock()
        self._is_ending = threading.Event()
        self._gives_up_at = None
        self._threads = [threading.Thread(target=self._run, args=(number,), daemon=True) for number in range(clients)]
        self._is_started = False

    def start(self):
        self._is_started = True
        for thread in self._threads:
            thread.start()
        return self

    def stop(self, patience=20):
        """No new keys; waits until those under way are answered."""
        self._gives_up_at = time.monotonic() + patience
        self._is_ending.set()
        for thread in self._threads:
            if self._is_started:
                thread.join(patience + self._timeout)

    def create(self, connection=None, attempts=1):
        """One building, from this thread; the entry with its attempts."""
        connection = connection or Connection(self._ports[0])
        entry = self._new_entry("single")
        for _ in range(attempts):
            if self._attempt(entry, connection).status == 201:
                break
            time.sleep(self.RETRY_PAUSE)
        return entry

    def race(self, clients=6, attempts=20):
        """One key from several clients at the same moment, each until it has its answer."""
        entry = self._new_entry("race")
        entry.is_raced = True
        start = threading.Barrier(clients)

        def run(number):
            connection = self._connect(number)
            start.wait(10)
            for _ in range(attempts):
                if self._attempt(entry, connection).status == 201:
                    break
                time.sleep(self.RETRY_PAUSE)
            connection.close()

        threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(attempts * self._timeout)
        return entry

    def attempts(self):
        with self._lock:
            return [attempt for entry in self.entries for attempt in list(entry.attempts)]

    def acknowledged(self):
        return [attempt for attempt in self.attempts() if attempt.status == 201]

    def pending(self):
        """Answers that came before their workflow."""
        return [attempt for attempt in self.acknowledged() if "id" not in attempt.body["workflow"]]

    def _new_entry(self, of):
        with self._lock:
            entry = Entry(f"{self.name} {of} {len(self.entries)}")
            entry.key = entry.key.replace(" ", "/")
            self.entries.append(entry)
        return entry

    def _run(self, number):
        # One in four opens a connection for every request, as curl and some balancers do.
        keep_alive = number % 4 != 3
        turn = number
        connection = self._connect(turn, keep_alive)
        while not self._is_ending.is_set():
            entry = self._new_entry(number)
            while self._attempt(entry, connection).status != 201:
                if entry.attempts[-1].status not in (0, 409, 503, 504):
                    break
                if self._gives_up_at is not None and time.monotonic() > self._gives_up_at:
                    break
                time.sleep(self.RETRY_PAUSE)
                turn += 1
                connection.close()
                connection = self._connect(turn, keep_alive)
            time.sleep(self.PAUSE)
        connection.close()

    def _connect(self, turn, keep_alive=True):
        return Connection(self._ports[turn % len(self._ports)], keep_alive, self._timeout)

    def _attempt(self, entry, connection):
        attempt = connection.create_building(entry.key)
        entry.attempts.append(attempt)
        if attempt.status == 201 and self.on_acknowledged:
            self.on_acknowledged(entry)
        return attempt

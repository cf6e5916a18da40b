"""Sends rows as buildings over a few connections at once; each row with its own Idempotency-Key."""
import http.client
import json
import threading
import time
from dataclasses import dataclass, field

from rest import Rest
from rows import Refusal

ATTEMPTS = 8
RETRIED = (409, 429, 502, 503, 504)


@dataclass
class Outcome:
    """What became of the rows. A failed one is known to nobody: not answered, or answered with 5xx, to the end."""
    taken: int = 0
    known: int = 0
    pending: int = 0
    again: int = 0
    seconds: float = 0
    refused: list = field(default_factory=list)
    failed: list = field(default_factory=list)

    @property
    def done(self):
        return self.taken + self.known + len(self.refused) + len(self.failed)


class Importer:
    def __init__(self, rows, connections, headers, progress):
        self._rows = iter(rows)
        self._connections = connections
        self._headers = headers
        self._progress = progress
        self._lock = threading.Lock()
        self.outcome = Outcome()

    def run(self):
        started = time.monotonic()
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self._connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.1)
                self._progress.show(self.outcome.done)
        self.outcome.seconds = time.monotonic() - started
        self._progress.finish(self.outcome.done)
        return self.outcome

    def _work(self):
        rest = Rest(timeout=15, headers=self._headers)
        while (row := self._next()) is not None:
            if isinstance(row, Refusal):
                self._note("refused", row)
            else:
                self._send(rest, row)
        rest.close()

    def _next(self):
        with self._lock:
            return next(self._rows, None)

    def _note(self, what, refusal):
        with self._lock:
            getattr(self.outcome, what).append(refusal)

    def _send(self, rest, row):
        """Again when that is right, always under the same key: a lost answer makes no second building."""
        why = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(min(2, 0.1 * 2**attempt))
                with self._lock:
                    self.outcome.again += 1
            try:
                answer = rest.post("/v1/buildings", row.building, Idempotency_Key=row.key)
            except (OSError, http.client.HTTPException) as error:
                why = f"{type(error).__name__}: {error}"
                continue
            if answer.status not in RETRIED:
                self._answered(row, answer)
                return
            why = reason_of(answer)
        self._note("failed", Refusal(row.line, why))

    def _answered(self, row, answer):
        if answer.status >= 500:
            self._note("failed", Refusal(row.line, reason_of(answer)))
        elif answer.status != 201:
            self._note("refused", Refusal(row.line, reason_of(answer)))
        else:
            with self._lock:
                if answer.headers["Idempotency-Replayed"]:
                    self.outcome.known += 1
                else:
                    self.outcome.taken += 1
                self.outcome.pending += answer.json()["workflow"]["status"] == "pending"


def reason_of(answer):
    """In the words of the answer."""
    try:
        problem = answer.json()
    except json.JSONDecodeError:
        return f"{answer.status}"
    faults = [f"{fault['pointer']} {fault['detail']}" for fault in problem.get("errors", [])]
    return f"{answer.status} {'; '.join(faults) or problem.get('detail') or problem.get('title', '')}"

"""Requests that are repeated until they are answered, always under the same Idempotency-Key."""
import http.client
import json
import threading
import time

from rest import Rest, with_query

# Answers after which the same request may be sent again. 409 only when it says when: a twin is under way.
RETRIED = (429, 502, 503, 504)


class Unanswered(Exception):
    """Not known to have happened: no answer, or none but errors of the other side, for all the patience there is."""


class Refused(Exception):
    """An answer that was not wanted, in its own words."""

    def __init__(self, what, answer):
        self.status = answer.status
        self.problem = problem_of(answer)
        super().__init__(f"{what}: {reason_of(answer)}")


class Client:
    """Used by many threads; each has a connection of its own."""

    def __init__(self, headers, patience):
        self._headers = headers
        self._patience = patience
        self._threads = threading.local()
        self._lock = threading.Lock()
        self.again = 0
        self.requests = 0

    def ask(self, method, path, body=None, key=None, good=(200, 201, 204), **headers):
        """The body of a good answer, or None when it has none. Throws Refused or Unanswered."""
        answer = self.answer(method, path, body, key, **headers)
        if answer.status not in good:
            raise Refused(f"{method} {path}", answer)
        return answer.json() if answer.body else None

    def answer(self, method, path, body=None, key=None, **headers):
        if key is not None:
            headers["Idempotency_Key"] = key
        end = time.monotonic() + self._patience
        pause = 0.05
        while True:
            try:
                answer = self._rest().send(method, path, body, **headers)
                with self._lock:
                    self.requests += 1
                if not is_to_be_repeated(answer):
                    return answer
                why = reason_of(answer)
            except (OSError, http.client.HTTPException) as error:
                why = f"{type(error).__name__}: {error}"
            if time.monotonic() > end:
                raise Unanswered(f"{method} {path}: {why}")
            with self._lock:
                self.again += 1
            time.sleep(pause)
            pause = min(1.0, pause * 2)

    def items(self, path, **query):
        """Everything of a list."""
        query.setdefault("pageSize", 200)
        while True:
            page = self.ask("GET", with_query(path, query))
            yield from page["items"]
            if "nextPageToken" not in page:
                return
            query["pageToken"] = page["nextPageToken"]

    def _rest(self):
        if not hasattr(self._threads, "rest"):
            self._threads.rest = Rest(timeout=30, headers=self._headers)
        return self._threads.rest


def is_to_be_repeated(answer):
    return answer.status in RETRIED or (answer.status == 409 and answer.headers["Retry-After"] is not None)


def problem_of(answer):
    try:
        return answer.json()
    except json.JSONDecodeError:
        return {}


def reason_of(answer):
    """In the words of the answer."""
    problem = problem_of(answer)
    faults = [f"{fault['pointer']} {fault['detail']}" for fault in problem.get("errors", [])]
    return f"{answer.status} {'; '.join(faults) or problem.get('detail') or problem.get('title', '')}"

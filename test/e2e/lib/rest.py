"""A REST client that keeps its connection and hides nothing: no retry, no redirect."""
import http.client
import json
import os
import urllib.parse

URL = os.environ.get("LINTEL_URL", "http://127.0.0.1:8080")


def host_and_port():
    parts = urllib.parse.urlsplit(URL)
    return parts.hostname, parts.port or 80


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:400]!r}"


class Rest:
    """One connection; of one thread at a time."""

    def __init__(self, timeout=20, headers=None):
        self._connection = http.client.HTTPConnection(*host_and_port(), timeout=timeout)
        self._headers = headers or {}

    def send(self, method, path, body=None, **headers):
        """`body` is sent as JSON unless it is bytes; a header's name is written with _ for -."""
        fields = dict(self._headers)
        if body is not None:
            fields["Content-Type"] = "application/json"
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        try:
            self._connection.request(method, path, body, fields)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except Exception:
            # The next request starts anew; this one has failed, and the caller is to know.
            self._connection.close()
            raise

    def get(self, path, **query):
        return self.send("GET", with_query(path, query))

    def post(self, path, body, **headers):
        return self.send("POST", path, body, **headers)

    def create(self, name, **fields):
        """A building; throws when it was not created."""
        answer = self.post("/v1/buildings", {"name": name, **fields})
        if answer.status != 201:
            raise RuntimeError(f"{name} was not created: {answer}")
        return answer.json()

    def pages(self, path, **query):
        """The pages of a list, each as it is read."""
        while True:
            answer = self.get(path, **query)
            if answer.status != 200:
                raise RuntimeError(f"GET {path} {query}: {answer}")
            page = answer.json()
            yield page
            if "nextPageToken" not in page:
                return
            query["pageToken"] = page["nextPageToken"]

    def items(self, path, **query):
        """Everything of a list."""
        query.setdefault("pageSize", 200)
        return [item for page in self.pages(path, **query) for item in page["items"]]

    def close(self):
        self._connection.close()


def with_query(path, query):
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urllib.parse.urlencode(given)}" if given else path

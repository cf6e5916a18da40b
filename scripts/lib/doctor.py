"""Asks main what does not go on by itself, and says of each thing what, where and what to do. Usage: doctor.py URL"""
import json
import os
import sys
import urllib.error
import urllib.request

TIMEOUT = 10
# As scripts/doctor --help says.
FOUND, SILENT = 1, 2
# Attempts after which a promise that is not kept yet is worth a look: half a minute, by default.
MANY_ATTEMPTS = 15


class NotAsked(Exception):
    """No answer that could be used; says why, and what to do about it."""


class Main:
    def __init__(self, url):
        self.url = url.rstrip("/")
        self._token = os.environ.get("LINTEL_TOKEN", "")

    def get(self, path):
        request = urllib.request.Request(self.url + path)
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise NotAsked(f"GET {self.url}{path}: {_reason(error)}") from error
        except (OSError, ValueError) as error:
            raise NotAsked(f"GET {self.url}{path}: {getattr(error, 'reason', error)}; does main run there?"
                           " scripts/status shows it, --url names another address") from error


def _reason(error):
    """What the problem document says, and what follows from its status."""
    try:
        said = json.load(error).get("detail") or error.reason
    except (ValueError, AttributeError):
        said = error.reason
    hint = {401: "; set LINTEL_TOKEN to one of main's API_TOKENS", 503: "; does the set run? scripts/status shows it",
            504: "; is the set overloaded, or its Postgres away? scripts/status and scripts/logs show it"}
    return f"{error.code} {said}{hint.get(error.code, '')}"


def describe(error):
    return f"{error['code']}: {error['message']}"


def stuck(item):
    return f"workflow {item['id']} of {item['definition']}, {item['status']} since {item['since']}: {item['finding']}"


def retrying(item):
    when = f"next attempt {item['nextAttemptAt']}" if "nextAttemptAt" in item else "being tried now"
    return (f"workflow {item['workflowId']} of {item['definition']}, step {item['path']}:"
            f" {item['failures']} failed attempts, {when}; last error {describe(item['error'])}")


def dead(item):
    return (f"dead letter {item['id']}, workflow {item['workflowId']} of {item['definition']}, step {item['path']}:"
            f" given up {item['since']} after {item['attempts']} attempts; {describe(item['error'])}")


def intent(item):
    return (f"intent {item['id']} to {item['subject']} about {item['resourceId']}: tried {item['attempts']} times"
            f" since {item['createdAt']}; {item.get('lastError', 'no error')}")


class Doctor:
    def __init__(self, main):
        self._main = main
        self._status = 0

    def examine(self, what, path, line, *remedy, is_finding=lambda item: True):
        """Reports the findings on the first page of the list at `path`."""
        try:
            page = self._main.get(path)
        except NotAsked as why:
            self.silent(f"{what}: nobody could be asked: {why}.")
            return
        findings = [item for item in page["items"] if is_finding(item)]
        if not findings:
            print(f"ok      no {what}")
            return
        self._status = self._status or FOUND
        print(f"FOUND   {what}:")
        for item in findings:
            print(f"          {line(item)}")
        if "nextPageToken" in page:
            print(f"          ... and more: GET {self._main.url}{path}")
        for text in remedy:
            print(f"        {text}")

    def silent(self, message):
        self._status = SILENT
        print(f"doctor: {message}", file=sys.stderr)

    def examine_workflows(self):
        self.examine("stuck workflows", "/v1/workflows/doctor", stuck,
                     "There should never be any: please report it, with GET /v1/workflows/ID/history.",
                     "POST /v1/workflows/ID/pause and .../resume begin anew what it waits for; .../terminate ends it.")
        self.examine("steps that fail again and again", "/v1/workflows/retrying", retrying,
                     "They are tried until they succeed: mend what they ask, and they go on by themselves, or at once",
                     "with POST /v1/workflows/ID/pause and .../resume. Or stop them: .../pause until then, .../cancel",
                     "undoes what was done, .../terminate does not.")
        self.examine("dead letters", "/v1/dead-letters", dead,
                     "Mend the cause, then POST /v1/dead-letters/ID/replay, with {\"input\": ...} to send something",
                     "else, or /v1/workflows/ID/retry for all of a workflow; .../cancel undoes what was done.")

    def examine_promises(self, service):
        path = f"/v1/intents?service={service}&state="
        self.examine(f"refused promises of {service}", path + "failed", intent,
                     "The error is the receiver's. Mend what it refused, then",
                     f"POST /v1/intents/ID/retry?service={service}.")
        self.examine(f"promises of {service} that fail again and again", path + "pending", intent,
                     "They are tried until they are answered: start or mend the receiver; scripts/status shows who",
                     "runs.",
                     is_finding=lambda item: item["attempts"] >= MANY_ATTEMPTS)

    def run(self):
        try:
            # The services that promise something, as the API itself knows them.
            described = self._main.get("/openapi.json")
            services = described["components"]["schemas"]["IntentService"]["enum"]
        except NotAsked as why:
            self.silent(f"main could not be asked: {why}.")
            return self._status
        self.examine_workflows()
        for service in services:
            self.examine_promises(service)
        return self._status


if __name__ == "__main__":
    sys.exit(Doctor(Main(sys.argv[1])).run())

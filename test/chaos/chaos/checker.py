"""Nothing lost, nothing doubled: compares what the clients were told with what the databases hold."""

import collections

from process import Failed, eventually
from rest import Connection

# Far above what healing takes: a claim of a relay that died runs out after 5 s, backoff ends at 2 s.
SETTLE_SECONDS = 30
REPLAYS = 100
SHOWN = 10

# What a client may be told while things fail. Anything else is a fault of the service.
ALLOWED = {0, 201, 409, 503, 504}


class Violation(Failed):
    def __init__(self, findings, texts):
        shown = findings[:SHOWN] + ([f"... and {len(findings) - SHOWN} more"] if len(findings) > SHOWN else [])
        super().__init__("\n".join(shown))
        self.texts = texts
        self._findings = findings

    def everything(self):
        return "\n".join(self._findings)


class Checker:
    def __init__(self, stack, load):
        self._stack = stack
        self._load = load
        self._findings = []
        self._texts = set()

    def run(self):
        """Everything runs again and the load has ended when this is called."""
        self._settle()
        self._wait_for_workflows()
        self._check_answers()
        self._check_stored()
        self._check_replays()
        self._settle()
        # Once more: the replays must not have added anything.
        self._check_stored()
        if self._findings:
            raise Violation(self._findings, self._texts)

    def _found(self, what, *texts):
        self._findings.append(what)
        self._texts.update(str(text) for text in texts)

    def _settle(self):
        """Until no intent is left. With many of them it takes as long as it takes, as long as they become fewer."""
        def count():
            return int(self._stack.rows_of_main("SELECT count(*) FROM intents")[0][0])

        left = count()
        try:
            while left:
                before = left
                eventually(lambda: count() < before, SETTLE_SECONDS, f"one of {before} intents is answered")
                left = count()
        except Failed as failure:
            self._found(str(failure))
            for row in self._stack.rows_of_main(
                    "SELECT id, resource_id, state, attempts, last_error, now() - created_at FROM intents "
                    f"ORDER BY created_at LIMIT {SHOWN}"):
                self._found("  intent left: " + " | ".join(row), row[0], row[1])

    def _wait_for_workflows(self):
        """Until all are carried out, each with its step done and itself completed once."""
        def unfinished():
            return self._stack.rows_of_workflows("SELECT id, status FROM workflows WHERE status <> 'completed' LIMIT 5")

        try:
            eventually(lambda: not unfinished(), SETTLE_SECONDS, "every workflow is completed")
        except Failed as failure:
            self._found(f"{failure}: " + ", ".join(" ".join(row) for row in unfinished()),
                        *(row[0] for row in unfinished()))

    def _check_answers(self):
        for entry in self._load.entries:
            ids = {attempt.body["id"] for attempt in entry.acknowledged()}
            if len(ids) > 1:
                self._found(f"one key was given several buildings {ids}\n{entry}", *ids)
            for attempt in entry.attempts:
                if attempt.status not in ALLOWED:
                    self._found(f"an answer that no fault excuses\n{entry}")
            for first, second in zip(entry.attempts, entry.attempts[1:]):
                if second.status == 409 and first.status not in (0, 409, 503, 504) and not entry.is_raced:
                    self._found(f"a conflict without a request that could be under way\n{entry}")

    def _check_stored(self):
        buildings = dict(self._stack.rows_of_main("SELECT id, name FROM buildings"))
        workflows = collections.defaultdict(list)
        for building, workflow in self._stack.rows_of_workflows("SELECT building_id, id FROM workflows"):
            workflows[building].append(workflow)
        self._check_buildings(buildings)
        for building, name in buildings.items():
            if len(workflows[building]) != 1:
                self._found(f"building {building} ({name}) has {len(workflows[building])} workflows", building)
        for building in workflows.keys() - buildings.keys():
            self._found(f"a workflow of a building that is not there: {building}", building)
        for workflow, ends, steps in self._stack.rows_of_workflows(
                "SELECT w.id, count(*) FILTER (WHERE type = 'run.completed'), "
                "       count(*) FILTER (WHERE type = 'step.completed') "
                "FROM workflows AS w LEFT JOIN history AS h ON h.run_id = w.id GROUP BY w.id"):
            if (ends, steps) != ("1", "1"):
                self._found(f"workflow {workflow} was completed {ends} times and its step {steps} times", workflow)
        for entry in self._load.entries:
            if entry.workflow() and entry.workflow() not in workflows[entry.building()]:
                self._found(f"the workflow that a client was told of is not there\n{entry}", entry.building())

    def _check_buildings(self, buildings):
        keys = {entry.key: entry for entry in self._load.entries}
        names = collections.Counter(buildings.values())
        for name, count in names.items():
            if count > 1:
                self._found(f"{count} buildings under one key\n{keys.get(name, name)}")
            if name not in keys:
                self._found(f"a building that nobody asked for: {name}")
        for entry in self._load.entries:
            if entry.building() and buildings.get(entry.building()) != entry.key:
                self._found(f"an acknowledged building is not there\n{entry}", entry.building())
        stored = dict(self._stack.rows_of_main("SELECT key, resource_id FROM idempotency_keys"))
        for building, name in buildings.items():
            if stored.get(name) != building:
                self._found(f"the key {name} does not lead to its building {building}", building)

    def _check_replays(self):
        """Those that were in doubt first, as many as there is time for."""
        connection = Connection(self._stack.ports[0])
        entries = sorted((entry for entry in self._load.entries if entry.building()),
                         key=lambda entry: -len(entry.attempts))
        for entry in entries[:REPLAYS]:
            answer = connection.create_building(entry.key)
            if answer.status != 201:
                self._found(f"a repeated request was not answered with its building but {answer}\n{entry}")
            elif answer.body["id"] != entry.building() or answer.headers.get("Idempotency-Replayed") != "true":
                self._found(f"a repeated request was answered with {answer.body}\n{entry}", entry.building())
        connection.close()

"""What a case is, and what it has at hand."""

import time

from checker import Checker
from load import Load
from process import Failed, eventually


class Case:
    """Processes to start, and the harm that is done to them. What must hold after it is the same for all."""

    def __init__(self, name, act, options):
        self.name = name
        self.act = act
        self.mains = options.pop("mains", 1)
        self.workers = options.pop("workers", 2)
        self.clients = options.pop("clients", 12)
        self.client_timeout = options.pop("client_timeout", 12)
        self.shared_port = options.pop("shared_port", False)
        # With some, the services are connected to a NATS cluster of its own, and not to the server that cases share.
        self.nats_nodes = options.pop("nats_nodes", 0)
        # About how long it takes.
        self.seconds = options.pop("seconds", 5)
        if options:
            raise ValueError(f"unknown options of the case '{name}': {options}")


def table_of(cases):
    """A decorator that adds a function to the list `cases`, under the name of a case and with its options."""
    def case(name, **options):
        def add(act):
            cases.append(Case(name, act, dict(options)))
            return act
        return add
    return case


class Run:
    """One run of a case. `act` may start the load, and leaves the stack as broken as it likes."""

    def __init__(self, stack, case_, number):
        self.stack = stack
        self.nats = stack.nats
        self.load = Load(f"case{number}", stack.ports, case_.clients, case_.client_timeout)
        # Set by a case that has nothing left to be checked.
        self.is_checked = False
        self._started = time.monotonic()
        self.events = []

    def note(self, what):
        """For the report, should the case fail."""
        self.events.append(f"{time.monotonic() - self._started:6.2f} s  {what}")

    def pass_time(self, seconds):
        time.sleep(seconds)

    def expect(self, condition, what):
        if not condition:
            raise Failed(what)

    def wait_for_answers(self, count, seconds=60):
        """Until `count` more requests have been acknowledged: progress, however slow the machine is."""
        goal = len(self.load.acknowledged()) + count
        eventually(lambda: len(self.load.acknowledged()) >= goal, seconds, f"{count} more acknowledged requests")

    def expect_no_error(self):
        """For what must not be noticed at all."""
        bad = [attempt for attempt in self.load.attempts() if attempt.status != 201]
        if bad:
            raise Failed(f"{len(bad)} of {len(self.load.attempts())} requests were not answered with 201:\n" +
                         "\n".join(f"  {attempt}" for attempt in bad[:10]))

    def finish(self):
        self.note("everything is healed")
        self.stack.heal()
        self.load.stop()
        self.note("the load has ended")
        ended = [end for end in (process.unmeant_end() for process in self.stack.processes()) if end]
        if ended:
            raise Failed("; ".join(ended))
        Checker(self.stack, self.load).run()
        self.note("all is checked")

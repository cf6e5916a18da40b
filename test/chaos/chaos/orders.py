"""A shop's orders are replayed (test/demo) while replicas of every set die, servers restart, workers stop and replies
are lost. What must hold afterwards is proven by the replay itself; here the harm is done."""

import os
import random
import subprocess
import sys
import time

from process import Failed, eventually, free_port
from servers import Nats, Postgres
from stack import Service

DEMO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "demo")
# All of the harm is done once in each round.
ROUND_SECONDS = 30
# Of a thousand replies of a process that came back so many are lost: the work is done, and its caller sees a time-out.
LOST_PER_MILLE = 30
MAINS = 2


class OrdersStack:
    """Every service with its replicas and its Postgres, around one NATS."""

    def __init__(self, options, folder, seed):
        self.nats = Nats(folder, os.path.abspath(options.nats_config))
        self.postgres = {}
        self.replicas = {}
        self.url = f"http://127.0.0.1:{free_port()}"
        self._seed = seed
        template = None
        for service, count in options.service:
            self.postgres[service] = Postgres(service, folder, options.postgres_config, template=template)
            template = template or self.postgres[service]
            count = MAINS if service == "main" else count
            self.replicas[service] = [self._replica(options, folder, service, number) for number in range(count)]

    def _replica(self, options, folder, service, number):
        environment = {"NATS_URL": self.nats.url, "LOG_REQUESTS": "errors",
                       "DATABASE_URL": self.postgres[service].url(service)}
        if service == "main":
            environment.update(HTTP_PORT=self.url.rpartition(":")[2], HTTP_REUSE_PORT="on")
        program = os.path.join(os.path.abspath(options.bin_dir), f"lintel-{service}")
        return Service(f"{service}-{number + 1}", program, folder, environment)

    def start(self):
        self.nats.start()
        for service, server in self.postgres.items():
            server.start()
            server.create_database(service)
        for service in self.services():
            service.start(wait=False)
        for service in self.services():
            service.wait_until_ready()

    def services(self):
        return [service for replicas in self.replicas.values() for service in replicas]

    def servers(self):
        return [self.nats, *self.postgres.values()]

    def processes(self):
        return self.services() + self.servers()

    def target(self, name):
        kind, _, which = name.partition(" ")
        if kind == "nats":
            return self.nats
        return self.postgres[which] if kind == "postgres" else self.replicas[kind][int(which)]

    def heal(self, target):
        target.thaw()
        if target.is_stopping() and target.is_running():
            target.wait(60)
        if target.is_running():
            return
        if target in self.servers():
            target.start()
        else:
            target.start(f"messaging.reply=drop:{LOST_PER_MILLE}@{self._seed}", wait=False)
            self._seed += 1

    def heal_for_good(self):
        """From here on nothing is lost any more. The last harm: all replicas die at once."""
        for server in self.servers():
            self.heal(server)
        for service in self.services():
            service.thaw()
            service.kill()
        for service in self.services():
            service.start(wait=False)
        for service in self.services():
            service.wait_until_ready()

    def end(self, gracefully):
        """Fails when a service does not end well."""
        try:
            for service in self.services() if gracefully else []:
                service.ask_to_stop()
            for service in self.services() if gracefully else []:
                service.stop()
        finally:
            for process in self.processes():
                process.kill()


def schedule(seed, seconds, replicas):
    """(at, target, harm) in the order of time. Depends on nothing but its arguments. In each round replicas of every
    set are killed, and lose replies when they are back, every Postgres and NATS are restarted, and a worker stops for
    longer than its lease."""
    generator = random.Random(seed)
    events = []
    for begin in range(0, max(1, seconds - ROUND_SECONDS // 2), ROUND_SECONDS):
        length = min(ROUND_SECONDS, seconds - begin)

        def harm(target, kind, lasts, share=(0.02, 0.8)):
            at = begin + generator.uniform(*share) * length
            events.extend([(at, target, kind), (at + generator.uniform(*lasts), target, "heal")])

        for service, count in replicas.items():
            harm(f"{service} {generator.randrange(count)}", "kill", (0.1, 0.5), share=(0, 0.1))
            harm(f"{service} {generator.randrange(count)}", "kill", (0.1, 3))
            harm(f"postgres {service}", generator.choice(["kill", "stop"]), (0.1, 2))
        harm("nats", "kill", (0.1, 2))
        frozen = generator.choice([service for service in replicas if service != "main"])
        harm(f"{frozen} {generator.randrange(replicas[frozen])}", "freeze", (4, 6))
    return sorted(events)


def apply(stack, target, harm):
    process = stack.target(target)
    if harm == "heal":
        stack.heal(process)
    elif harm == "kill":
        process.kill()
    elif harm == "stop":
        process.stop()
    elif process.is_running():
        process.freeze()


class Replay:
    """The demo as a process of its own."""

    def __init__(self, stack, folder, options):
        self.log_path = os.path.join(folder, "replay.log")
        command = [sys.executable, "-B", DEMO, "orders", "--stock", "0.97", "--mishaps", "5", "--patience", "150"]
        for name in ("data", "limit"):
            if getattr(options, name):
                command += [f"--{name}", str(getattr(options, name))]
        with open(self.log_path, "wb") as log:
            self._popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                           env={**os.environ, "LINTEL_URL": stack.url, "NATS_URL": stack.nats.url})

    def is_running(self):
        return self._popen.poll() is None

    def kill(self):
        if self.is_running():
            self._popen.kill()
        self._popen.wait()

    def wait_until_it_trades(self):
        eventually(lambda: "Opened the shop" in self.text() or not self.is_running(), 180, "the shop is open")

    def finish(self, seconds):
        try:
            status = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"the replay still runs after {seconds} s:\n{self.said()}") from None
        if status != 0:
            raise Failed(f"the replay ended with {status}:\n{self.said()}")

    def text(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def said(self):
        """From where it speaks of the orders."""
        text = self.text()
        return text[text.find("Opened the shop"):] if "Opened the shop" in text else text[-4000:]


def run(options, folder, seed, seconds, note):
    """What the replay said. Throws Failed."""
    stack = OrdersStack(options, folder, seed)
    replay = None
    is_well = False
    try:
        stack.start()
        replay = Replay(stack, folder, options)
        replay.wait_until_it_trades()
        harm(stack, replay, schedule(seed, seconds, {name: len(found) for name, found in stack.replicas.items()}), note)
        note("everything is healed")
        stack.heal_for_good()
        replay.finish(900)
        ended = [end for end in (process.unmeant_end() for process in stack.processes()) if end]
        if ended:
            raise Failed("; ".join(ended))
        is_well = True
    finally:
        if replay:
            replay.kill()
        stack.end(gracefully=is_well)
    return replay.said()


def harm(stack, replay, events, note):
    started = time.monotonic()
    for at, target, what in events:
        while replay.is_running() and time.monotonic() < started + at:
            time.sleep(0.05)
        if not replay.is_running():
            return
        note(f"{at:5.1f} s  {target} {what}")
        apply(stack, target, what)

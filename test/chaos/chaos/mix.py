"""Faults of all kinds at random, several at a time. The seed makes the schedule: what, whom, when, for how long."""

import random
import time

from case import Case

MAINS = 2
WORKERS = 3

# Of each kind of target, what may be done to it; an end follows each.
HARM = {
    "main": ["kill", "freeze", "stop", "crash"],
    "worker": ["kill", "freeze", "stop", "crash"],
    "nats": ["kill", "freeze"],
    "postgres": ["kill", "freeze"],
}
FAILPOINTS = {
    "main": ["main.before_commit", "main.after_commit", "main.after_reply", "main.after_transition",
             "relay.before_delivery", "relay.after_delivery"],
    "worker": ["workflows.before_commit", "workflows.after_commit"],
}


class Event:
    def __init__(self, at, target, harm, failpoints=""):
        self.at = at
        self.target = target
        self.harm = harm
        self.failpoints = failpoints

    def __str__(self):
        return f"{self.at:5.1f} s  {self.target} {self.harm} {self.failpoints}".rstrip()


def schedule(seed, seconds):
    """Every target gets its own sequence, so that they overlap. Depends on nothing but its arguments."""
    generator = random.Random(seed)
    targets = ([f"main {n}" for n in range(MAINS)] + [f"worker {n}" for n in range(WORKERS)] +
               ["nats", "postgres main", "postgres workflows"])
    events = []
    for target in targets:
        kind = target.split()[0]
        at = generator.uniform(0.5, seconds / 2)
        while at < seconds:
            harm = generator.choice(HARM[kind])
            lasts = generator.uniform(0.2, 4)
            failpoints = ""
            if harm == "crash":
                failpoints = f"{generator.choice(FAILPOINTS[kind])}=crash@{generator.randint(1, 60)}"
            events.append(Event(at, target, harm, failpoints))
            events.append(Event(at + lasts, target, "heal"))
            at += lasts + generator.uniform(1, max(2.0, seconds / 4))
    return sorted(events, key=lambda event: event.at)


def mix_case(seed, seconds):
    def act(run):
        run.load.start()
        started = time.monotonic()
        for event in schedule(seed, seconds):
            time.sleep(max(0.0, started + event.at - time.monotonic()))
            run.note(str(event))
            apply(run.stack, event)

    return Case(f"a random mix of faults (again: scripts/chaos --seed {seed} --seconds {seconds})", act,
                {"mains": MAINS, "workers": WORKERS, "clients": 8, "seconds": seconds})


def apply(stack, event):
    """Nothing here waits for readiness: the next fault may well come before."""
    target = target_of(stack, event.target)
    if event.harm == "kill":
        target.kill()
    elif event.harm == "freeze":
        target.freeze()
    elif event.harm == "stop":
        target.ask_to_stop()
    elif event.harm == "crash":
        target.kill()
        target.start(event.failpoints, wait=False)
    else:
        heal(target)


def heal(target):
    target.thaw()
    if not hasattr(target, "ops_port"):
        if not target.is_running():
            target.start()
        return
    if target.is_stopping():
        target.wait(60)
    if target.is_running():
        target.kill()  # it was started with a failpoint, which must be gone
    target.start(wait=False)


def target_of(stack, name):
    kind, _, which = name.partition(" ")
    if kind == "main":
        return stack.mains[int(which)]
    if kind == "worker":
        return stack.workers[int(which)]
    if kind == "nats":
        return stack.nats
    return stack.main_postgres if which == "main" else stack.workflows_postgres

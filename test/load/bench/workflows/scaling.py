"""Throughput with one, two and three replicas, of steps that take their time."""

from workflows.sides import Lintel

STEP_MILLISECONDS = 50
IN_FLIGHT = 1024


def measure(environment, plan, say):
    """A list of runs, alternating."""
    runs = []
    for number in range(1, plan.rounds + 1):
        for replicas in (1, 2, 3):
            say(f"round {number}: {replicas} replicas, steps of {STEP_MILLISECONDS} ms, {IN_FLIGHT} under way")
            side = Lintel(environment, f"scaling_{number}_{replicas}", replicas)
            side.start()
            try:
                environment.checkpoint()
                runs.append({"replicas": replicas, "round": number,
                             **side.load(plan.run, step_time=STEP_MILLISECONDS, in_flight=IN_FLIGHT)})
            finally:
                side.drop()
    return runs

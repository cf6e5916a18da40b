"""What is measured of workflows, in which order, for how long."""

import dataclasses

from workflows import compare, filled, recovery, rest, scaling, timers
from workflows.window import Seconds


@dataclasses.dataclass
class Plan:
    """How long, how often, and how much."""

    rounds: int
    settle: Seconds  # unmeasured load on fresh processes: JIT, pools, caches
    run: Seconds
    timers: int
    finished: int
    waiting: int
    kills: int
    idle: float


QUICK = Plan(rounds=3, settle=Seconds(0, 1), run=Seconds(1, 3), timers=10_000, finished=100_000, waiting=10_000,
             kills=5, idle=5)
FULL = Plan(rounds=3, settle=Seconds(0, 4), run=Seconds(2, 10), timers=100_000, finished=1_000_000, waiting=100_000,
            kills=30, idle=20)

MEASUREMENTS = {
    "rest": rest.measure,
    "compare": compare.measure,
    "scaling": scaling.measure,
    "timers": timers.measure,
    "filled": filled.measure,
    "recovery": recovery.measure,
}


def run(environment, plan, chosen, say):
    """Name of the measurement -> its results."""
    return {name: MEASUREMENTS[name](environment, plan, say) for name in chosen or MEASUREMENTS}

"""A worker, dispatcher and sweeper in one process: works until everything is over, may be killed any time.

python -m tests.fakes.state_worker URL NAME
"""

import sys
import time
from dataclasses import replace

from esg.errors import Transient
from esg.state import Hint, State
from esg.state.clock import utc_now
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet

FAST = replace(POLICY, lease_seconds=1.0, requeue_after_seconds=1.0, take_seconds=1.0)


def main(url: str, name: str) -> None:
    state = State.open(url, FAST)
    fleet = LittleFleet(state, Clock())
    print("ready", flush=True)
    hints: list[Hint] = []
    while state.backlog():
        try:
            hints = _step(state, fleet, name, hints)
        except Transient as error:  # another process was killed while it held a lock
            print(error, flush=True)


def _step(state: State, fleet: LittleFleet, name: str, hints: list[Hint]) -> list[Hint]:
    """Work on the hints that the ends before have taken, or on what is due; gives those taken meanwhile."""
    state.sweep(utc_now())
    if not hints:
        state.dispatch()
        hints = state.take_outbox(3)
    taken: list[Hint] = []
    for hint in hints:
        if claimed := state.claim(hint.unit, name):
            time.sleep(0.005)
            fence, more = fleet.finish(claimed, 3)
            print(fence, claimed.task, claimed.subject, claimed.batch, flush=True)
            taken += more
    state.mark_published(hints)
    return taken


if __name__ == "__main__":
    main(*sys.argv[1:])

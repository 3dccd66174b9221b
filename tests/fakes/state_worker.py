"""A worker, dispatcher and sweeper in one process: works until everything is over, may be killed any time.

python -m tests.fakes.state_worker URL NAME
"""

import sys
import time
from dataclasses import replace

from esg.errors import Transient
from esg.state import State
from esg.state.clock import utc_now
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet

FAST = replace(POLICY, lease_seconds=1.0, requeue_after_seconds=1.0, take_seconds=1.0)


def main(url: str, name: str) -> None:
    state = State.open(url, FAST)
    fleet = LittleFleet(state, Clock())
    print("ready", flush=True)
    while state.backlog():
        try:
            _step(state, fleet, name)
        except Transient as error:  # another process was killed while it held a lock
            print(error, flush=True)


def _step(state: State, fleet: LittleFleet, name: str) -> None:
    state.sweep(utc_now())
    state.dispatch()
    hints = state.take_outbox(3)
    for hint in hints:
        if claimed := state.claim(hint.unit, name):
            time.sleep(0.005)
            print(fleet.work(claimed), claimed.task, claimed.subject, claimed.batch, flush=True)
    state.mark_published(hints)


if __name__ == "__main__":
    main(*sys.argv[1:])

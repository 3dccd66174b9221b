"""What may happen, and for how long."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random

from tests.chaos.arena import DATABASES, Arena
from tests.chaos.faults import broker, processes, stores

Harm = Callable[[Arena, Random], AbstractContextManager[None]]
LEASE_SECONDS = 3.0  # of tests/fakes/fleets.py


@dataclass(frozen=True, slots=True)
class Fault:
    """A harm that is in force as long as its block; `seconds` is the longest that a round lets it be."""

    harm: Harm
    seconds: float = 0.0
    least_seconds: float = 0.0
    databases: tuple[str, ...] = DATABASES


FAULTS: Mapping[str, Fault] = {
    "kill -9 of a child": Fault(processes.kill_child),
    "kill -9 of a worker or beat": Fault(processes.kill_worker),
    "kill -9 of a worker with its children": Fault(processes.kill_machine),
    "worker stopped for longer than a lease": Fault(
        processes.freeze_worker, 2 * LEASE_SECONDS, LEASE_SECONDS + 0.5
    ),
    "rolling restart of all": Fault(processes.restart_all),
    "broker killed": Fault(broker.kill_broker),
    "broker emptied": Fault(broker.flush_broker),
    "broker slow": Fault(broker.slow_broker),
    "broker's memory full": Fault(broker.fill_broker, 3.0, 1.0),
    "messages repeated": Fault(broker.repeat_messages),
    "messages reordered": Fault(broker.shuffle_messages),
    "messages of other releases": Fault(broker.send_old_messages),
    "messages of strangers": Fault(broker.send_rubbish),
    "SQL restarted": Fault(stores.restart_database, databases=("postgres",)),
    "SQL locked": Fault(stores.lock_database, 5.0, 1.0),
    "lake away": Fault(stores.hide_lake, 3.0, 0.5),
    "disk full": Fault(stores.fill_disk, 3.0, 0.5),
    "clock jumps": Fault(stores.turn_clock, 6.0, 0.5),
}

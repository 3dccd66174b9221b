"""SQL and the workers' own signs of life → the state of the fleet, in one line."""

import time
from contextlib import suppress
from typing import NamedTuple

from api.deps import House
from esg.state import UnitState

ALIVE_SECONDS = 15.0  # workers/__init__.py: a worker whose sign is older is stuck or gone


class FleetLine(NamedTuple):
    words: str
    is_well: bool


def tell(house: House) -> FleetLine | None:
    """Say who works and what waits. Workers of other machines show by what they do.

    None for a tenant: most of what waits is others'.
    """
    if house.tenant is not None:
        return None
    workers = _alive_here(house)
    counts = house.state.stage_counts()
    busy = sum(states.get(UnitState.LEASED, 0) for states in counts.values())
    waiting = sum(
        states.get(state, 0)
        for states in counts.values()
        for state in (UnitState.PENDING, UnitState.QUEUED, UnitState.RETRY_WAIT)
    )
    if not workers and not busy:
        left = f"{waiting:,} steps wait" if waiting else "nothing waits"
        return FleetLine(f"No worker runs on this machine; {left}. Start the fleet with esg up.", False)
    parts = [f"{workers} workers ready"] if workers else []
    parts += [f"{busy:,} steps under way" if busy else "idle", f"{waiting:,} waiting" if waiting else ""]
    return FleetLine(", ".join(filter(None, parts)), True)


def _alive_here(house: House) -> int:
    now, alive = time.time(), 0
    for sign in (house.settings.home / "run").glob("*/alive"):
        with suppress(FileNotFoundError):  # its worker has just ended
            alive += now - sign.stat().st_mtime < ALIVE_SECONDS
    return alive

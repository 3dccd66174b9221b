"""The schedule → stage runs: each slot of an entry once, whoever asks and however late."""

from collections.abc import Iterable
from datetime import UTC, datetime

from esg.schedule import Entry, latest
from esg.state import State, Unit
from tasks.queues import QUEUE_OF


def fire_due(entries: Iterable[Entry], state: State, *, now: datetime) -> list[str]:
    """Open what is due and was not fired; returns the names of the entries whose turn it was."""
    fired = state.fired()
    due = [(entry, slot) for entry in entries if entry.is_on and (slot := latest(entry, now))]
    return [
        entry.name
        for entry, slot in due
        if (entry.name not in fired or fired[entry.name].slot < slot.start)
        and state.fire(entry.name, slot.start, _unit(entry, slot.start, state.new_trace()))
    ]


def _unit(entry: Entry, start: datetime, trace: str) -> Unit:
    call = f"{entry.name} {start.astimezone(UTC).isoformat()}"
    return Unit(entry.task, call, {"call": call}, trace=trace, on_queue=QUEUE_OF[entry.task])

"""An entry of the schedule and its slots: a slot is a local day, or a stretch of seconds, and runs once.

Whoever asks is told the latest slot that is due, not a moment to be caught: who was away at two in the night
finds that night due in the morning, once, however many were missed.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

LONGEST_JITTER_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class Entry:
    """A task that runs once a day `at` a local time, or once every `every_seconds` of UTC.

    Jitter delays a slot by up to so many seconds, of a day six hours, else at most to the next slot.
    """

    name: str
    task: str
    at: time | None = None
    every_seconds: int = 0  # where it does not run by the day
    zone: str = "UTC"
    jitter_seconds: int = 0
    is_on: bool = True


class Slot(NamedTuple):
    """`start` names a slot, for a day its midnight as if in UTC; `due` is the moment when it shall run."""

    start: datetime
    due: datetime


def latest(entry: Entry, now: datetime) -> Slot | None:
    """The newest slot that is due; None before the first."""
    return next((slot for slot in reversed(_around(entry, now)) if slot.due <= now), None)


def upcoming(entry: Entry, now: datetime) -> Slot:
    """The next slot that will be due."""
    return next(slot for slot in _around(entry, now) if slot.due > now)


def _around(entry: Entry, now: datetime) -> list[Slot]:
    """The slots about a moment, in their order: of each side at least one, whatever jitter and zone do."""
    if entry.at is not None:
        today = now.astimezone(ZoneInfo(entry.zone)).date()
        return [_day(entry, entry.at, today + timedelta(days=days)) for days in range(-2, 4)]
    begun = int(now.timestamp()) // entry.every_seconds
    starts = (begun + place for place in range(-2, 3))
    return [_stretch(entry, datetime.fromtimestamp(n * entry.every_seconds, UTC)) for n in starts]


def _day(entry: Entry, at: time, day: date) -> Slot:
    """A local day: an hour that it has twice is its first, one that it lacks is as far after the gap."""
    start = datetime.combine(day, time(), UTC)
    local = datetime.combine(day, at, ZoneInfo(entry.zone))
    return Slot(start, local.astimezone(UTC) + _jitter(entry, start))


def _stretch(entry: Entry, start: datetime) -> Slot:
    return Slot(start, start + _jitter(entry, start))


def _jitter(entry: Entry, start: datetime) -> timedelta:
    """The delay of a slot, the same wherever it is asked for, so that two beats agree."""
    digest = hashlib.sha256(f"{entry.name}\n{start.isoformat()}".encode()).digest()
    return timedelta(seconds=entry.jitter_seconds * int.from_bytes(digest[:4]) // 2**32)

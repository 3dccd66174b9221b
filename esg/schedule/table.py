"""The entries that there are, and a TOML file that says when each of them runs instead."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from esg.errors import Misconfigured
from esg.schedule.entry import LONGEST_JITTER_SECONDS, Entry

ENTRIES = (
    Entry("nightly", "score.nightly", at=time(2)),
    Entry("sources", "ingest.sources", every_seconds=300, jitter_seconds=60),
    Entry("gold", "etl.gold", at=time(3), jitter_seconds=600),
    Entry("retention", "etl.retention", at=time(4), jitter_seconds=600),
    Entry("compact", "etl.compact", at=time(4, 30), jitter_seconds=600),
    Entry("expire", "etl.expire", at=time(5), jitter_seconds=600),
)
_KEYS = ("at", "every_seconds", "zone", "jitter_seconds", "is_on")


def read(path: Path | None) -> tuple[Entry, ...]:
    """The entries, changed as the file says: a table for each by its name, `[nightly] at = "02:00"`.

    Raises Misconfigured, which names all that is wrong.
    """
    if path is None:
        return ENTRIES
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _wrong(path, str(error)) from error
    unknown = told.keys() - {entry.name for entry in ENTRIES}
    problems = [f"there is no entry {name}" for name in sorted(unknown)]
    entries = list[Entry]()
    for entry in ENTRIES:
        try:
            entries.append(_changed(entry, told.get(entry.name, {})))
        except ValueError as error:
            problems.append(f"[{entry.name}] {error}")
    if problems:
        raise _wrong(path, "; ".join(problems))
    return tuple(entries)


def _changed(entry: Entry, told: Mapping[str, Any]) -> Entry:
    """Raises ValueError where what is told is no schedule."""
    if not isinstance(told, dict):
        raise ValueError(f"is a table, not {told!r}")
    if unknown := told.keys() - set(_KEYS):
        raise ValueError(f"takes {', '.join(_KEYS)}, not {', '.join(sorted(unknown))}")
    if "at" in told and "every_seconds" in told:
        raise ValueError("runs at a time or every so many seconds, not both")
    changed = _timed(entry, told)
    most = min(changed.every_seconds or LONGEST_JITTER_SECONDS, LONGEST_JITTER_SECONDS)
    jitter = _seconds(told, "jitter_seconds", 0, most) if "jitter_seconds" in told else entry.jitter_seconds
    if not isinstance(told.get("is_on", True), bool):
        raise ValueError("is_on is true or false")
    return replace(changed, jitter_seconds=min(jitter, most), is_on=told.get("is_on", entry.is_on))


def _timed(entry: Entry, told: Mapping[str, Any]) -> Entry:
    changed = replace(entry, zone=_zone(told["zone"])) if "zone" in told else entry
    if "at" in told:
        return replace(changed, at=_time(told["at"]), every_seconds=0)
    if "every_seconds" in told:
        return replace(changed, at=None, every_seconds=_seconds(told, "every_seconds", 1, 7 * 86_400))
    return changed


def _zone(name: object) -> str:
    try:
        return ZoneInfo(str(name)).key
    except (KeyError, ValueError, OSError) as error:  # OSError: a folder of zones
        raise ValueError(f"there is no time zone {name!r}") from error


def _time(value: object) -> time:
    if isinstance(value, str):
        value = time.fromisoformat(value)
    if not isinstance(value, time) or value.tzinfo:
        raise ValueError(f"at is a time of day such as 02:00, not {value!r}")
    return value


def _seconds(told: Mapping[str, Any], key: str, least: int, most: int) -> int:
    value = told[key]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{key} is a whole number from {least} to {most}")
    return value


def _wrong(path: Path, what: str) -> Misconfigured:
    names = "], [".join(entry.name for entry in ENTRIES)
    return Misconfigured(
        f"ESG_SCHEDULE is {path}: {what}.",
        next_step=f'Write tables [{names}] with at = "02:00" or every_seconds = 900, and zone = "UTC".',
    )

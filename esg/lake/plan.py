"""What a writer has, what is there → what is to be written and what is gone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

SKEW = timedelta(minutes=1)  # by which clocks of two writers may differ
_AT_A_TIME = 1000  # rows that are in memory as Python's objects


@dataclass(frozen=True, slots=True)
class Known:
    """What is there of a scorecard: the hash of its rows, and how new the view was that wrote them."""

    content: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """Scorecards by `trace_id`."""

    write: frozenset[str]
    gone: frozenset[str]


def plan(
    fresh: Mapping[str, str], known: Mapping[str, Known], *, at: datetime, now: datetime, is_all: bool
) -> Plan:
    """Decide by content and by age: what a newer view wrote stays, unless its clock was ahead of `now`.

    `fresh` is the content of each scorecard as it was at the moment `at`; with `is_all` no other is current.
    """
    older = {name for name, was in known.items() if was.written_at < at or was.written_at > now + SKEW}
    write = {
        name
        for name, content in fresh.items()
        if name not in known or (known[name].content != content and name in older)
    }
    gone = {name for name in older if is_all and name not in fresh}
    return Plan(frozenset(write), frozenset(gone))


def contents(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Hash the rows of each scorecard over all tables, their columns' names included."""
    hashes: dict[str, hashlib._Hash] = {}
    for name in sorted(tables):
        for part in tables[name].to_batches(max_chunksize=_AT_A_TIME):
            for row in part.to_pylist():
                line = json.dumps([name, row], sort_keys=True)
                hashes.setdefault(row["trace_id"], hashlib.sha256()).update(line.encode())
    return {name: digest.hexdigest() for name, digest in hashes.items()}

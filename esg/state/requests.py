"""Requests under a key of their caller's: the same again is answered as before, another is refused."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.state.schema import requests as table
from esg.state.upsert import upsert

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Remembered:
    """`fingerprint` is of what was asked for first, `seed` names what came of it, `answer` tells it.

    As long as there is no answer whoever asks does the work: under the same seed twice is once.
    """

    fingerprint: str
    seed: str
    answer: Mapping[str, Any] | None


def begin(tx: Connection, caller: str, key: str, fingerprint: str, *, now: datetime) -> Remembered:
    """Remember a request unless it is known; what is older than a day is not."""
    tx.execute(sa.delete(table).where(table.c.created_at < now - KEPT))
    fresh = {"fingerprint": fingerprint, "seed": uuid.uuid4().hex, "created_at": now}
    upsert(tx, table, {"caller": caller, "key": key, **fresh})
    found = find(tx, caller, key, now=now)
    if found is None:
        raise AssertionError("a request that was just written is not there")
    return found


def find(tx: Connection, caller: str, key: str, *, now: datetime) -> Remembered | None:
    columns = (table.c.fingerprint, table.c.seed, table.c.answer)
    row = tx.execute(sa.select(*columns).where(*_is(caller, key), table.c.created_at >= now - KEPT))
    return next((Remembered(*found) for found in row), None)


def answer(tx: Connection, caller: str, key: str, given: Mapping[str, Any]) -> None:
    """Keep an answer; the first one stays."""
    is_open = table.c.answer.is_(None)
    tx.execute(sa.update(table).where(*_is(caller, key), is_open).values(answer=dict(given)))


def _is(caller: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.caller == caller, table.c.key == key

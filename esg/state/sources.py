"""Sources: what is looked at again and when, what each lists, what became of it; and turns at a host.

A scan goes through these rows in slices: begun, listed, each item checked, finished. Whoever goes on with it
finds what is done already.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.sources import Item, Kind, Known, Listed, Source
from esg.state.schema import Moment, host_turns
from esg.state.schema import source_items as items
from esg.state.schema import sources as table
from esg.state.upsert import upsert

LONGEST_SCAN_SECONDS = 6 * 3600  # a scan begun before that has lost whoever went on with it
FIRST_WAIT_SECONDS = 300.0  # after a scan that failed; doubled by each further one, at most to the cadence

_IS_FREE = host_turns.c.until <= sa.bindparam("now", type_=Moment)


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source, its cadence, the state of its scan, and counts of what it lists."""

    source: Source
    every_seconds: int
    pages: Mapping[str, Known]
    failures: int
    error: str
    next_scan: datetime
    begun_at: datetime | None
    listed_at: datetime | None
    succeeded_at: datetime | None
    items: int = 0
    documents: int = 0
    gone: int = 0
    failing: int = 0

    @property
    def is_listed(self) -> bool:
        """Whether the scan under way has its listing."""
        return self.begun_at is not None and self.listed_at is not None and self.listed_at >= self.begun_at


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """A document that a source lists, and what was known of it when it was last fetched."""

    source_id: str
    key: str
    item: Item
    etag: str
    last_modified: str
    document_id: str
    error: str
    is_gone: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What asking for an item brought: a document ("" for none, or the same) or an error.

    Where it `is_answered` it is not asked for again in this version, whatever was in it.
    """

    document_id: str = ""
    etag: str = ""
    last_modified: str = ""
    error: str = ""
    is_answered: bool = True
    is_gone: bool = False


def add(tx: Connection, source: Source, every_seconds: int, *, now: datetime) -> bool:
    """Add a source, or change how and how often one is looked at; True where it is new."""
    told = {"options": dict(source.options), "every_seconds": every_seconds, "next_scan": now}
    is_new = find(tx, source.id) is None
    fixed = {"kind": source.kind, "location": source.location, "created_at": now}
    again = {**told, "pages": {}}
    upsert(tx, table, {"id": source.id, **fixed, **again}, key=["id"], update=again)
    return is_new


def remove(tx: Connection, source_id: str) -> bool:
    """Forget a source and what it lists, not the documents; False where there is none."""
    tx.execute(sa.delete(items).where(items.c.source_id == source_id))
    return tx.execute(sa.delete(table).where(table.c.id == source_id)).rowcount == 1


def find(tx: Connection, source_id: str) -> SourceRecord | None:
    return next(iter(_find(tx, table.c.id == source_id)), None)


def find_all(tx: Connection) -> list[SourceRecord]:
    """Every source, by kind and location."""
    return _find(tx, sa.true())


def due(tx: Connection, *, now: datetime) -> list[str]:
    """The ids of the sources whose time has come, those waiting longest first."""
    forgotten = now - timedelta(seconds=LONGEST_SCAN_SECONDS)
    is_idle = sa.or_(table.c.begun_at.is_(None), table.c.begun_at < forgotten)
    query = sa.select(table.c.id).where(table.c.next_scan <= now, is_idle)
    query = query.order_by(table.c.next_scan, table.c.id)
    return list(tx.execute(query).scalars())


def wake(tx: Connection, source_id: str, *, now: datetime) -> bool:
    """Let a source be due; False where there is none."""
    return tx.execute(sa.update(table).where(table.c.id == source_id).values(next_scan=now)).rowcount == 1


def begin(tx: Connection, source_id: str, *, now: datetime) -> SourceRecord | None:
    """Begin a scan that is due, or go on with the one under way; None where there is neither."""
    is_due = sa.and_(table.c.id == source_id, table.c.begun_at.is_(None), table.c.next_scan <= now)
    tx.execute(sa.update(table).where(is_due).values(begun_at=now))
    record = find(tx, source_id)
    return record if record and record.begun_at else None


def save_listing(tx: Connection, source_id: str, listed: Sequence[Listed], *, now: datetime) -> None:
    """Write down what a source lists; what it lists no more is noted as gone."""
    for page in listed:
        if page.items is None:
            mine = sa.and_(items.c.source_id == source_id, items.c.listed_in == page.url)
            listed_still = sa.or_(items.c.gone_at.is_(None), items.c.error != "")  # or it only did not answer
            tx.execute(sa.update(items).where(mine, listed_still).values(seen_at=now, gone_at=None))
        else:
            _save_items(tx, source_id, page.url, page.items, now)
    unseen = sa.and_(items.c.source_id == source_id, items.c.seen_at < now, items.c.gone_at.is_(None))
    tx.execute(sa.update(items).where(unseen).values(gone_at=now, error=""))
    pages = {page.url: [*page.known[:2], list(page.known.children)] for page in listed}
    errors = "; ".join(page.error for page in listed if page.error)
    tx.execute(
        sa.update(table).where(table.c.id == source_id).values(listed_at=now, pages=pages, error=errors)
    )


def _save_items(tx: Connection, source_id: str, page: str, found: Sequence[Item], now: datetime) -> None:
    rows = [
        {"source_id": source_id, "key": _key(item.url), "listed_in": page, "seen_at": now, "gone_at": None}
        | item._asdict()
        for item in found
    ]
    told = ("listed_in", "company", "year", "version", "seen_at", "gone_at")
    upsert(tx, items, rows, key=["source_id", "key"], update=told)


def unchecked(tx: Connection, source_id: str, *, since: datetime, limit: int) -> list[ItemRecord]:
    """Items that the scan begun at `since` has to ask for: of a version that was not fetched, or of none."""
    is_open = sa.or_(items.c.checked_at.is_(None), items.c.checked_at < since)
    is_other = sa.or_(items.c.version == "", items.c.version != items.c.fetched_version)
    query = sa.select(items).where(
        items.c.source_id == source_id, items.c.seen_at >= since, is_open, is_other
    )
    return [_item(row) for row in tx.execute(query.order_by(items.c.url).limit(limit))]


def find_items(tx: Connection, source_id: str) -> list[ItemRecord]:
    query = sa.select(items).where(items.c.source_id == source_id)
    return [_item(row) for row in tx.execute(query.order_by(items.c.url))]


def check(tx: Connection, record: ItemRecord, checked: Checked, *, now: datetime) -> None:
    """Write down what became of an item; what was not answered is asked for again by the next scan."""
    values: dict[str, Any] = {"checked_at": now, "error": checked.error}
    if checked.is_answered:
        values |= {"fetched_version": record.item.version, "gone_at": None}
        values |= {"etag": checked.etag, "last_modified": checked.last_modified}
    if checked.document_id:
        values["document_id"] = checked.document_id
    if checked.is_gone:
        values["gone_at"] = now
    mine = sa.and_(items.c.source_id == record.source_id, items.c.key == record.key)
    tx.execute(sa.update(items).where(mine).values(**values))


def finish(
    tx: Connection, source_id: str, *, error: str, at_least_seconds: float = 0.0, now: datetime
) -> None:
    """End a scan; after one that failed the next comes sooner than the cadence, but ever later."""
    row = tx.execute(sa.select(table).where(table.c.id == source_id)).one_or_none()
    if row is None:
        return
    failures = row.failures + 1 if error else 0
    sooner = FIRST_WAIT_SECONDS * 2 ** min(failures - 1, 20) if error else row.every_seconds
    wait = max(min(row.every_seconds, sooner), at_least_seconds)
    values: dict[str, Any] = {"begun_at": None, "failures": failures}
    values |= {"error": error} if error else {"succeeded_at": now}
    next_scan = now + timedelta(seconds=wait)
    tx.execute(sa.update(table).where(table.c.id == source_id).values(next_scan=next_scan, **values))


def take_turn(tx: Connection, host: str, *, hold_seconds: float, now: datetime) -> float:
    """Take the one turn that there is at a host: 0 when it is the caller's, else the seconds to wait."""
    until = now + timedelta(seconds=hold_seconds)
    row = {"host": host, "until": until}
    if upsert(tx, host_turns, row, key=["host"], update=["until"], where=_IS_FREE, now=now):
        return 0.0
    held: datetime = tx.execute(sa.select(host_turns.c.until).where(host_turns.c.host == host)).scalar_one()
    return max(0.001, (held - now).total_seconds())


def end_turn(tx: Connection, host: str, *, rest_seconds: float, now: datetime) -> None:
    """Give the turn at a host back; the next may be taken after a rest."""
    rest = now + timedelta(seconds=rest_seconds)
    tx.execute(sa.update(host_turns).where(host_turns.c.host == host).values(until=rest))


def _find(tx: Connection, condition: sa.ColumnElement[bool]) -> list[SourceRecord]:
    rows = tx.execute(sa.select(table).where(condition).order_by(table.c.kind, table.c.location))
    counted = sa.select(
        items.c.source_id,
        sa.func.count().label("items"),
        sa.func.count(sa.func.nullif(items.c.document_id, "")).label("documents"),
        sa.func.count(items.c.gone_at).label("gone"),
        sa.func.count(sa.func.nullif(items.c.error, "")).label("failing"),
    ).group_by(items.c.source_id)
    counts = {row.source_id: row._asdict() for row in tx.execute(counted)}
    return [_source(row, counts.get(row.id, {})) for row in rows]


def _source(row: Row[Any], counts: Mapping[str, Any]) -> SourceRecord:
    return SourceRecord(
        source=Source(Kind(row.kind), row.location, row.options),
        every_seconds=row.every_seconds,
        pages={
            url: Known(etag, modified, tuple(further)) for url, (etag, modified, further) in row.pages.items()
        },
        failures=row.failures,
        error=row.error,
        next_scan=row.next_scan,
        begun_at=row.begun_at,
        listed_at=row.listed_at,
        succeeded_at=row.succeeded_at,
        **{name: count for name, count in counts.items() if name != "source_id"},
    )


def _item(row: Row[Any]) -> ItemRecord:
    return ItemRecord(
        source_id=row.source_id,
        key=row.key,
        item=Item(row.url, row.company, row.year, row.version),
        etag=row.etag,
        last_modified=row.last_modified,
        document_id=row.document_id,
        error=row.error,
        is_gone=row.gone_at is not None,
    )


def _key(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()

"""Documents: whose report, which year, how long, and what became of its latest run."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.domain import Document, Identity, MediaType
from esg.state.schema import documents as table
from esg.state.schema import runs
from esg.state.upsert import insert


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document and the state of its latest run: running, scored, rejected, failed or cancelled."""

    document: Document
    state: str
    reason: str
    reason_code: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Company:
    """A company as its reports name it; `slug` is its address."""

    slug: str
    name: str
    documents: int
    years: tuple[int, ...]


def slug(name: str) -> str:
    """Name a company in an address: "Société Générale S.A." → "societe-generale-s-a"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", letters).strip("-")[:200]


def know(
    tx: Connection, document_id: str, *, source: str, company: str | None, year: int | None, now: datetime
) -> bool:
    """Write down and lock a document, with the identity someone gave; True when that changed who it is.

    Whoever gives none gets what was read, also where someone else gave one before.

    The lock on the row orders everything that happens to a document; take it before any of its stage runs.
    """
    tx.execute(
        insert(tx, table)
        .values(id=document_id, source=source, created_at=now, updated_at=now)
        .on_conflict_do_nothing()
    )
    return _name(tx, lock(tx, document_id), company, year, now)


def lock(tx: Connection, document_id: str) -> Row[Any]:
    """Hold a document's row until the transaction ends (SQLite: the one writer holds everything)."""
    return tx.execute(sa.select(table).where(table.c.id == document_id).with_for_update(key_share=True)).one()


def describe(tx: Connection, document: Document, *, now: datetime, guess: Identity | None = None) -> None:
    """Write down what was read; an identity that someone gave stands against one that was guessed."""
    row = lock(tx, document.id)
    identity = document.identity
    is_named = not identity.company or (bool(row.company) and not row.company_guessed)
    is_dated = identity.year is None or (row.year is not None and not row.year_guessed)
    tx.execute(
        sa.update(table)
        .where(table.c.id == document.id)
        .values(
            source=row.source or document.source,
            media_type=document.media_type,
            size_bytes=document.size_bytes,
            pages=document.pages or row.pages,
            language=document.language or row.language,
            title=document.title or row.title,
            company=row.company if is_named else identity.company,
            company_slug=slug(row.company if is_named else identity.company),
            company_guessed=row.company_guessed if is_named else identity.company_guessed,
            year=row.year if is_dated else identity.year,
            year_guessed=row.year_guessed if is_dated else identity.year_guessed,
            guessed_company=guess.company if guess else row.guessed_company,
            guessed_year=guess.year if guess else row.guessed_year,
            updated_at=now,
        )
    )


def given(row: Row[Any]) -> Identity:
    """Only what someone gave, never what was read: company "" and year None where nobody did."""
    return Identity("" if row.company_guessed else row.company, None if row.year_guessed else row.year)


def _name(tx: Connection, row: Row[Any], company: str | None, year: int | None, now: datetime) -> bool:
    named = _company_named(row, company) | _year_named(row, year)
    if named:
        tx.execute(sa.update(table).where(table.c.id == row.id).values(updated_at=now, **named))
    return bool(named)


def _company_named(row: Row[Any], company: str | None) -> dict[str, Any]:
    if company and (company != row.company or row.company_guessed):
        return {"company": company, "company_slug": slug(company), "company_guessed": False}
    if not company and not row.company_guessed and row.guessed_company is not None:
        guess = row.guessed_company
        return {"company": guess, "company_slug": slug(guess), "company_guessed": True}
    return {}


def _year_named(row: Row[Any], year: int | None) -> dict[str, Any]:
    if year is not None and (year != row.year or row.year_guessed):
        return {"year": year, "year_guessed": False}
    if year is None and not row.year_guessed and row.guessed_company is not None:
        return {"year": row.guessed_year, "year_guessed": True}
    return {}


def find(tx: Connection, document_id: str) -> DocumentRecord | None:
    row = tx.execute(_records().where(table.c.id == document_id)).one_or_none()
    return _record(row) if row else None


def find_all(tx: Connection, *, company: str | None, year: int | None) -> list[DocumentRecord]:
    """Documents, the newest first; of one company (its slug or its name) or one year where given."""
    query = within(_records(), table, company, year).order_by(table.c.created_at.desc(), table.c.id)
    return [_record(row) for row in tx.execute(query)]


def find_unscored(
    tx: Connection, *, pipeline_version: str, rubric: str, company: str | None, year: int | None
) -> list[DocumentRecord]:
    """Documents that never ran in this version under this rubric; what ended badly in it has ended."""
    ran = sa.select(runs.c.document_id).where(
        runs.c.pipeline_version == pipeline_version, runs.c.rubric == rubric
    )
    query = within(_records(), table, company, year).where(table.c.id.not_in(ran))
    return [_record(row) for row in tx.execute(query.order_by(table.c.created_at, table.c.id))]


def within(query: sa.Select[Any], rows: sa.Table, company: str | None, year: int | None) -> sa.Select[Any]:
    """Keep what is of one company (its slug or its name) and one year, where they are given."""
    if company is not None:
        query = query.where(rows.c.company_slug == slug(company))
    return query if year is None else query.where(rows.c.year == year)


def companies(tx: Connection) -> list[Company]:
    """Every company that has a document, by slug; its name is as in its newest document."""
    columns = (table.c.company_slug, table.c.company, table.c.year)
    rows = tx.execute(
        sa.select(*columns).where(table.c.company_slug != "").order_by(columns[0], table.c.created_at)
    ).all()
    by_slug: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_slug.setdefault(row.company_slug, []).append(row)
    return [_company(name, group) for name, group in by_slug.items()]


def _company(name: str, rows: Sequence[Row[Any]]) -> Company:
    years = sorted({row.year for row in rows if row.year is not None})
    return Company(name, rows[-1].company, len(rows), tuple(years))


def _records() -> sa.Select[Any]:
    return sa.select(table, runs.c.state, runs.c.reason, runs.c.reason_code).outerjoin(
        runs, runs.c.id == table.c.run_id
    )


def _record(row: Row[Any]) -> DocumentRecord:
    document = Document(
        id=row.id,
        source=row.source,
        media_type=_media_type(row),
        size_bytes=row.size_bytes,
        identity=Identity(row.company, row.year, row.company_guessed, row.year_guessed),
        pages=row.pages,
        language=row.language,
        title=row.title,
    )
    return DocumentRecord(
        document,
        row.state or "running",
        row.reason or "",
        row.reason_code or "",
        row.created_at,
        row.updated_at,
    )


def _media_type(row: Row[Any]) -> MediaType:
    """As sniffed; until ingest has sniffed it, as the name says."""
    if row.media_type:
        return MediaType(row.media_type)
    return MediaType.HTML if row.source.lower().endswith((".htm", ".html")) else MediaType.PDF

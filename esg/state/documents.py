"""Documents: whose report, which year, how long, and what became of its latest run.

What bytes say stands in `documents`, with what the operator says of them; what a tenant says, in `holdings`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.domain import Document, Identity, MediaType
from esg.errors import NotFound
from esg.register import RegisteredCompany, bare, key, slug
from esg.state import register
from esg.state.jobs import OPERATOR
from esg.state.lens import parts
from esg.state.listing import ALL, Wanted, newest_first
from esg.state.schema import companies as registered
from esg.state.schema import company_names, holdings, runs
from esg.state.schema import documents as table
from esg.state.upsert import upsert

RUNNING = "running"  # what a document without a run is, too


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document and the state of its latest run: running, scored, rejected, failed or cancelled.

    `registered` is the slug of its company in the register, "" where it was matched to none.
    """

    document: Document
    state: str
    reason: str
    reason_code: str
    created_at: datetime
    updated_at: datetime
    registered: str = ""
    matched_by: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """A company as the register names it, else its reports; `slug` is its address."""

    slug: str
    name: str
    documents: int
    years: tuple[int, ...]
    sector: str = ""
    country: str = ""
    lei: str = ""
    fiscal_year_end: str = ""


def seen_by(tenant: str | None) -> sa.FromClause:
    """The documents that a tenant has sent, as it knows them; None is the operator, who sees all.

    The columns are those of the table `documents`.
    """
    if tenant is None:
        return table
    own = {name: column for name, column in holdings.c.items() if name in table.c}
    columns = (own.get(name, column) for name, column in table.c.items())
    held = sa.select(*columns).join(table, table.c.id == holdings.c.document_id)
    return held.where(holdings.c.tenant == tenant).subquery("held")


def sent_by(tenant: str | None) -> sa.FromClause:
    """The same; of the operator, only what it has sent itself."""
    if tenant is not None:
        return seen_by(tenant)
    return sa.select(table).where(table.c.tenant == OPERATOR).subquery("sent")


def is_operators(row: Row[Any]) -> bool:
    """Whether the operator has sent a document itself."""
    return bool(row.tenant == OPERATOR)


def tenants(tx: Connection) -> list[str]:
    """Every tenant that has a document."""
    return list(tx.execute(sa.select(holdings.c.tenant).distinct().order_by(holdings.c.tenant)).scalars())


def know(
    tx: Connection,
    document_id: str,
    *,
    tenant: str | None,
    source: str,
    company: str | None,
    year: int | None,
    now: datetime,
) -> bool:
    """Write down and lock a document, with the identity its sender gave; True when that changed who it is.

    Whoever gives none gets what was read, also where it gave one before.

    The lock on the row orders everything that happens to a document; take it before any of its stage runs.
    """
    fresh = {"source": source, "created_at": now, "updated_at": now}
    upsert(tx, table, {"id": document_id, "tenant": tenant or OPERATOR, **fresh})
    row = lock(tx, document_id)
    if tenant is not None:
        return _hold(tx, row, tenant, source, company, year, now)
    if not is_operators(row):
        tx.execute(_of(table, row).values(tenant=OPERATOR, source=source))
    return _name(tx, table, row, company, year, now)


def _hold(
    tx: Connection,
    row: Row[Any],
    tenant: str,
    source: str,
    company: str | None,
    year: int | None,
    now: datetime,
) -> bool:
    """The same for a tenant, which begins with what was read of the document, if it was."""
    read = {
        "company": row.guessed_company or "",
        "company_slug": slug(row.guessed_company or ""),
        "year": row.guessed_year,
    }
    fresh = {"source": source, "created_at": now, "updated_at": now, **read}
    upsert(tx, holdings, {"tenant": tenant, "document_id": row.id, **fresh})
    register.place(tx, [row.id])
    held = seen_by(tenant)
    own = tx.execute(sa.select(held).where(held.c.id == row.id)).one()
    return _name(tx, holdings, own, company, year, now)


def show_run(tx: Connection, document_id: str, run: str, *, tenant: str | None) -> None:
    """Let a run be the latest of a document, for whom it is; for the operator, too, if nothing nearer is."""
    if tenant is not None:
        held = sa.and_(holdings.c.document_id == document_id, holdings.c.tenant == tenant)
        tx.execute(sa.update(holdings).where(held).values(run_id=run))
    shown = _SHOWN if tenant is None else _SHOWN.where(table.c.tenant != OPERATOR)
    tx.execute(shown, {"document": document_id, "run": run})


def lock(tx: Connection, document_id: str) -> Row[Any]:
    """Hold a document's row until the transaction ends (SQLite: the one writer holds everything)."""
    return tx.execute(_LOCKED, {"document": document_id}).one()


_IS_ONE = table.c.id == sa.bindparam("document")
_SHOWN = sa.update(table).where(_IS_ONE).values(run_id=sa.bindparam("run"))
_LOCKED = sa.select(table).where(_IS_ONE).with_for_update(key_share=True)


def describe(
    tx: Connection, document: Document, *, now: datetime, guess: Identity | None = None, lei: str = ""
) -> None:
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
            lei=lei or row.lei,
            updated_at=now,
        )
    )
    if guess:
        _tell_holders(tx, document.id, guess)
    register.place(tx, [document.id])


def _tell_holders(tx: Connection, document_id: str, guess: Identity) -> None:
    """Let tenants that gave no identity have the one that was read."""
    held = holdings.c.document_id == document_id
    named = {"company": guess.company, "company_slug": slug(guess.company)}
    tx.execute(sa.update(holdings).where(held, holdings.c.company_guessed).values(**named))
    tx.execute(sa.update(holdings).where(held, holdings.c.year_guessed).values(year=guess.year))


def given(row: Row[Any]) -> Identity:
    """Only what someone gave, never what was read: company "" and year None where nobody did."""
    return Identity("" if row.company_guessed else row.company, None if row.year_guessed else row.year)


def _name(
    tx: Connection, rows: sa.Table, row: Row[Any], company: str | None, year: int | None, now: datetime
) -> bool:
    named = _company_named(row, company) | _year_named(row, year)
    if named:
        tx.execute(_of(rows, row).values(updated_at=now, **named))
        register.place(tx, [row.id])
    return bool(named)


def _of(rows: sa.Table, row: Row[Any]) -> sa.Update:
    """Update a document: where it is the operator's, or where it is the tenant's that the row is of."""
    if rows is table:
        return sa.update(table).where(table.c.id == row.id)
    return sa.update(holdings).where(holdings.c.document_id == row.id, holdings.c.tenant == row.tenant)


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


def find(tx: Connection, document_id: str, *, tenant: str | None) -> DocumentRecord | None:
    rows = seen_by(tenant)
    row = tx.execute(_records(rows).where(rows.c.id == document_id)).one_or_none()
    return _record(row) if row else None


def missing(document_id: str) -> NotFound:
    """What is said of a document that is not there, and of one that is another tenant's."""
    return NotFound(f"There is no document {document_id}.", next_step="Submit it with `esg score`.")


def find_all(
    tx: Connection, wanted: Wanted, limit: int | None = None, *, tenant: str | None
) -> list[DocumentRecord]:
    """Documents, the newest first."""
    rows = seen_by(tenant)
    query = within(_records(rows), rows, wanted.company, wanted.year)
    state = sa.func.coalesce(runs.c.state, RUNNING)
    if wanted.state is not None:
        query = query.where(state == wanted.state)
    if wanted.is_over:
        query = query.where(state != RUNNING)
    return [_record(row) for row in tx.execute(newest_first(query, rows, wanted, limit))]


def find_unmatched(tx: Connection) -> list[DocumentRecord]:
    """Documents that are of no company of the register, by what they call theirs."""
    query = _records(table).where(table.c.registered == "")
    return [_record(row) for row in tx.execute(query.order_by(table.c.company_slug, table.c.id))]


def find_unscored(
    tx: Connection,
    *,
    pipeline_version: str,
    lens: str,
    company: str | None,
    year: int | None,
) -> list[DocumentRecord]:
    """Documents that never ran in this version for whose lens it is; what ended badly in it has ended."""
    ran = sa.select(runs.c.document_id).where(
        runs.c.pipeline_version == pipeline_version, runs.c.rubric == lens
    )
    rows = sent_by(parts(lens).tenant)
    query = within(_records(rows), rows, company, year).where(rows.c.id.not_in(ran))
    return [_record(row) for row in tx.execute(query.order_by(rows.c.created_at, rows.c.id))]


def within(
    query: sa.Select[Any], rows: sa.FromClause, company: str | None, year: int | None
) -> sa.Select[Any]:
    """Keep what is of one company and one year, where they are given.

    A company is known by its slug and its name, one of the register by its aliases and its LEI, too.
    """
    if company is not None:
        query = query.where(is_of(rows, company))
    return query if year is None else query.where(rows.c.year == year)


def is_of(rows: sa.FromClause, company: str) -> sa.ColumnElement[bool]:
    """Whether a row is a company's."""
    return rows.c.company_slug == _slug_of(company)


def _slug_of(company: str) -> sa.ColumnElement[str]:
    """The slug that a company goes by; several of the register with one name are told apart by legal form."""
    names = company_names.c
    by_name = sa.select(names.company_slug).where(names.key == key(company))
    by_lei = sa.select(registered.c.slug).where(registered.c.lei == company.strip().upper())
    by_words = sa.select(sa.func.min(names.company_slug)).where(names.bare == bare(company))
    only = by_words.having(sa.func.min(names.company_slug) == sa.func.max(names.company_slug))
    ways = (query.scalar_subquery() for query in (by_name, by_lei, only))
    return sa.func.coalesce(*ways, slug(company))


def companies(tx: Connection, wanted: Wanted = ALL, *, tenant: str | None) -> list[Company]:
    """Every company that has such a document, by slug, named as in the register or its newest document."""
    seen = seen_by(tenant)
    columns = (seen.c.company_slug, seen.c.company, seen.c.year)
    query = sa.select(*columns).where(seen.c.company_slug != "")
    if wanted != ALL:
        such = newest_first(sa.select(seen.c.id), seen, wanted, None)
        such = within(such, seen, wanted.company, wanted.year).with_only_columns(seen.c.company_slug)
        query = query.where(seen.c.company_slug.in_(such.order_by(None)))
    rows = tx.execute(query.order_by(columns[0], seen.c.created_at)).all()
    known = register.open_book(tx)
    by_slug: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_slug.setdefault(row.company_slug, []).append(row)
    return [_company(name, group, known.get(name)) for name, group in by_slug.items()]


def _company(name: str, rows: Sequence[Row[Any]], known: RegisteredCompany | None) -> Company:
    years = tuple(sorted({row.year for row in rows if row.year is not None}))
    if known is None:
        return Company(name, rows[-1].company, len(rows), years)
    facts = (known.sector, known.country, known.lei, known.fiscal_year_end)
    return Company(name, known.name, len(rows), years, *facts)


def _records(rows: sa.FromClause) -> sa.Select[Any]:
    return sa.select(rows, runs.c.state, runs.c.reason, runs.c.reason_code).outerjoin(
        runs, runs.c.id == rows.c.run_id
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
        row.state or RUNNING,
        row.reason or "",
        row.reason_code or "",
        row.created_at,
        row.updated_at,
        row.registered,
        row.matched_by,
    )


def _media_type(row: Row[Any]) -> MediaType:
    """As sniffed; until ingest has sniffed it, as the name says."""
    if row.media_type:
        return MediaType(row.media_type)
    ending = row.source.lower().rpartition(".")[2]
    return {"htm": MediaType.HTML, "html": MediaType.HTML, "docx": MediaType.DOCX}.get(ending, MediaType.PDF)

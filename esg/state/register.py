"""The register of companies: what is in it, and which of them each document is of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from esg.errors import NotFound
from esg.register import Book, How, Line, Match, Problem, RegisteredCompany, bare, clashes, key, slug
from esg.state.schema import companies as table
from esg.state.schema import company_names as names
from esg.state.schema import documents, holdings
from esg.state.schema import register_edition as editions
from esg.state.upsert import upsert

_opened = WeakKeyDictionary[Engine, tuple[str, Book]]()  # as it was when it was last looked into


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; nothing where there are `problems`. `moved` documents changed company."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    problems: tuple[Problem, ...] = ()


def find_all(tx: Connection) -> list[RegisteredCompany]:
    """The companies of the register, by name."""
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in tx.execute(sa.select(names).where(names.c.place > 0).order_by(names.c.place)):
        aliases[row.company_slug].append(row.name)
    rows = tx.execute(sa.select(table).order_by(table.c.name, table.c.slug))
    return [_company(row, aliases[row.slug]) for row in rows]


def find(tx: Connection, name: str) -> RegisteredCompany:
    """A company by its slug, its LEI, or a name that is its alone; raises NotFound."""
    book = open_book(tx)
    match = book.match(name, lei=name.strip().upper())
    found = book.get(name) or (book.get(match.slug) if match and match.how is not How.LIKENESS else None)
    if found is None:
        raise NotFound(
            f"There is no company {name!r} in the register, or several.",
            next_step="`esg companies list` has them; give its LEI.",
        )
    return found


def save(
    tx: Connection, lines: Sequence[Line], problems: Sequence[Problem], *, now: datetime
) -> tuple[Imported, set[str]]:
    """Add or update companies, all or none: one with a known LEI or name is that company, and keeps its slug.

    Gives also the slugs under which documents are no longer what they were.
    """
    _renew(tx)
    known = find_all(tx)
    found, mistaken = _recognised(lines, known)
    about = {line.company.slug for line in found}
    clashing = clashes(found, [company for company in known if company.slug not in about])
    if every := {*problems, *mistaken, *clashing}:
        return Imported(problems=tuple(sorted(every))), set()
    before = {company.slug: company for company in known}
    fresh = [line.company for line in found if before.get(line.company.slug) != line.company]
    for company in fresh:
        tx.execute(sa.delete(names).where(names.c.company_slug == company.slug))
    for company in fresh:
        _write(tx, company, now)
    moved = place(tx) if fresh else {}
    added = sum(company.slug not in before for company in fresh)
    counts = Imported(added, len(fresh) - added, len(found) - len(fresh), len(moved))
    return counts, {company.slug for company in fresh}.union(*moved.values())


def _recognised(
    lines: Sequence[Line], known: Sequence[RegisteredCompany]
) -> tuple[list[Line], list[Problem]]:
    """Give each line the slug of the company that it is about, its own for a new one."""
    by_lei = {company.lei: company.slug for company in known if company.lei}
    by_name = {key(name): company.slug for company in known for name in company.names}
    found, problems = list[Line](), list[Problem]()
    for line in lines:
        of_lei, of_name = by_lei.get(line.company.lei), by_name.get(key(line.company.name))
        if of_lei and of_name and of_lei != of_name:
            what = f"its LEI is that of {of_lei!r} in the register, its name that of {of_name!r}"
            problems.append(Problem(line.number, what))
        whose = of_name or of_lei or line.company.slug
        found.append(line._replace(company=replace(line.company, slug=whose)))
    return found, problems


def _write(tx: Connection, company: RegisteredCompany, now: datetime) -> None:
    facts: dict[str, Any] = {
        "name": company.name,
        "sector": company.sector,
        "country": company.country,
        "lei": company.lei or None,
        "fiscal_year_end": company.fiscal_year_end,
        "domain": company.domain,
        "updated_at": now,
    }
    upsert(tx, table, {"slug": company.slug, "created_at": now, **facts}, key=["slug"], update=facts)
    named = [
        {"key": key(name), "bare": bare(name), "company_slug": company.slug, "name": name, "place": place}
        for place, name in enumerate(company.names)
    ]
    tx.execute(sa.insert(names), named)


def place(tx: Connection, ids: Iterable[str] | None = None) -> dict[str, set[str]]:
    """Match documents to the register, all where none are named; one that was matched by hand stays.

    Gives the slug that each document of another company than before had, and has.
    """
    own = sa.select(documents, sa.null().label("holder")).order_by(documents.c.id)
    held = (
        sa.select(holdings, documents.c.id, documents.c.lei, holdings.c.tenant.label("holder"))
        .join(documents, documents.c.id == holdings.c.document_id)
        .order_by(documents.c.id, holdings.c.tenant)
    )
    if ids is not None:
        among = documents.c.id.in_(list(ids))
        own, held = own.where(among), held.where(among)
    rows = [*tx.execute(own), *tx.execute(held)]
    rows = [row for row in rows if row.matched_by != How.HAND or row.company_slug != row.registered]
    if not rows:
        return {}
    book = open_book(tx)
    moved = defaultdict[str, set[str]](set)
    for row in rows if book else ():
        match = _match(row, book)
        values = _values(row, match)
        if values.items() - row._mapping.items():
            tx.execute(_update(row).values(**values))
        if values["company_slug"] != row.company_slug:
            moved[row.id] |= {row.company_slug, values["company_slug"]} - {""}
    return moved


def _update(row: Row[Any]) -> sa.Update:
    """Update a document where it is known as the operator's, or as a tenant's."""
    if row.holder is None:
        return sa.update(documents).where(documents.c.id == row.id)
    return sa.update(holdings).where(holdings.c.document_id == row.id, holdings.c.tenant == row.holder)


def open_book(tx: Connection) -> Book:
    """Open the register as this transaction sees it; it is read again only where it is another edition.

    A register of 10,000 companies takes half a second to read, and each document is matched twice.
    """
    edition = tx.execute(_EDITION).scalar()
    known = _opened.get(tx.engine)
    if known is None or edition is None or known[0] != edition:
        known = (edition or "", Book(find_all(tx)))
        _opened[tx.engine] = known
    return known[1]


def _renew(tx: Connection) -> None:
    """Begin another edition, which whoever imports meanwhile has to wait for."""
    upsert(tx, editions, {"place": 0, "edition": uuid4().hex}, key=["place"], update=["edition"])


_EDITION = sa.select(editions.c.edition)


def _match(row: Row[Any], book: Book) -> Match | None:
    if row.matched_by == How.HAND:
        return Match(row.registered, How.HAND)
    return book.match(row.company, lei=row.lei, source=row.source)


def _values(row: Row[Any], match: Match | None) -> dict[str, str]:
    if match is None:
        return {"registered": "", "matched_by": "", "company_slug": slug(row.company)}
    return {"registered": match.slug, "matched_by": str(match.how), "company_slug": match.slug}


def match_by_hand(tx: Connection, document_id: str, company: str | None) -> set[str]:
    """Say which company a document is of, by its slug; None leaves it to the register again."""
    hand = {"registered": company or "", "matched_by": str(How.HAND) if company else ""}
    before = tx.execute(sa.select(documents.c.company_slug).where(documents.c.id == document_id)).scalar()
    tx.execute(sa.update(documents).where(documents.c.id == document_id).values(**hand))
    return set[str]().union({before or ""} - {""}, *place(tx, [document_id]).values())


def _company(row: Row[Any], aliases: Sequence[str]) -> RegisteredCompany:
    return RegisteredCompany(
        slug=row.slug,
        name=row.name,
        aliases=tuple(aliases),
        sector=row.sector,
        country=row.country,
        lei=row.lei or "",
        fiscal_year_end=row.fiscal_year_end,
        domain=row.domain,
    )

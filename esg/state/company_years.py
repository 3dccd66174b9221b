"""Company-years: which documents belong together, which wait to be judged together, their scorecards.

A company-year is two or more scored documents with the same company (by slug: that of the register, or of its
name) and year; one document alone is its own. It is named by its documents, so a new one makes it another,
and the scorecard of the former is not shown for it. Each tenant has its own, of documents it has sent.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.domain import company_year_id
from esg.state import stage_runs
from esg.state.documents import sent_by, within
from esg.state.lens import lens, parts
from esg.state.runs import RunState
from esg.state.schema import companies, runs
from esg.state.schema import company_years as table
from esg.state.units import Claimed, Scalar, Unit
from esg.state.upsert import upsert

TASK = "score.company"
SEVERAL = 2  # documents; one alone is its own company-year


@dataclass(frozen=True, slots=True)
class CompanyYear:
    """Documents that are judged together; `key` and `sha256` are of their scorecard, "" without one."""

    slug: str
    company: str
    year: int
    rubric: str
    documents: tuple[str, ...]
    key: str = ""
    sha256: str = ""
    overall: float = 0.0
    grade: str = ""
    tenant: str | None = None

    @property
    def lens(self) -> str:
        return lens(self.rubric, self.tenant)

    @property
    def arguments(self) -> dict[str, Scalar]:
        """What the task that judges it is called with."""
        return arguments(self.slug, self.year, self.lens)

    @property
    def id(self) -> str:
        return company_year_id(self.company, self.year, self.documents)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which company-years are meant, and by what they are judged."""

    pipeline_version: str
    lens: str  # the rubric, and for whom
    company: str | None = None  # slug or name
    year: int | None = None


def find_all(tx: Connection, scope: Scope) -> list[CompanyYear]:
    """Every company-year as its documents are now, the newest year first, with the scorecard it has."""
    rows = tx.execute(_scored(scope)).all()
    known = {(row.company_slug, row.year): row for row in tx.execute(_kept(scope))}
    return [_with_scorecard(one, known.get((one.slug, one.year))) for one in _grouped(rows, scope.lens)]


def is_busy(tx: Connection, scope: Scope) -> bool:
    """Whether a document of it is still on its way."""
    under_way = _of(scope).where(runs.c.state == RunState.RUNNING)
    return tx.execute(under_way.limit(1)).first() is not None


def open_for(tx: Connection, claimed: Claimed, *, now: datetime) -> None:
    """Have a company-year judged whenever a document of it is scored.

    Of two documents that end at the same time each sees the other here, scored or not: both are known.
    """
    documents = sent_by(parts(claimed.rubric).tenant)
    own = tx.execute(sa.select(documents).where(documents.c.id == claimed.document_id)).one_or_none()
    if own is None or not own.company_slug or own.year is None:
        return
    same = sa.and_(documents.c.company_slug == own.company_slug, documents.c.year == own.year)
    together = tx.execute(sa.select(documents.c.id).where(same)).scalars().all()
    if len(together) < SEVERAL:
        return
    args = arguments(own.company_slug, own.year, claimed.rubric)
    _open(tx, company_year_id(own.company_slug, own.year, together), args, claimed, now)


def arguments(company: str, year: int, lens: str) -> dict[str, Scalar]:
    """What the task is called with; the operator's calls name no tenant."""
    rubric, tenant = parts(lens)
    args: dict[str, Scalar] = {"company": company, "year": year, "rubric": rubric}
    return args | {"tenant": tenant} if tenant else args


def open_stale(tx: Connection, slugs: Collection[str], scope: Scope, *, now: datetime) -> None:
    """Have those company-years judged of these companies whose documents, or name, are others than before."""
    for one in find_all(tx, scope):
        if one.slug in slugs and not one.key:
            unit = Unit(TASK, one.id, one.arguments, pipeline_version=scope.pipeline_version, rubric=one.lens)
            stage_runs.open_units(tx, [unit], now=now, reopen_done=True)


def finish(
    tx: Connection,
    claimed: Claimed,
    judged: Sequence[CompanyYear],
    *,
    pipeline_version: str,
    now: datetime,
) -> None:
    """Write scorecards down; open the stage run again where a document was scored after it had looked."""
    for one in judged:
        save(tx, one, pipeline_version=pipeline_version, now=now)
    company, year = claimed.args.get("company"), claimed.args.get("year")
    if not claimed.rubric or not isinstance(company, str) or not isinstance(year, int):
        return
    scope = Scope(pipeline_version, claimed.rubric, company, year)
    if not is_busy(tx, scope) and any(not one.key for one in find_all(tx, scope)):
        _open(tx, claimed.subject, claimed.args, claimed, now)


def _open(tx: Connection, subject: str, args: Mapping[str, Scalar], claimed: Claimed, now: datetime) -> None:
    """Have a company-year judged, again if it was, for whoever asked for what is `claimed`."""
    unit = Unit(
        TASK,
        subject,
        args,
        pipeline_version=claimed.pipeline_version,
        rubric=claimed.rubric,
        trace=claimed.trace,
    )
    stage_runs.open_units(tx, [unit], now=now, reopen_done=True)


def save(tx: Connection, one: CompanyYear, *, pipeline_version: str, now: datetime) -> None:
    """Write a scorecard down; it replaces that of the documents as they were before."""
    fresh: dict[str, Any] = {
        "id": one.id,
        "documents": len(one.documents),
        "key": one.key,
        "overall": one.overall,
        "grade": one.grade,
        "sha256": one.sha256,
        "created_at": now,
    }
    keys = {
        "company_slug": one.slug,
        "year": one.year,
        "pipeline_version": pipeline_version,
        "rubric": one.lens,
    }
    upsert(tx, table, keys | fresh, key=keys, update=fresh)


def _of(scope: Scope) -> sa.Select[Any]:
    """Documents with a company and a year, and their runs under the scope's version and rubric."""
    documents = sent_by(parts(scope.lens).tenant)
    query = (
        sa.select(documents.c.id, documents.c.company, documents.c.company_slug, documents.c.year)
        .add_columns(documents.c.company_guessed, companies.c.name.label("registered_name"))
        .outerjoin(companies, companies.c.slug == documents.c.registered)
        .join(runs, runs.c.document_id == documents.c.id)
        .where(
            runs.c.pipeline_version == scope.pipeline_version,
            runs.c.rubric == scope.lens,
            documents.c.company_slug != "",
            documents.c.year.is_not(None),
        )
    )
    query = query.order_by(documents.c.company_slug, documents.c.year.desc())
    return within(query, documents, scope.company, scope.year)


def _scored(scope: Scope) -> sa.Select[Any]:
    return _of(scope).where(runs.c.state == RunState.SCORED)


def _kept(scope: Scope) -> sa.Select[Any]:
    query = sa.select(table).where(
        table.c.pipeline_version == scope.pipeline_version, table.c.rubric == scope.lens
    )
    return within(query, table, scope.company, scope.year)


def _grouped(rows: Sequence[Row[Any]], lens: str) -> Iterator[CompanyYear]:
    rubric, tenant = parts(lens)
    groups: dict[tuple[str, int], list[Row[Any]]] = {}
    for row in rows:
        groups.setdefault((row.company_slug, row.year), []).append(row)
    for (company_slug, year), group in groups.items():
        if len(group) >= SEVERAL:
            ids = tuple(sorted(row.id for row in group))
            yield CompanyYear(company_slug, _name(group), year, rubric, ids, tenant=tenant)


def _name(group: Sequence[Row[Any]]) -> str:
    """The register's name, else what most documents give, a given one before one that was read."""
    if registered := [row.registered_name for row in group if row.registered_name]:
        return str(registered[0])
    given = [row.company for row in group if not row.company_guessed] or [row.company for row in group]
    counts: Counter[str] = Counter(given)
    return min(counts, key=lambda name: (-counts[name], name))


def _with_scorecard(one: CompanyYear, row: Row[Any] | None) -> CompanyYear:
    if row is None or row.id != one.id:
        return one
    return replace(one, key=row.key, sha256=row.sha256, overall=row.overall, grade=row.grade)

"""Scorecards: where each rests in the lake, and the figures to list it by."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state.documents import seen_by, within
from esg.state.lens import is_of, lens, parts
from esg.state.outcomes import Scored
from esg.state.schema import scorecards as table
from esg.state.units import Claimed
from esg.state.upsert import upsert


@dataclass(frozen=True, slots=True)
class ScorecardRecord:
    """`key` is its place in the lake, `sha256` of its canonical JSON, `registered` a slug of the register."""

    document_id: str
    pipeline_version: str
    rubric: str
    key: str
    overall: float
    grade: str
    sha256: str
    created_at: datetime
    company: str
    year: int | None
    registered: str = ""
    tenant: str | None = None


def save(tx: Connection, claimed: Claimed, scored: Scored, *, now: datetime) -> None:
    """Write a scorecard down; a document scored again replaces the one before."""
    fresh: dict[str, Any] = {
        "key": scored.key,
        "overall": scored.overall,
        "grade": scored.grade,
        "sha256": scored.sha256,
        "created_at": now,
    }
    keys = {
        "document_id": claimed.subject,
        "pipeline_version": claimed.pipeline_version,
        "rubric": claimed.rubric,
    }
    upsert(tx, table, keys | fresh, key=keys, update=fresh)


def latest_key(tx: Connection, document_id: str, *, rubric: str | None, tenant: str | None) -> str | None:
    """The key of a document's newest scorecard, by one rubric where given; one's own before others."""
    own = is_of(table.c.rubric, tenant)
    query = sa.select(table.c.key).where(table.c.document_id == document_id)
    if tenant is not None:
        query = query.where(own)
    if rubric is not None:
        others = table.c.rubric.endswith(f":{rubric}", autoescape=True)
        query = query.where(sa.or_(table.c.rubric == lens(rubric, tenant), others))
    own_first = sa.case((own, 0), else_=1)
    query = query.order_by(own_first, table.c.created_at.desc(), table.c.rubric)
    return tx.execute(query.limit(1)).scalar()


def find_all(
    tx: Connection, *, company: str | None, ids: Collection[str] | None, tenant: str | None
) -> list[ScorecardRecord]:
    """Every scorecard, of a company (slug or name) or some documents where given; the newest year first."""
    documents = seen_by(tenant)
    query = (
        sa.select(table, documents.c.company, documents.c.year, documents.c.registered)
        .join(documents, documents.c.id == table.c.document_id)
        .order_by(documents.c.company_slug, documents.c.year.desc().nulls_last(), table.c.created_at.desc())
    )
    if tenant is not None:
        query = query.where(is_of(table.c.rubric, tenant))
    if ids is not None:
        query = query.where(table.c.document_id.in_(ids))
    return [_record(row) for row in tx.execute(within(query, documents, company, None))]


def _record(row: Row[Any]) -> ScorecardRecord:
    return ScorecardRecord(**(row._asdict() | parts(row.rubric)._asdict()))

"""Reviews: what analysts say of levels, quotes and figures, beside the scorecards that a re-run makes anew.

Nothing is overwritten: of a document's subject the newest review counts, and those before it are its history.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state.documents import seen_by
from esg.state.jobs import OPERATOR
from esg.state.schema import reviews as table


class Kind(StrEnum):
    LEVEL = "level"  # the subject is a theme's code
    QUOTE = "quote"  # the id of a piece of evidence
    KPI = "kpi"  # the key of a figure: esg/kpi/identity.py


class Verdict(StrEnum):
    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Review:
    """What one analyst says of one thing. `said` is what the scorecard said then, `corrected` what it should.

    Of a level: `level`, `low`, `high`; of a quote: `quote`, `page`; of a figure: `value`, `unit`, `year`.
    """

    document_id: str
    kind: Kind
    subject: str
    verdict: Verdict
    author: str
    said: Mapping[str, Any]
    corrected: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review as it was kept: `number` in the order of writing, whose report of which year it is about."""

    review: Review
    number: int
    created_at: datetime
    company: str
    year: int | None


def save(tx: Connection, review: Review, *, tenant: str | None, now: datetime) -> None:
    """Write down what a tenant's analyst says; None is the operator's."""
    tx.execute(sa.insert(table).values(**asdict(review), tenant=tenant or OPERATOR, created_at=now))


def find_all(
    tx: Connection, document_id: str | None, *, tenant: str | None, limit: int | None
) -> list[ReviewRecord]:
    """Reviews of a tenant, for None everyone's, of one document where given, the newest first."""
    documents = seen_by(tenant)
    query = (
        sa.select(table, documents.c.company, documents.c.year)
        .join(documents, documents.c.id == table.c.document_id)
        .order_by(table.c.id.desc())
        .limit(limit)
    )
    if tenant is not None:
        query = query.where(table.c.tenant == tenant)
    if document_id is not None:
        query = query.where(table.c.document_id == document_id)
    return [_record(row) for row in tx.execute(query)]


def counting(records: Iterable[ReviewRecord]) -> dict[tuple[str, Kind, str], ReviewRecord]:
    """The review that counts, by document, kind and subject."""
    oldest_first = sorted(records, key=lambda record: record.number)
    return {(r.review.document_id, r.review.kind, r.review.subject): r for r in oldest_first}


def _record(row: Row[Any]) -> ReviewRecord:
    review = Review(
        document_id=row.document_id,
        kind=Kind(row.kind),
        subject=row.subject,
        verdict=Verdict(row.verdict),
        author=row.author,
        said=row.said,
        corrected=row.corrected,
        note=row.note,
    )
    return ReviewRecord(review, row.id, row.created_at, row.company, row.year)

"""Reviews by analysts → labels as `esg eval` reads them (docs/howto/labels.md), one object a document."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from esg.domain import Document
from esg.state import Kind, Review, State, Verdict, counting

MOST_QUOTES = 5  # of a level

Reviews = Sequence[Review]


@dataclass(frozen=True, slots=True)
class Labels:
    """What analysts found in a document; `file` is what its bytes are to be called beside the label."""

    document_id: str
    file: str
    content: Mapping[str, Any]


def labels(state: State) -> list[Labels]:
    """Every reviewed document as labels; the newest review of a thing counts.

    An accepted level or figure is the scorecard's own, a corrected one the analyst's. A rejected figure is
    left out, so that printing it counts as wrong; a rejected level has no label: nobody said which it is.
    """
    of = defaultdict[str, list[Review]](list)
    for record in counting(state.reviews()).values():
        of[record.review.document_id].append(record.review)
    documents = [(state.document(name).document, of[name]) for name in sorted(of)]
    return [_labels(document, reviews) for document, reviews in documents]


def _labels(document: Document, reviews: Reviews) -> Labels:
    identity = document.identity
    file = file_name(document)
    content = {
        "file": file,
        "company": identity.company,
        "year": identity.year,
        "document_id": document.id,
        "levels": dict(_levels(reviews)),
        "kpis": list(_kpis(reviews)),
    }
    return Labels(document.id, file, content)


def file_name(document: Document) -> str:
    """Name a document's file by what it came as; its id keeps two of one name apart."""
    path = urlsplit(document.source).path if "://" in document.source else document.source
    stem = "".join(c if c.isalnum() else "-" for c in PurePath(path).stem)[:80].strip("-") or "report"
    return f"{stem}-{document.id[:8]}{document.media_type.ending}"


def _levels(reviews: Reviews) -> Iterator[tuple[str, dict[str, Any]]]:
    quotes = {review.subject: review for review in reviews if review.kind is Kind.QUOTE}
    for review in reviews:
        if review.kind is Kind.LEVEL and review.verdict is not Verdict.REJECT:
            told = {"level": review.said["level"]} | dict(review.corrected)
            yield (
                review.subject,
                {
                    "level": told["level"],
                    "low": told.get("low", told["level"]),
                    "high": told.get("high", told["level"]),
                    "why": review.note,
                    "evidence": list(_evidence(review, quotes))[:MOST_QUOTES],
                    "reader": review.author,
                },
            )


def _evidence(level: Review, quotes: Mapping[str, Review]) -> Iterator[dict[str, Any]]:
    """The quotes that the level was read with, as corrected; without those that were rejected."""
    for said in level.said.get("evidence", ()):
        review = quotes.get(said["id"])
        if review is None or review.verdict is not Verdict.REJECT:
            told = said | (dict(review.corrected) if review else {})
            yield {"page": told["page"], "quote": told["quote"]}


def _kpis(reviews: Reviews) -> Iterator[dict[str, Any]]:
    for review in reviews:
        if review.kind is Kind.KPI and review.verdict is not Verdict.REJECT:
            told = dict(review.said) | dict(review.corrected)
            yield {key: told[key] for key in ("kpi", "value", "unit", "year", "page", "quote")}

"""scorecards → gold: tables in which every row leads to its quotes, and every quote to a page's bytes.

A row of any table names its scorecard (`trace_id`) and its evidence (`evidence`, ids into the table of that
name); a row there names the document by the hash of its bytes, the page and the offsets of the quote.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from esg.domain import Document, Scorecard

VERSION = "1"  # of the tables' columns
Row = dict[str, Any]

_TEXT, _COUNT, _NUMBER, _YES = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_IDS = pa.list_(_TEXT)
_WHOSE = [("trace_id", _TEXT), ("company", _TEXT), ("year", _COUNT)]

SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema([*_WHOSE, *columns], metadata={"esg_gold": VERSION})
    for name, columns in {
        "scorecards": [
            *(("overall", _NUMBER), ("grade", _TEXT), ("confidence", _NUMBER), ("documents", _COUNT)),
            *(("is_whole", _YES), ("is_guessed", _YES), ("parity_ok", _YES)),
            *(("rubric", _TEXT), ("rubric_version", _TEXT)),
            *(("pipeline", _TEXT), ("embedder", _TEXT), ("judge", _TEXT)),
        ],
        "documents": [
            *(("document_id", _TEXT), ("source", _TEXT), ("title", _TEXT), ("media_type", _TEXT)),
            *(("size_bytes", _COUNT), ("pages", _COUNT), ("language", _TEXT)),
        ],
        "themes": [
            *(("theme", _TEXT), ("level", _COUNT), ("status", _TEXT), ("confidence", _NUMBER)),
            *(("rationale", _TEXT), ("evidence", _IDS)),
        ],
        "criteria": [
            *(("theme", _TEXT), ("criterion", _TEXT), ("level", _COUNT), ("met", _YES), ("evidence", _IDS)),
        ],
        "kpis": [
            *(("kpi", _TEXT), ("fiscal_year", _COUNT), ("value", _NUMBER), ("unit", _TEXT)),
            *(("method", _TEXT), ("boundary", _TEXT), ("restated", _YES), ("flags", _IDS)),
            *(("raw_value", _TEXT), ("raw_unit", _TEXT), ("period", _TEXT), ("evidence", _IDS)),
        ],
        "claims": [("claim", _TEXT), ("value", _TEXT), ("evidence", _IDS)],
        "disclosures": [("framework", _TEXT), ("line", _TEXT), ("disclosed", _TEXT), ("evidence", _IDS)],
        "contradictions": [
            *(("about", _TEXT), ("fiscal_year", _COUNT), ("method", _TEXT), ("value", _TEXT)),
            *(("unit", _TEXT), ("counts", _YES), ("evidence", _IDS)),
        ],
        "evidence": [
            *(("evidence_id", _TEXT), ("document_id", _TEXT), ("page", _COUNT), ("printed_page", _TEXT)),
            *(("start_offset", _COUNT), ("end_offset", _COUNT), ("quote", _TEXT), ("sha256", _TEXT)),
        ],
    }.items()
}


def tables(scorecards: Iterable[Scorecard]) -> dict[str, pa.Table]:
    """Lay scorecards out as the tables of SCHEMAS.

    `is_whole` marks what speaks for its company and year, once for each: the scorecard of all documents, or
    as long as they have not been judged together that with the most quotes.
    """
    cards = list(scorecards)
    whole = _whole(cards)
    rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for card in cards:
        identity = card.document.identity
        whose = {"trace_id": card.trace_id, "company": identity.company, "year": identity.year}
        rows["scorecards"].append(whose | _scorecard(card, is_whole=card.trace_id in whole))
        for name, rows_of in _ROWS.items():
            rows[name].extend(whose | row for row in rows_of(card))
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in SCHEMAS.items()}


def _whole(cards: Sequence[Scorecard]) -> set[str]:
    """The scorecards that speak for a company and year; one without a name or a year speaks for itself."""
    speaking: dict[tuple[str, int | None], str] = {}
    for card in sorted(cards, key=lambda c: (len(c.documents), len(c.evidence), c.trace_id)):
        identity = card.document.identity
        is_known = identity.company and identity.year is not None
        key = (identity.company.casefold(), identity.year) if is_known else (card.trace_id, None)
        speaking[key] = card.trace_id
    return set(speaking.values())


def _scorecard(card: Scorecard, *, is_whole: bool) -> Row:
    overall, identity, versions = card.overall, card.document.identity, card.versions
    return {
        "overall": overall.score,
        "grade": overall.grade,
        "confidence": overall.confidence,
        "documents": len(_documents(card)),
        "is_whole": is_whole,
        "is_guessed": identity.company_guessed or identity.year_guessed,
        "parity_ok": card.parity.ok,
        "rubric": card.rubric_id,
        "rubric_version": card.rubric_version,
        "pipeline": versions.pipeline,
        "embedder": versions.embedder,
        "judge": versions.judge,
    }


def _documents(card: Scorecard) -> Sequence[Document]:
    return card.documents or (card.document,)


def _document_rows(card: Scorecard) -> Iterator[Row]:
    for document in _documents(card):
        yield {
            "document_id": document.id,
            "source": document.source,
            "title": document.title,
            "media_type": document.media_type.value,
            "size_bytes": document.size_bytes,
            "pages": document.pages,
            "language": document.language,
        }


def _theme_rows(card: Scorecard) -> Iterator[Row]:
    for theme in card.themes:
        yield {
            "theme": theme.code,
            "level": theme.level,
            "status": theme.status.value,
            "confidence": theme.confidence,
            "rationale": theme.rationale,
            "evidence": theme.evidence,
        }


def _criterion_rows(card: Scorecard) -> Iterator[Row]:
    for theme in card.themes:
        for criterion in theme.criteria:
            yield {
                "theme": theme.code,
                "criterion": criterion.id,
                "level": criterion.level,
                "met": criterion.met,
                "evidence": criterion.evidence,
            }


def _kpi_rows(card: Scorecard) -> Iterator[Row]:
    for kpi in card.kpis:
        yield {
            "kpi": kpi.kpi,
            "fiscal_year": kpi.fiscal_year,
            "value": kpi.value,
            "unit": kpi.unit,
            "method": kpi.method,
            "boundary": kpi.boundary,
            "restated": kpi.restated,
            "flags": kpi.flags,
            "raw_value": kpi.raw_value,
            "raw_unit": kpi.raw_unit,
            "period": kpi.period,
            "evidence": (kpi.evidence,),
        }


def _claim_rows(card: Scorecard) -> Iterator[Row]:
    for claim in card.claims:
        yield {"claim": claim.claim, "value": claim.value, "evidence": (claim.evidence,)}


def _disclosure_rows(card: Scorecard) -> Iterator[Row]:
    for framework, lines in card.frameworks:
        for line in lines:
            yield {
                "framework": framework,
                "line": line.id,
                "disclosed": line.disclosed,
                "evidence": line.evidence,
            }


def _contradiction_rows(card: Scorecard) -> Iterator[Row]:
    for found in card.contradictions:
        about = {"about": found.about, "fiscal_year": found.fiscal_year, "method": found.method}
        for said in (found.chosen, *found.others):
            yield about | {
                "value": str(said.value),
                "unit": said.unit,
                "counts": said is found.chosen,
                "evidence": (said.evidence,),
            }


def _evidence_rows(card: Scorecard) -> Iterator[Row]:
    for evidence in card.evidence:
        yield {
            "evidence_id": evidence.id,
            "document_id": evidence.document_id,
            "page": evidence.page,
            "printed_page": evidence.printed_page,
            "start_offset": evidence.start,
            "end_offset": evidence.end,
            "quote": evidence.quote,
            "sha256": evidence.sha256,
        }


_ROWS: Mapping[str, Callable[[Scorecard], Iterator[Row]]] = {
    "documents": _document_rows,
    "themes": _theme_rows,
    "criteria": _criterion_rows,
    "kpis": _kpi_rows,
    "claims": _claim_rows,
    "disclosures": _disclosure_rows,
    "contradictions": _contradiction_rows,
    "evidence": _evidence_rows,
}

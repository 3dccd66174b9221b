"""scorecards → gold: tables in which every row leads to its quotes, and every quote to a page's bytes.

A row of any table names its scorecard (`trace_id`) and its evidence (`evidence`, ids into the table of that
name); a row there names the document by the hash of its bytes, the page and the offsets of the quote.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple

import pyarrow as pa

from esg.domain import Document, Scorecard
from esg.register import RegisteredCompany

VERSION = "1"  # of the tables' columns
Row = dict[str, Any]

_AT_A_TIME = (
    100  # scorecards that are in memory as Python's objects, which take ten times as much as the tables
)

_TEXT, _COUNT, _NUMBER, _YES = pa.string(), pa.int64(), pa.float64(), pa.bool_()
_IDS = pa.list_(_TEXT)
_WHOSE = [("trace_id", _TEXT), ("company", _TEXT), ("year", _COUNT)]
_NAMES = frozenset(name for name, _ in _WHOSE)

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
        "companies": [  # of the scorecards whose company is in the register
            *(("slug", _TEXT), ("sector", _TEXT), ("country", _TEXT), ("lei", _TEXT)),
            *(("fiscal_year_end", _TEXT), ("aliases", _IDS)),
        ],
        "evidence": [
            *(("evidence_id", _TEXT), ("document_id", _TEXT), ("page", _COUNT), ("printed_page", _TEXT)),
            *(("start_offset", _COUNT), ("end_offset", _COUNT), ("quote", _TEXT), ("sha256", _TEXT)),
        ],
    }.items()
}


def tables(
    scorecards: Iterable[Scorecard], register: Mapping[str, RegisteredCompany] = MappingProxyType({})
) -> dict[str, pa.Table]:
    """Lay scorecards out as the tables of SCHEMAS; those of a company of the `register` go by its name there.

    The register's companies are by the `trace_id` of their scorecards.

    `is_whole` marks what speaks for its company and year, once for each: the scorecard of all documents, or
    as long as they have not been judged together that with the most quotes.
    """
    parts: dict[str, list[pa.Table]] = {name: [schema.empty_table()] for name, schema in SCHEMAS.items()}
    speakers: list[_Speaker] = []
    rest = iter(scorecards)
    while cards := [_named(card, register.get(card.trace_id)) for card in islice(rest, _AT_A_TIME)]:
        speakers += [_Speaker.of(card) for card in cards]
        for name, rows in _laid_out(cards, register).items():
            parts[name].append(pa.Table.from_pylist(rows, schema=SCHEMAS[name]))
    found = {name: pa.concat_tables(tables) for name, tables in parts.items()}
    found["scorecards"] = _with_whole(found["scorecards"], _whole(speakers))
    return found


def _laid_out(cards: Sequence[Scorecard], register: Mapping[str, RegisteredCompany]) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for card in cards:
        identity = card.document.identity
        whose = {"trace_id": card.trace_id, "company": identity.company, "year": identity.year}
        rows["scorecards"].append(whose | _scorecard(card))
        if company := register.get(card.trace_id):
            rows["companies"].append(whose | _row("companies", company))
        for name, rows_of in _ROWS.items():
            rows[name].extend(whose | row for row in rows_of(card))
    return rows


def _named(card: Scorecard, company: RegisteredCompany | None) -> Scorecard:
    if company is None:
        return card
    identity = replace(card.document.identity, company=company.name)
    return replace(card, document=replace(card.document, identity=identity))


class _Speaker(NamedTuple):
    """Of a scorecard, what decides whether it speaks for its company and year."""

    documents: int
    quotes: int
    trace_id: str
    about: tuple[str, int | None]  # one without a name or a year speaks for itself

    @classmethod
    def of(cls, card: Scorecard) -> "_Speaker":
        identity = card.document.identity
        is_known = identity.company and identity.year is not None
        about = (identity.company.casefold(), identity.year) if is_known else (card.trace_id, None)
        return cls(len(card.documents), len(card.evidence), card.trace_id, about)


def _whole(speakers: Iterable[_Speaker]) -> set[str]:
    """The scorecards that speak for a company and year."""
    return set(
        {speaker.about: speaker.trace_id for speaker in sorted(speakers, key=lambda s: s[:3])}.values()
    )


def _with_whole(scorecards: pa.Table, whole: set[str]) -> pa.Table:
    """Mark those that speak, which is known when all have been seen."""
    place = scorecards.schema.get_field_index("is_whole")
    marks = pa.array([trace_id in whole for trace_id in scorecards["trace_id"].to_pylist()], _YES)
    return scorecards.set_column(place, scorecards.schema.field(place), marks)


def _scorecard(card: Scorecard) -> Row:
    overall, identity, versions = card.overall, card.document.identity, card.versions
    return {
        "overall": overall.score,
        "grade": overall.grade,
        "confidence": overall.confidence,
        "documents": len(_documents(card)),
        "is_whole": False,  # until all have been seen
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


def _row(table: str, noun: object, **others: object) -> Row:
    """Fill a table's columns with a noun's fields of the same name; the `others` are called otherwise."""
    own = (name for name in SCHEMAS[table].names if name not in others and name not in _NAMES)
    return {name: getattr(noun, name) for name in own} | others


def _document_rows(card: Scorecard) -> Iterator[Row]:
    return (_row("documents", document, document_id=document.id) for document in _documents(card))


def _theme_rows(card: Scorecard) -> Iterator[Row]:
    return (_row("themes", theme, theme=theme.code) for theme in card.themes)


def _criterion_rows(card: Scorecard) -> Iterator[Row]:
    for theme in card.themes:
        for criterion in theme.criteria:
            yield _row("criteria", criterion, theme=theme.code, criterion=criterion.id)


def _kpi_rows(card: Scorecard) -> Iterator[Row]:
    return (_row("kpis", kpi, evidence=(kpi.evidence,)) for kpi in card.kpis)


def _claim_rows(card: Scorecard) -> Iterator[Row]:
    return (_row("claims", claim, evidence=(claim.evidence,)) for claim in card.claims)


def _disclosure_rows(card: Scorecard) -> Iterator[Row]:
    for framework, lines in card.frameworks:
        for line in lines:
            yield _row("disclosures", line, framework=framework, line=line.id)


def _contradiction_rows(card: Scorecard) -> Iterator[Row]:
    for found in card.contradictions:
        for said in (found.chosen, *found.others):
            yield _row(
                "contradictions",
                found,
                value=str(said.value),
                unit=said.unit,
                counts=said is found.chosen,
                evidence=(said.evidence,),
            )


def _evidence_rows(card: Scorecard) -> Iterator[Row]:
    for e in card.evidence:
        yield _row("evidence", e, evidence_id=e.id, start_offset=e.start, end_offset=e.end)


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

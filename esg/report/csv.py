"""scorecards → one tidy CSV: a row for every fact, so that a filter and a pivot table do the rest.

`record` says what a row is and what `value` holds:

| record     | id           | parent    | value                                      |
|------------|--------------|-----------|--------------------------------------------|
| overall    | the grade    |           | mean level, 0 to 4                         |
| theme      | theme code   |           | level, 0 to 4                              |
| criterion  | criterion id | theme     | 1 met, 0 not met                           |
| kpi        | KPI key      |           | the normalised number, in `unit`           |
| claim      | claim key    |           | what is claimed                            |
| disclosure | line id      | framework | yes, partial or no                         |
| evidence   | evidence id  |           | where the quote starts in its page's text  |

`page`, `printed_page` and `quote` are those of the first piece of evidence, and so is the `document_id` of a
company-year's fact; `evidence` lists all ids.
The file is UTF-8 with a byte order mark and CRLF, which is what Excel needs to open it by a double click.
Text that a spreadsheet would run as a formula is written with an apostrophe before it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from esg.domain import Claim, CriterionResult, Evidence, Kpi, Scorecard, ThemeScore
from esg.report.grid import SCORE_DIGITS, decimals, significant
from esg.report.text import visible

COLUMNS = (
    *("company", "year", "document_id", "record", "id", "parent", "value", "unit", "level", "status"),
    *("confidence", "raw_value", "raw_unit", "period", "fiscal_year", "method", "boundary", "restated"),
    *("flags", "page", "printed_page", "quote", "rationale", "evidence"),
)
BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # OWASP: CSV injection

Cell = str | int | float | None
Row = dict[str, Cell]


def to_csv(scorecards: Sequence[Scorecard]) -> str:
    """Write all facts of all scorecards, in their own order, under one header."""
    return sheet(COLUMNS, facts(scorecards))


def sheet(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Write rows under a header for a spreadsheet; a column that a row does not have is empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: safe(value) for column, value in row.items()})
    return BYTE_ORDER_MARK + text.getvalue()


def safe(value: Cell) -> Cell:
    """Disarm text that a spreadsheet would take for a formula; numbers stay numbers."""
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA_STARTS) else shown


def facts(scorecards: Iterable[Scorecard]) -> Iterator[Row]:
    """Every fact of every scorecard as a row of COLUMNS."""
    return (row for scorecard in scorecards for row in _rows(scorecard))


def _rows(scorecard: Scorecard) -> Iterator[Row]:
    identity = scorecard.document.identity
    whose: Row = {"company": identity.company, "year": identity.year, "document_id": scorecard.document.id}
    return (whose | fact for fact in _facts(scorecard))


def _facts(scorecard: Scorecard) -> Iterator[Row]:
    cited = {evidence.id: evidence for evidence in scorecard.evidence}
    yield _overall(scorecard)
    for theme in scorecard.themes:
        yield _theme(theme) | _cite(theme.evidence, cited)
        for criterion in theme.criteria:
            yield _criterion(criterion, theme) | _cite(criterion.evidence, cited)
    for kpi in scorecard.kpis:
        yield _kpi(kpi) | _cite([kpi.evidence], cited)
    for claim in scorecard.claims:
        yield _claim(claim) | _cite([claim.evidence], cited)
    for framework, lines in scorecard.frameworks:
        for line in lines:
            fact: Row = {"record": "disclosure", "id": line.id, "parent": framework, "value": line.disclosed}
            yield fact | _cite(line.evidence, cited)
    for evidence in scorecard.evidence:
        yield _evidence(evidence) | _cite([evidence.id], cited)


def _overall(scorecard: Scorecard) -> Row:
    overall = scorecard.overall
    return {
        "record": "overall",
        "id": overall.grade,
        "value": decimals(overall.score, SCORE_DIGITS),
        "confidence": decimals(overall.confidence, SCORE_DIGITS),
    }


def _theme(theme: ThemeScore) -> Row:
    return {
        "record": "theme",
        "id": theme.code,
        "value": theme.level,
        "level": theme.level,
        "status": theme.status.value,
        "confidence": decimals(theme.confidence, SCORE_DIGITS),
        "rationale": theme.rationale,
    }


def _criterion(criterion: CriterionResult, theme: ThemeScore) -> Row:
    return {
        "record": "criterion",
        "id": criterion.id,
        "parent": theme.code,
        "value": int(criterion.met),
        "level": criterion.level,
    }


def _kpi(kpi: Kpi) -> Row:
    return {
        "record": "kpi",
        "id": kpi.kpi,
        "value": significant(kpi.value),
        "unit": kpi.unit,
        "raw_value": kpi.raw_value,
        "raw_unit": kpi.raw_unit,
        "period": kpi.period,
        "fiscal_year": kpi.fiscal_year,
        "method": kpi.method,
        "boundary": kpi.boundary,
        "restated": int(kpi.restated),
        "flags": " ".join(kpi.flags),
        "page": kpi.page,
        "quote": kpi.quote,
    }


def _claim(claim: Claim) -> Row:
    row: Row = {"record": "claim", "id": claim.claim, "value": claim.value}
    return row | {"page": claim.page, "quote": claim.quote}


def _evidence(evidence: Evidence) -> Row:
    return {"record": "evidence", "id": evidence.id, "value": evidence.start}


def _cite(ids: Sequence[str], cited: Mapping[str, Evidence]) -> Row:
    row: Row = {"evidence": " ".join(ids)}
    first = next((cited[i] for i in ids if i in cited), None)
    if first:
        place: Row = {"document_id": first.document_id, "page": first.page}
        row |= place | {"printed_page": first.printed_page, "quote": first.quote}
    return row

"""scorecard → a PDF to be sent round and printed, set by Typst from `templates/report.typ`.

All words of the report go in as data (`sys.inputs`), never as markup: none can be read as a command.
"""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import typst

from esg.domain import Evidence, Scorecard
from esg.report import names
from esg.report.text import visible
from esg.report.view import FrameworkView, KpiView, ScorecardView, ThemeView, view
from esg.rubric import Rubric

QUOTES = 3  # of a theme


def to_pdf(scorecard: Scorecard, *, rubric: Rubric | None = None) -> bytes:
    """Write levels with their reasons and quotes, figures, claims and frameworks; tagged, for screen readers.

    The same scorecard gives the same bytes on a machine with the same fonts; those of the system are asked
    only for scripts that the shipped ones do not have.
    """
    source = (resources.files("esg.report") / "templates/report.typ").read_bytes()
    data = json.dumps(_seen(_data(view(scorecard, rubric))), ensure_ascii=False)
    return typst.compile(source, format="pdf", sys_inputs={"data": data}, timestamp=0)


def _data(v: ScorecardView) -> dict[str, Any]:
    card = v.card
    read = card.documents or (card.document,)
    sure = f"{names.percent(card.overall.confidence)} confidence"
    return {
        "company": names.company(card),
        "year": names.year(card),
        "grade": card.overall.grade if names.has_grade(card) else "Not judged",
        "score": f"{card.overall.score:.2f} of 4, {sure}" if names.has_grade(card) else "",
        "themes": [
            _theme(v, theme, is_judged=names.is_judged(score))
            for theme, score in zip(v.themes, card.themes, strict=True)
        ],
        "kpis": [_kpi(v, row) for row in v.kpis],
        "claims": [[name, claim.value, claim.quote, v.where(claim.evidence)] for name, claim in v.claims],
        "frameworks": [_framework(framework) for framework in v.frameworks],
        "about": [
            *(["Source", document.source] for document in read),
            *(["Hidden text", told] for document in read if (told := names.hidden_text(document))),
            ["Rubric", f"{card.rubric_id} {card.rubric_version}"],
            ["Pipeline", f"{card.versions.pipeline}; {card.versions.embedder}; {card.versions.judge}"],
            ["Trace", card.trace_id],
        ],
    }


def _theme(v: ScorecardView, theme: ThemeView, *, is_judged: bool) -> dict[str, Any]:
    return {
        "code": theme.code,
        "name": theme.name,
        "level": theme.level if is_judged else None,
        "confidence": names.percent(theme.confidence),
        "rationale": theme.rationale,
        "next": theme.next_demand,
        "quotes": list(_quotes(v, theme.evidence[:QUOTES])),
    }


def _quotes(v: ScorecardView, evidence: tuple[Evidence, ...]) -> Iterator[list[str]]:
    return ([one.quote, v.where(one)] for one in evidence)


def _kpi(v: ScorecardView, row: KpiView) -> list[str]:
    kpi = row.kpi
    basis = ", ".join(filter(None, (kpi.method, kpi.boundary, *(words for words, _ in row.notes))))
    printed = f"{kpi.raw_value} {kpi.raw_unit}".strip()
    value = names.quantity(kpi.value, kpi.unit)
    return [row.name, kpi.period, value, printed, basis, v.where(kpi.evidence)]


def _framework(framework: FrameworkView) -> list[str]:
    return [framework.name, *(str(framework.count(answer)) for answer in ("yes", "partial", "no"))]


def _seen(value: Any) -> Any:
    """Show hidden characters everywhere, as the other reports do."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: _seen(one) for key, one in value.items()}
    return [_seen(one) for one in value] if isinstance(value, list) else value

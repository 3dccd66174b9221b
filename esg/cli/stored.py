"""Scorecards as they rest in the lake: found by what people call them, read, rendered."""

import json
from collections.abc import Callable, Sequence

from esg import errors, report
from esg.cli import prefix
from esg.domain import Scorecard
from esg.resources import Resources
from esg.rubric import Rubric
from esg.state import ScorecardRecord


def read(opened: Resources, key: str) -> Scorecard:
    return report.from_dict(json.loads(opened.lake.scorecard(key)))


def find(opened: Resources, name: str, year: int | None = None) -> list[ScorecardRecord]:
    """Find scorecards by the start of a document's id, or by a company's name; newest first.

    Raises NotFound when there is none, of that year where one is given.
    """
    records = opened.state.scorecards()
    found = [r for r in records if prefix.is_start(name, r.document_id)] or opened.state.scorecards(
        company=name
    )
    if found and year is not None:
        years = sorted({str(r.year) for r in found if r.year is not None})
        found = [r for r in found if r.year == year]
        if not found:
            raise errors.NotFound(
                f"There is no scorecard of {name!r} for {year}.",
                next_step=f"There is one for: {', '.join(years) or 'no year that is known'}.",
            )
    if not found:
        raise errors.NotFound(f"There is no scorecard of {name!r}.", next_step=_advice(records, name))
    return found


def _advice(records: Sequence[ScorecardRecord], name: str) -> str:
    """Name the companies whose names hold what was asked for, or say how to make a scorecard."""
    like = sorted({r.company for r in records if name.casefold() in r.company.casefold()})
    return f"Did you mean: {', '.join(like[:5])}?" if like else "Make one with: esg score FILE"


def material(opened: Resources, document_id: str) -> report.Material:
    """Read a document's bytes and pages from the lake."""
    return opened.lake.original(document_id), opened.lake.extraction(document_id).pages


def rendered(
    opened: Resources, scorecard: Scorecard, kind: str, material: Callable[[str], report.Material]
) -> bytes:
    """Render a scorecard as html (with a picture of each quote), json, csv, parquet or pdf.

    `material` is by document.
    """
    if kind == "json":
        return report.canonical_json(scorecard)
    if kind == "csv":
        return report.to_csv([scorecard]).encode()
    if kind == "parquet":
        return report.to_parquet([scorecard])
    if kind == "pdf":
        return report.to_pdf(scorecard, rubric=_own_rubric(opened, scorecard))
    draw = report.all_pictures(scorecard, material)
    return report.to_html(scorecard, page_png=draw, rubric=_own_rubric(opened, scorecard)).encode()


def _own_rubric(opened: Resources, scorecard: Scorecard) -> Rubric | None:
    """The rubric in use, where the scorecard is by it: someone's own cannot be looked up by its id."""
    rubric = opened.rubric
    is_by_it = (rubric.id, rubric.version) == (scorecard.rubric_id, scorecard.rubric_version)
    return rubric if is_by_it else None

"""Scorecards as they rest in the lake: found by what people call them, read, rendered."""

import json
from collections.abc import Callable, Sequence

from esg import errors, report
from esg.domain import Fetched, Page, Scorecard
from esg.resources import Resources
from esg.rubric import Rubric
from esg.state import ScorecardRecord

Material = tuple[Fetched, Sequence[Page]]  # what the pictures of a report are drawn from


def read(opened: Resources, key: str) -> Scorecard:
    return report.from_dict(json.loads(opened.lake.scorecard(key)))


def find(opened: Resources, name: str) -> list[ScorecardRecord]:
    """Find scorecards by the start of a document's id, or by a company's name; newest first.

    Raises NotFound when there is none.
    """
    records = opened.state.scorecards()
    found = [r for r in records if len(name) >= 6 and r.document_id.startswith(name)]
    found = found or opened.state.scorecards(company=name)
    if not found:
        raise errors.NotFound(f"There is no scorecard of {name!r}.", next_step=_advice(records, name))
    return found


def _advice(records: Sequence[ScorecardRecord], name: str) -> str:
    """Name the companies whose names hold what was asked for, or say how to make a scorecard."""
    like = sorted({r.company for r in records if name.casefold() in r.company.casefold()})
    return f"Did you mean: {', '.join(like[:5])}?" if like else "Make one with: esg score FILE"


def material(opened: Resources, document_id: str) -> Material:
    """Read a document's bytes and pages from the lake."""
    return opened.lake.original(document_id), opened.lake.extraction(document_id).pages


def rendered(opened: Resources, scorecard: Scorecard, kind: str, material: Callable[[], Material]) -> bytes:
    """Render a scorecard as html (with a picture of each quote), json or csv."""
    if kind == "json":
        return report.canonical_json(scorecard)
    if kind == "csv":
        return report.to_csv([scorecard]).encode()
    original, pages = material()
    pictures = report.pictures(scorecard, original, pages)
    return report.to_html(scorecard, page_png=pictures, rubric=_own_rubric(opened, scorecard)).encode()


def _own_rubric(opened: Resources, scorecard: Scorecard) -> Rubric | None:
    """The rubric in use, where the scorecard is by it: someone's own cannot be looked up by its id."""
    rubric = opened.rubric
    is_by_it = (rubric.id, rubric.version) == (scorecard.rubric_id, scorecard.rubric_version)
    return rubric if is_by_it else None

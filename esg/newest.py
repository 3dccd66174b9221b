"""What is known now: the newest scorecard of each document and of each company-year, by the rubric in use."""

import json
from collections.abc import Iterator

import pyarrow as pa

from esg import report
from esg.domain import Scorecard
from esg.lake import gold
from esg.resources import Resources


def tables(opened: Resources, company: str | None = None) -> dict[str, pa.Table]:
    """Lay out as gold what the rubric in use has judged, of one company where given."""
    return gold.tables(_newest(opened, company))


def _newest(opened: Resources, company: str | None) -> Iterator[Scorecard]:
    rubric = opened.rubric_key(opened.settings.rubric)
    records = [record for record in opened.state.scorecards(company) if record.rubric == rubric]
    newest = {r.document_id: r.key for r in sorted(records, key=lambda r: (r.created_at, r.key))}
    together = (one.key for one in opened.state.company_years(company, rubric=rubric) if one.key)
    for key in (*newest.values(), *together):
        yield report.from_dict(json.loads(opened.lake.scorecard(key)))

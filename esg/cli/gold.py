"""What is known now, as gold: the newest scorecard of each document and of each company-year."""

from collections.abc import Iterator

import pyarrow as pa

from esg import errors
from esg.cli import stored
from esg.cli.console import talk
from esg.domain import Scorecard
from esg.lake import gold
from esg.resources import Resources


def tables(opened: Resources, company: str | None = None) -> dict[str, pa.Table]:
    """Lay out what the rubric in use has judged, of one company where given; raises NotFound for nothing."""
    registered = {company.slug: company for company in opened.state.registered()}
    with talk.status("reading scorecards"):
        cards = list(_newest(opened, company))
        register = {card.trace_id: registered[slug] for card, slug in cards if slug in registered}
        found = gold.tables((card for card, _ in cards), register)
    if not found["scorecards"].num_rows:
        whose = f" of {company!r}" if company else ""
        raise errors.NotFound(
            f"Nothing{whose} was scored by this rubric yet.", next_step="Score a report with: esg score FILE"
        )
    return found


def _newest(opened: Resources, company: str | None) -> Iterator[tuple[Scorecard, str]]:
    """Scorecards, each with the slug of its company in the register, "" where it is in none."""
    rubric = opened.rubric_key(opened.settings.rubric)
    records = [record for record in opened.state.scorecards(company) if record.rubric == rubric]
    newest = {r.document_id: r for r in sorted(records, key=lambda r: (r.created_at, r.key))}
    for record in newest.values():
        yield stored.read(opened, record.key), record.registered
    for one in opened.state.company_years(company, rubric=rubric):
        if one.key:
            yield stored.read(opened, one.key), one.slug

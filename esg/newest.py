"""What is known now: the newest scorecard of each document and of each company-year, by the rubric in use."""

import json
from collections.abc import Iterator

import pyarrow as pa

from esg.domain import Scorecard
from esg.lake import gold
from esg.register import RegisteredCompany
from esg.resources import Resources
from esg.state import State


def tables(
    opened: Resources, company: str | None = None, *, state: State | None = None
) -> dict[str, pa.Table]:
    """Lay out as gold what the rubric in use has judged, of one company where given, as a `state` sees it."""
    register: dict[str, RegisteredCompany] = {}
    return gold.tables(_registering(opened, state or opened.state, company, register), register)


def _registering(
    opened: Resources, state: State, company: str | None, register: dict[str, RegisteredCompany]
) -> Iterator[Scorecard]:
    """Give one scorecard after the other, each when its company is in the `register`, if anybody knows it."""
    registered = {company.slug: company for company in state.registered()}
    for card, slug in _newest(opened, state, company):
        if slug in registered:
            register[card.trace_id] = registered[slug]
        yield card


def _newest(opened: Resources, state: State, company: str | None) -> Iterator[tuple[Scorecard, str]]:
    """Scorecards, each with the slug of its company in the register, "" where it is in none."""
    rubric = opened.rubric_key(opened.settings.rubric)
    records = [record for record in state.scorecards(company) if record.rubric == rubric]
    own_last = sorted(records, key=lambda r: (r.tenant is None, r.created_at, r.key))
    newest = {r.document_id: r for r in own_last}
    for record in newest.values():
        yield _read(opened, record.key), record.registered
    for one in state.company_years(company, rubric=rubric):
        if one.key:
            yield _read(opened, one.key), one.slug


def _read(opened: Resources, key: str) -> Scorecard:
    from esg.report import from_dict  # templates and pictures: only where a scorecard is read

    return from_dict(json.loads(opened.lake.scorecard(key)))

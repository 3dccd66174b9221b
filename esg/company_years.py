"""A company and a year → judged over all its documents, and kept; by the fleet, or by whoever asks first."""

from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from esg.domain import Scorecard
from esg.lake import Lake
from esg.pipeline import judge_together
from esg.resources import Resources
from esg.state import CompanyYear


class Kept(NamedTuple):
    """Where a scorecard rests in the lake, and the SHA-256 of its canonical JSON."""

    key: str
    sha256: str


def keep(scorecard: Scorecard, lake: Lake) -> Kept:
    from esg.report import canonical_json  # templates and pictures: only where a scorecard is kept

    return Kept(lake.save_scorecard(scorecard), sha256(canonical_json(scorecard)).hexdigest())


def judged(one: CompanyYear, resources: Resources) -> tuple[CompanyYear, Scorecard]:
    """Judge the documents together and keep the scorecard; the state does not know of it yet."""
    state = resources.state.seen_by(one.tenant)
    documents = [state.document(name).document for name in one.documents]
    rubric = resources.rubric_of(one.rubric)
    made = judge_together(one.company, one.year, documents, rubric=rubric, resources=resources)
    kept = keep(made, resources.lake)
    overall = made.overall
    return replace(one, **kept._asdict(), overall=overall.score, grade=overall.grade), made

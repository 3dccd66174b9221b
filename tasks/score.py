"""chunks and vectors → scorecard; and what is to be scored again."""

import hashlib
from collections.abc import Sequence

from esg.celery import app
from esg.company_years import judged, keep
from esg.pipeline import judge_stored
from esg.resources import Resources, resources
from esg.state import CompanyScored, CompanyYear, DocumentRecord, Done, Later, Scored, State, Unit
from tasks import metrics
from tasks.base import StageTask

LOOK_AGAIN_SECONDS = 5.0  # while a document of a company is on its way


@app.task(base=StageTask, name="score.document")
def score_document(document_id: str, rubric: str, tenant: str | None = None) -> Scored:
    """pages, chunks and vectors → scorecard"""
    r = resources()
    document = r.state.seen_by(tenant).document(document_id).document
    scorecard = judge_stored(document, rubric=r.rubric_of(rubric), resources=r)
    metrics.PARITY_BREAKS.inc(not scorecard.parity.ok)
    key, sha256 = keep(scorecard, r.lake)
    return Scored(key, scorecard.overall.score, scorecard.overall.grade, sha256)


@app.task(base=StageTask, name="score.company")
def score_company(
    company: str, year: int | None = None, rubric: str = "", call: str = "", tenant: str | None = None
) -> CompanyScored | Later:
    """a company, and a year of it → its documents scored, then judged together where there are several"""
    r = resources()
    state = r.state.seen_by(tenant)
    if call:
        _submit(state, state.unscored(company=company, year=year), call=call)
    by = rubric or None
    if state.is_busy(company, year, by):
        return Later(LOOK_AGAIN_SECONDS)
    waiting = [c for c in state.company_years(company, year, by) if not c.key]
    if year is None:  # a stage run for each, so that none takes too long
        _open(state, waiting, call=call)
        return CompanyScored(())
    return CompanyScored(tuple(_judged(r, one) for one in waiting))


@app.task(base=StageTask, name="score.nightly")
def score_nightly(call: str) -> Done:
    """what lacks a current scorecard → submissions of documents, and company-years to be judged"""
    open_night(resources(), call=call)
    return Done()


def open_night(r: Resources, *, call: str) -> None:
    """Open what a change of documents, rubric or models left without a current scorecard, and only that."""
    for state in (r.state, *map(r.state.seen_by, r.state.tenants())):
        _submit(state, state.unscored(), call=call)
        _open(state, [one for one in state.company_years() if not one.key], call=call)


def _open(state: State, waiting: Sequence[CompanyYear], *, call: str) -> None:
    """Have company-years judged, each once for this call."""
    for one in waiting:
        name = hashlib.sha256(f"{call}\n{one.id}".encode()).hexdigest()
        state.enqueue(Unit("score.company", name, one.arguments, rubric=one.lens))


def _judged(r: Resources, one: CompanyYear) -> CompanyYear:
    made, scorecard = judged(one, r)
    metrics.PARITY_BREAKS.inc(not scorecard.parity.ok)
    return made


def _submit(state: State, records: list[DocumentRecord], *, call: str) -> None:
    """Submit each document under an id of its own for this call: a repeated run submits none twice."""
    for record in records:
        document = record.document
        whose = f"\n{state.tenant}" if state.tenant else ""
        job = hashlib.sha256(f"{call}\n{document.id}{whose}".encode()).hexdigest()[:32]
        state.submit_again(document, job_id=job)

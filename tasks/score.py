"""chunks and vectors → scorecard; and what is to be scored again."""

import hashlib

from esg.celery import app
from esg.pipeline import judge_stored
from esg.report import canonical_json
from esg.resources import Resources, resources
from esg.state import DocumentRecord, Done, Scored
from tasks import metrics
from tasks.base import StageTask


@app.task(base=StageTask, name="score.document")
def score_document(document_id: str, rubric: str) -> Scored:
    """pages, chunks and vectors → scorecard"""
    r = resources()
    document = r.state.document(document_id).document
    scorecard = judge_stored(document, rubric=r.rubric_of(rubric), resources=r)
    metrics.PARITY_BREAKS.inc(not scorecard.parity.ok)
    key = r.lake.save_scorecard(scorecard)
    sha256 = hashlib.sha256(canonical_json(scorecard)).hexdigest()
    return Scored(key, scorecard.overall.score, scorecard.overall.grade, sha256)


@app.task(base=StageTask, name="score.company")
def score_company(call: str, company: str, year: int | None = None) -> Done:
    """a company, and a year of it → submissions of what lacks a current scorecard"""
    r = resources()
    return _submit(r, r.state.unscored(company=company, year=year), call=call)


@app.task(base=StageTask, name="score.nightly")
def score_nightly(call: str) -> Done:
    """every document that lacks a current scorecard → submissions"""
    r = resources()
    return _submit(r, r.state.unscored(), call=call)


def _submit(r: Resources, records: list[DocumentRecord], *, call: str) -> Done:
    """Submit each document under an id of its own for this call: a repeated run submits none twice."""
    for record in records:
        document = record.document
        job = hashlib.sha256(f"{call}\n{document.id}".encode()).hexdigest()[:32]
        company, year = document.identity.given  # nobody asks for another identity here
        r.state.submit(document.source, document_id=document.id, job_id=job, company=company, year=year)
    return Done()

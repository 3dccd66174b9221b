"""/v1/scores: judge documents again that were read before, from silver and by any rubric."""

from fastapi import APIRouter

from api import schemas, submissions
from api.deps import House, Submitter, TheHouse, TheTrace
from api.problems import Problem
from esg.domain import Document

router = APIRouter(prefix="/v1/scores", tags=["scores"])


@router.post("", status_code=202, response_model=schemas.AcceptedScores)
def submit(
    caller: Submitter, asked: schemas.ScoreRequest, house: TheHouse, trace: TheTrace
) -> schemas.AcceptedScores:
    """Judge documents by another rubric, or by one that has changed; nothing is read or embedded again."""
    submissions.admit(house)
    jobs = submissions.score_again(
        house, trace, _documents(house, asked), rubric=asked.rubric, force=asked.force
    )
    return schemas.AcceptedScores(
        jobs=[
            schemas.Accepted(job_id=job.id, document_id=job.document_id, links=schemas.job_links(job))
            for job in jobs
        ]
    )


def _documents(house: House, asked: schemas.ScoreRequest) -> list[Document]:
    """Those that are meant; raises NotFound for an id that is not known, a Problem where there are none."""
    if asked.document_ids is not None:
        return [house.state.document(name).document for name in dict.fromkeys(asked.document_ids)]
    records = house.state.readable(asked.company, asked.year)
    if not records:
        raise Problem(
            404,
            "No report of these was read yet.",
            code="no_such_documents",
            next_step="Send one to POST /v1/documents; GET /v1/companies lists what is known.",
        )
    return [record.document for record in records]

"""/v1/scores: judge documents again that were read before, from silver and by any rubric."""

from fastapi import APIRouter

from api import schemas, submissions
from api.deps import House, Submitter, TheHouse, TheTrace
from api.once import Answer, TheOnce
from api.problems import Problem
from esg.domain import Document

router = APIRouter(prefix="/v1/scores", tags=["scores"])


@router.post("", status_code=202, response_model=schemas.AcceptedScores)
def submit(
    caller: Submitter, asked: schemas.ScoreRequest, house: TheHouse, trace: TheTrace, once: TheOnce
) -> Answer:
    """Judge documents by another rubric, or by one that has changed; nothing is read or embedded again."""
    submissions.admit(house, once)

    def act(seed: str) -> Answer:
        jobs = submissions.score_again(house, trace, seed, _documents(house, asked), asked)
        return schemas.AcceptedScores(jobs=[schemas.Accepted.of(job) for job in jobs]).model_dump(mode="json")

    return once.answer("POST /v1/scores", asked.model_dump(mode="json"), act)


def _documents(house: House, asked: schemas.ScoreRequest) -> list[Document]:
    """Those that are meant; raises NotFound for an id that is not known, a Problem where there are none."""
    if asked.document_ids is not None:
        return [house.state.document(name).document for name in dict.fromkeys(asked.document_ids)]
    records = house.state.readable(asked.company, asked.year)
    if not records:
        raise none_read()
    return [record.document for record in records]


def none_read() -> Problem:
    """The answer to whoever means documents of which there is none."""
    return Problem(
        404,
        "No report of these was read yet.",
        code="no_such_documents",
        next_step="Send one to POST /v1/documents; GET /v1/companies lists what is known.",
    )

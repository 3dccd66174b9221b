"""Which task may be called by hand or by beat, and what such a call opens: a job, or a stage run of its own.

What follows what within the flow is decided in SQL, in the transaction that ends a stage (esg/state/flow.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

from pydantic import ConfigDict, ValidationError, validate_call

from esg.errors import Rejected
from esg.fetch import check_url
from esg.resources import Resources
from esg.state import Unit
from tasks.queues import QUEUE_OF


@dataclass(frozen=True, slots=True)
class Call:
    """A message that is a submission: its own id, and the trace it is part of."""

    id: str
    trace: str


def named(task: str, args: Sequence[Any]) -> dict[str, Any]:
    """Name the positional arguments of a call by hand; raises Rejected where there are too many."""
    admission = ADMISSIONS.get(task)
    parameters = signature(admission).parameters.values() if admission and args else ()
    taken = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    if len(args) > len(taken):
        raise Rejected(
            f"{task} was called with {len(args)} arguments and takes {len(taken)}.", code="bad_arguments"
        )
    return dict(zip(taken, args, strict=False))


def check_nothing(task: str, kwargs: Mapping[str, Any]) -> None:
    """Raise Rejected where a task that takes nothing was given something."""
    if kwargs:
        raise Rejected(
            f"{task} takes no arguments and was given {', '.join(sorted(kwargs))[:200]}.",
            code="bad_arguments",
        )


_checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))


def admit(task: str, kwargs: Mapping[str, Any], *, resources: Resources, call: Call) -> None:
    """Write a call down, once however often it is delivered; raises Rejected for one that makes no sense."""
    admission = ADMISSIONS.get(task)
    if admission is None:
        raise Rejected(
            f"{task} is a step of the fleet's own.",
            code="not_callable",
            next_step=f"Call one of: {', '.join(sorted(ADMISSIONS))}.",
        )
    try:
        admission(resources, call, **kwargs)
    except ValidationError as error:
        wrong = ", ".join(str(e["loc"][0]) for e in error.errors())
        raise Rejected(f"{task} was called with wrong arguments: {wrong}.", code="bad_arguments") from error


@_checked
def _report(
    resources: Resources,
    call: Call,
    /,
    *,
    source: str,
    company: str | None = None,
    year: int | None = None,
    rubric: str | None = None,
    force: bool = False,
) -> None:
    """Read a report from a file or URL and score it."""
    if "://" in source:
        check_url(source)
    key = resources.rubric_key(rubric) if rubric else None
    resources.state.submit(
        source, company=company, year=year, rubric=key, force=force, job_id=call.id, trace=call.trace
    )


@_checked
def _known_report(
    resources: Resources, call: Call, /, *, document_id: str, rubric: str | None = None, force: bool = False
) -> None:
    """Score a document that is known, under another rubric or again."""
    key = resources.rubric_key(rubric) if rubric else None
    document = resources.state.document(document_id).document
    resources.state.submit_again(document, rubric=key, force=force, job_id=call.id, trace=call.trace)


@_checked
def _company(resources: Resources, call: Call, /, *, company: str, year: int | None = None) -> None:
    """Score what lacks a current scorecard of a company (its name or slug), of one year or of all."""
    args = {"company": company, "year": year, "call": call.id}
    resources.state.enqueue(Unit("score.company", call.id, args, trace=call.trace))


def _upkeep(task: str) -> Callable[..., None]:
    @_checked
    def admission(resources: Resources, call: Call, /) -> None:
        """Once for each call."""
        unit = Unit(task, call.id, {"call": call.id}, trace=call.trace, on_queue=QUEUE_OF[task])
        resources.state.enqueue(unit)

    return admission


UPKEEP = ("score.nightly", "ingest.sources", "etl.gold", "etl.compact", "etl.expire", "etl.retention")
ADMISSIONS: Mapping[str, Callable[..., None]] = {
    "ingest.source": _report,
    "ingest.document": _report,
    "score.document": _known_report,
    "score.company": _company,
    **{task: _upkeep(task) for task in UPKEEP},
}

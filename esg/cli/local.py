"""Scoring without a broker: the library's flow, one source after the other, on this process alone."""

from collections.abc import Sequence
from functools import partial

from rich.markup import escape
from rich.status import Status

from esg import errors, fetch
from esg.cli import stored
from esg.cli.console import counted, talk
from esg.cli.outcome import Outcome
from esg.domain import Document
from esg.pipeline import Progress, Reading, judge_stored, score_source
from esg.resources import Resources


def score(
    sources: Sequence[str], opened: Resources, *, company: str | None, year: int | None
) -> list[Outcome]:
    """Score each source; one that cannot be scored does not stop the next."""
    return [_outcome(source, opened, company, year) for source in sources]


def score_again(documents: Sequence[Document], opened: Resources) -> list[Outcome]:
    """Score documents from silver by the rubric that is set; nothing but silver is written."""
    with talk.status("") as status:
        return [_again(document, opened, status) for document in documents]


def _again(document: Document, opened: Resources, status: Status) -> Outcome:
    status.update(f"[bold]{escape(document.source)}[/]")
    try:
        scorecard = judge_stored(document, rubric=opened.rubric, resources=opened)
    except errors.Rejected as error:
        return Outcome(document.source, "rejected", reason=str(error))
    except errors.NotFound:
        reason = "This version of the engine has not read it yet; it does without --local."
        return Outcome(document.source, "failed", reason=reason)
    return Outcome(document.source, "scored", scorecard, material=partial(stored.material, opened))


def _outcome(source: str, opened: Resources, company: str | None, year: int | None) -> Outcome:
    try:
        reading = _read(source, opened, company, year)
    except errors.Rejected as error:
        return Outcome(fetch.without_password(source), "rejected", reason=str(error))
    except errors.Transient as error:
        return Outcome(source, "failed", reason=str(error))
    material = (reading.original, reading.pages)
    return Outcome(source, "scored", reading.scorecard, material=lambda _: material)


def _read(source: str, opened: Resources, company: str | None, year: int | None) -> Reading:
    with talk.status(escape(source)) as status:
        return score_source(
            source, resources=opened, company=company, year=year, on_progress=partial(_show, status, source)
        )


def _show(status: object, source: str, progress: Progress) -> None:
    counts = f" · {counted(progress.pages, 'page')}" if progress.pages else ""
    if progress.chunks:
        counts += f" · {progress.chunks_embedded}/{counted(progress.chunks, 'chunk')}"
    status.update(f"[bold]{escape(source)}[/] {progress.stage}{counts}")  # type: ignore[attr-defined]

"""Live progress of jobs: a bar a document on a terminal, a line a change elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from esg.cli.console import counted, talk
from esg.state import Job

Show = Callable[[Sequence[Job]], None]

SHARE = {
    "": (0.0, 0.0),
    "ingest": (0.0, 0.25),
    "embed": (0.25, 0.90),
    "index": (0.90, 0.93),
    "score": (0.93, 1.0),
}
ENDINGS = {"scored": "[green]scored[/]", "rejected": "[red]rejected[/]", "failed": "[red]failed[/]",
           "cancelled": "[yellow]cancelled[/]"}  # fmt: skip


@contextmanager
def shown(names: dict[str, str]) -> Iterator[Show]:
    """Yield a function that shows the jobs as they stand; `names` are what people call them, by job id."""
    if talk.is_terminal:
        with Progress(
            SpinnerColumn(),
            TextColumn("[bold]{task.description}[/]"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            console=talk,
        ) as bars:
            yield _bars(bars, names)
    else:
        yield _lines(names)


def _bars(bars: Progress, names: dict[str, str]) -> Show:
    rows = {job_id: bars.add_task(escape(name), total=1.0, told="waiting") for job_id, name in names.items()}

    def show(jobs: Sequence[Job]) -> None:
        for job in jobs:
            bars.update(rows[job.id], completed=fraction(job), told=told(job))
            if job.finished_at is not None:
                bars.stop_task(rows[job.id])

    return show


def _lines(names: dict[str, str]) -> Show:
    last: dict[str, tuple[str, str]] = {}

    def show(jobs: Sequence[Job]) -> None:
        for job in jobs:
            if last.get(job.id) != (job.state, job.stage):
                last[job.id] = (job.state, job.stage)
                talk.print(f"{escape(names[job.id])}: {told(job)}")

    return show


def fraction(job: Job) -> float:
    """Return how far a job is, 0..1; embedding is most of the work, so it takes most of the bar."""
    if job.finished_at is not None:
        return 1.0
    start, end = SHARE[job.stage]
    done = job.chunks_embedded / job.chunks if job.stage == "embed" and job.chunks else 0.0
    return start + (end - start) * done


def told(job: Job) -> str:
    """Say in a few words where a job is: stage, pages, chunks and the seconds left."""
    if job.finished_at is not None:
        reused = (
            ", nothing to do: unchanged since it was scored" if job.reused and job.state == "scored" else ""
        )
        return f"{ENDINGS[job.state]}{reused or _counts(job)}"
    if job.state == "queued":
        return "waiting"
    left = f", about {job.eta_seconds:.0f} s left" if job.eta_seconds else ""
    return f"{job.stage}{_counts(job)}{left}"


def _counts(job: Job) -> str:
    if not job.pages:
        return ""
    pages = counted(job.pages, "page")
    if job.stage == "embed" and job.chunks:
        return f" · {pages} · {job.chunks_embedded}/{counted(job.chunks, 'chunk')}"
    return f" · {pages}" + (f" · {counted(job.chunks, 'chunk')}" if job.chunks else "")

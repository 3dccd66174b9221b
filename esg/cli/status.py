"""`esg status [JOB]`: what became of what was asked for."""

from dataclasses import asdict

import click
from rich.markup import escape
from rich.table import Column, Table

from esg.cli import bounded, prefix, progress, remote
from esg.cli.console import answer, emit, json_option
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import Job, State


@click.command("status")
@click.argument("job_id", metavar="[JOB]", required=False)
@click.option(
    "--limit", type=bounded.COUNT, default=20, show_default=True, help="How many of the latest jobs to list."
)
@json_option
def command(job_id: str | None, limit: int, as_json: bool) -> None:
    """Show one job, by the start of its id, or the latest ones."""
    jobs = _jobs(Settings(), job_id, limit)
    if as_json:
        emit(asdict(jobs[0]) if job_id else [asdict(job) for job in jobs])
    else:
        answer().print(listing(jobs))


def _jobs(settings: Settings, job_id: str | None, limit: int) -> list[Job]:
    if remote.is_meant(settings):
        with remote.open_client(settings) as client:
            return [remote.as_job(client.job(job_id))] if job_id else remote.jobs(client, limit)
    state = open_resources(settings).state
    return [_job(state, job_id)] if job_id else state.jobs(limit=limit)


def _job(state: State, name: str) -> Job:
    return state.job(prefix.completed(name, lambda: [job.id for job in state.jobs(prefix.LOOKED_THROUGH)]))


def listing(jobs: list[Job]) -> Table:
    table = Table(
        Column("job", no_wrap=True),
        "company",
        "year",
        "source",
        "state",
        "reason",
        box=None,
        header_style="dim",
    )
    for job in jobs:
        table.add_row(
            job.id, escape(job.company or ""), str(job.year or ""), escape(job.source), progress.told(job),
            escape(job.reason),
        )  # fmt: skip
    return table

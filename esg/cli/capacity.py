"""`esg capacity`: how many processes of each role a night's reports need, by what was measured here."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import click
from rich.table import Table

from esg.capacity import BUSY, needs
from esg.cli.console import answer, counted, emit, json_option
from esg.errors import NotFound
from esg.resources import open_resources
from esg.settings import Settings


@click.command("capacity")
@click.option("--reports", type=click.IntRange(min=1), required=True, help="How many there are.")
@click.option(
    "--hours", type=click.FloatRange(min=0, min_open=True), default=8.0, show_default=True,
    help="How long they may take.",
)  # fmt: skip
@click.option(
    "--busy", type=click.FloatRange(0, 1, min_open=True), default=BUSY, show_default=True,
    help="How much of its time a process may work.",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(min=1), default=30, show_default=True, help="Measured in the last."
)
@json_option
def command(reports: int, hours: float, busy: float, days: int, as_json: bool) -> None:
    """Tell how many processes of each role so many reports need, by the service times of this fleet.

    They are those of the stage runs of documents that were scored lately, on the machines that did them, with
    what ran beside (docs/operations/capacity.md).
    """
    times = open_resources(Settings()).housekeeping.service_times(datetime.now(UTC) - timedelta(days=days))
    if not times.documents:
        raise NotFound(
            f"No report was scored in the last {counted(days, 'day')}.",
            next_step="Score some: esg score REPORT",
        )
    found = list(needs(times, reports=reports, hours=hours, busy=busy))
    if as_json:
        emit({"documents": times.documents, "roles": [asdict(need) for need in found]})
        return
    table = Table(
        "role", "stage runs", "seconds a report", "p95 of one", "processes", box=None, header_style="dim"
    )
    for n in found:
        each, p95 = f"{n.seconds_per_report:.2f}", f"{n.p95_seconds:.2f}"
        table.add_row(n.role, str(n.stage_runs), each, p95, str(n.processes))
    answer().print(table)
    measured = counted(times.documents, "document")
    answer().print(f"for {counted(reports, 'report')} in {hours:g} h, by {measured} scored here")

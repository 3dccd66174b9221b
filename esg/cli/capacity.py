"""`esg capacity`: how many processes of each role a night's reports need, by what was measured here."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.table import Table

from esg.capacity import BUSY, needs, recorded
from esg.capacity.machine import about
from esg.capacity.record import record
from esg.cli.console import answer, counted, emit, json_option, talk
from esg.cores import cores
from esg.errors import NotFound
from esg.resources import Resources, open_resources
from esg.settings import Settings
from esg.state import DoneRun, ServiceTimes


@click.command("capacity")
@click.option("--reports", type=click.IntRange(min=1), help="How many there are.")
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
@click.option("--simulate", "is_simulated", is_flag=True, help="Run them through a model of the fleet.")
@click.option(
    "--record", "kept", type=click.Path(path_type=Path, dir_okay=False),
    help="Keep what was measured here as a file: times, pages and chunks, no names and no text.",
)  # fmt: skip
@click.option(
    "--from", "given", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Go by such a file, not by this fleet.",
)  # fmt: skip
@json_option
def command(
    reports: int | None,
    hours: float,
    busy: float,
    days: int,
    is_simulated: bool,
    kept: Path | None,
    given: Path | None,
    as_json: bool,
) -> None:
    """Tell how many processes of each role so many reports need, by the service times of this fleet.

    They are those of the stage runs of documents that were scored lately, on the machines that did them, with
    what ran beside (docs/operations/capacity.md). With --simulate what ran beside is taken out, and a model
    of the fleet says how long all take, what they ask of SQL, Redis and the store, and what it costs.
    """
    if reports is None and kept is None:
        raise click.UsageError("Say --reports N, or --record FILE.")
    if kept is not None:
        _keep(kept, days)
    if reports is None:
        return
    if is_simulated:
        _simulate(recorded.read(given) if given else _recorded(days), reports, hours, busy, as_json)
    else:
        _by_hand(reports, hours, busy, days, as_json)


def _by_hand(reports: int, hours: float, busy: float, days: int, as_json: bool) -> None:
    times = ServiceTimes.of(_done(open_resources(Settings()), days))
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


def _simulate(found: recorded.Recorded, reports: int, hours: float, busy: float, as_json: bool) -> None:
    from esg.capacity import loads  # these need the extra `simulation`
    from esg.capacity.costs import Prices
    from esg.capacity.plan import plan
    from esg.capacity.validation import Model

    made = plan(Model.of(found), loads.read(), reports=reports, hours=hours, busy=busy, prices=Prices())
    if as_json:
        emit({"documents": len(found.papers), "measured_seconds": found.seconds, **asdict(made)})
        return
    table = Table("role", "processes", box=None, header_style="dim")
    for role, count in made.workers.items():
        table.add_row(role, str(count))
    answer().print(table)
    per = made.per_second
    answer().print(
        f"{counted(reports, 'report')}, {made.pages:,.0f} pages, in {made.seconds / 3600:.1f} h on "
        f"{counted(made.processors, 'processor')}, {made.used:.0%} of them used\n"
        f"a second: {per(made.sql_transactions):.0f} transactions, "
        f"{per(made.redis_commands):.0f} commands of Redis, "
        f"{per(made.store_reads):.0f} reads and {per(made.store_writes):.0f} writes of objects\n"
        f"{made.store_gb:,.0f} GB to keep, about ${made.bill.total:,.0f} by esg/capacity/costs.py"
    )


def _keep(path: Path, days: int) -> None:
    path.write_text(_recorded(days).to_json(), encoding="utf-8")
    talk.print(f"written: {path}")


def _recorded(days: int) -> recorded.Recorded:
    opened = open_resources(Settings())
    return record(
        _done(opened, days),
        opened.lake,
        batch_chunks=opened.settings.embed_batch_chunks,
        processors=cores(),
        about=about(),
    )


def _done(opened: Resources, days: int) -> Sequence[DoneRun]:
    done = opened.housekeeping.done_runs(datetime.now(UTC) - timedelta(days=days))
    if not done:
        raise NotFound(
            f"No report was scored in the last {counted(days, 'day')}.",
            next_step="Score some: esg score REPORT",
        )
    return done

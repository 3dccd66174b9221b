"""`esg score`: sources in, scorecards out, through the fleet or, with --local, without a broker."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from esg import fetch, report
from esg.cli import bounded, local, remote, through_fleet
from esg.cli.console import answer, emit, json_option, talk
from esg.cli.destination import FORMATS, Destination, destination
from esg.cli.options import format_option, rubric_option, workers_option
from esg.cli.outcome import Outcome, failed, write
from esg.resources import Resources, open_resources
from esg.settings import Settings


@click.command("score")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option(
    "--company", type=bounded.company, help="Whose report it is; read from the document when not given."
)
@click.option("--year", type=bounded.YEAR, help="The year it covers; read from the document when not given.")
@rubric_option
@click.option("--local", "is_local", is_flag=True, help="Run the library here, without a broker or workers.")
@workers_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A file .html, .json, .csv, .parquet or .pdf for one source, or a folder.",
)
@format_option
@json_option
def command(
    sources: tuple[str, ...],
    company: str | None,
    year: int | None,
    rubric: str | None,
    is_local: bool,
    workers: int,
    out: Path | None,
    formats: str,
    as_json: bool,
) -> None:
    """Score reports: each SOURCE is a file, a folder or a URL."""
    kinds = wanted_formats(formats)
    settings = Settings(rubric=rubric) if rubric else Settings()
    opened = open_resources(settings)
    named = [path for source in sources for path in fetch.expand_asked(source)]
    to = destination(out, kinds, sources=len(named)) if out is not None else None
    started = time.monotonic()
    if remote.is_meant(settings) and not is_local:
        with remote.open_client(settings) as client:
            outcomes = remote.score(client, named, company=company, year=year, rubric=rubric)
            finish(outcomes, opened, to=to, as_json=as_json, seconds=time.monotonic() - started)
        return
    outcomes = (
        local.score(named, opened, company=company, year=year)
        if is_local
        else through_fleet.score(named, opened, company=company, year=year, workers=workers, whole=False)
    )
    seconds = time.monotonic() - started
    finish(outcomes, opened, to=to, as_json=as_json, seconds=seconds, is_kept=not is_local)


def wanted_formats(formats: str) -> list[str]:
    kinds = [kind.strip() for kind in formats.split(",") if kind.strip()]
    unknown = [kind for kind in kinds if kind not in FORMATS]
    if unknown:
        raise click.UsageError(f"--format {unknown[0]} is not known; choose from {', '.join(FORMATS)}")
    return kinds


def finish(
    outcomes: Sequence[Outcome],
    opened: Resources,
    *,
    to: Destination | None,
    as_json: bool,
    seconds: float,
    is_kept: bool = True,
) -> None:
    """Print what came out, then write it; end with exit code 1 when a document has no scorecard.

    What is kept in the lake can be asked for again: documents of one company and year together.
    """
    if as_json:
        emit([_as_dict(outcome) for outcome in outcomes])
    else:
        tell(outcomes, seconds=seconds)
        for line in together(outcomes) if is_kept else ():
            talk.print(line, markup=False)
    for path in write(outcomes, to, opened) if to is not None else ():
        talk.print(f"wrote {path}", markup=False)
    if failed(outcomes):
        sys.exit(1)


def tell(outcomes: Sequence[Outcome], *, seconds: float) -> None:
    """Show the scorecards side by side, then the sources that have none, each with its reason."""
    scored = [outcome.scorecard for outcome in outcomes if outcome.scorecard is not None]
    if scored:
        report.print_scorecards(answer(), scored)
    for outcome in failed(outcomes):
        talk.print(f"[red]{outcome.state}[/] {escape(f'{outcome.source}: {outcome.reason}')}")
    reused = sum(outcome.reused for outcome in outcomes)
    talk.print(_summary(len(scored), len(failed(outcomes)), reused, seconds))


def together(outcomes: Sequence[Outcome]) -> list[str]:
    """Say of each company and year with several documents how to see them judged together."""
    named = [o.scorecard.document.identity for o in outcomes if o.scorecard is not None]
    counts = Counter((i.company, i.year) for i in named if i.company and i.year is not None)
    return [
        f'{count} documents of {company}, {year}, judged together: esg scorecard "{company}" --year {year}'
        for (company, year), count in counts.items()
        if count > 1
    ]


def _summary(scored: int, without: int, reused: int, seconds: float) -> str:
    parts = [f"{scored} scored"] + ([f"{without} without a scorecard"] if without else [])
    if reused:
        parts.append(f"{reused} of them unchanged since an earlier run: nothing was done again")
    return f"{', '.join(parts)}, in {seconds:.1f} s"


def _as_dict(outcome: Outcome) -> dict[str, object]:
    scorecard = report.to_dict(outcome.scorecard) if outcome.scorecard else None
    return {
        "source": outcome.source,
        "state": outcome.state,
        "reason": outcome.reason,
        "reused": outcome.reused,
        "scorecard": scorecard,
    }

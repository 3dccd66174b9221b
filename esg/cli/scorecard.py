"""`esg scorecard DOC|COMPANY`: a scorecard that was made before."""

from functools import partial
from pathlib import Path

import click

from esg import report
from esg.cli import bounded, company_year, remote, stored
from esg.cli.console import answer, emit, json_option, talk
from esg.cli.destination import file_format, save
from esg.domain import Scorecard
from esg.resources import open_resources
from esg.settings import Settings


@click.command("scorecard")
@click.argument("name", metavar="DOC|COMPANY")
@click.option("--year", type=bounded.YEAR, help="Of a company: this year instead of its newest.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to a file .html, .json or .csv instead.",
)
@json_option
def command(name: str, year: int | None, out: Path | None, as_json: bool) -> None:
    """Show the newest scorecard of a document (by the start of its id) or of a company, and its reasons.

    All documents of a company and year are judged together.
    """
    kind = file_format(out) if out is not None else ""
    settings = Settings()
    opened = open_resources(settings)
    if remote.is_meant(settings):
        with remote.open_client(settings) as client:
            if out is not None:
                talk.print(f"wrote {save(out, remote.rendered(client, name, kind, year))}", markup=False)
            else:
                tell(remote.scorecard(client, name, year), as_json=as_json)
        return
    scorecard = company_year.scorecard(opened, name, year)
    if out is not None:
        material = partial(stored.material, opened)
        talk.print(f"wrote {save(out, stored.rendered(opened, scorecard, kind, material))}", markup=False)
    else:
        tell(scorecard, as_json=as_json)


def tell(scorecard: Scorecard, *, as_json: bool) -> None:
    """Print a scorecard with its reasons."""
    if as_json:
        emit(report.to_dict(scorecard))
    else:
        report.print_scorecards(answer(), [scorecard])
        report.print_explanations(answer(), scorecard)

"""`esg scorecard DOC|COMPANY`: a scorecard that was made before."""

from functools import partial
from pathlib import Path

import click

from esg import report
from esg.cli import bounded, company_year, stored
from esg.cli.console import answer, emit, json_option, talk
from esg.cli.destination import file_format, save
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
    opened = open_resources(Settings())
    scorecard = company_year.scorecard(opened, name, year)
    if out is not None:
        material = partial(stored.material, opened)
        talk.print(f"wrote {save(out, stored.rendered(opened, scorecard, kind, material))}", markup=False)
    elif as_json:
        emit(report.to_dict(scorecard))
    else:
        report.print_scorecards(answer(), [scorecard])
        report.print_explanations(answer(), scorecard)

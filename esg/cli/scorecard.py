"""`esg scorecard DOC|COMPANY`: a scorecard that was made before."""

from functools import partial
from pathlib import Path

import click

from esg import report
from esg.cli import stored
from esg.cli.console import answer, emit, json_option, talk
from esg.cli.destination import file_format, save
from esg.resources import open_resources
from esg.settings import Settings


@click.command("scorecard")
@click.argument("name", metavar="DOC|COMPANY")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it to a file .html, .json or .csv instead.",
)
@json_option
def command(name: str, out: Path | None, as_json: bool) -> None:
    """Show the newest scorecard of a document (by the start of its id) or of a company, and its reasons."""
    kind = file_format(out) if out is not None else ""
    opened = open_resources(Settings())
    scorecard = stored.read(opened, stored.find(opened, name)[0].key)
    if out is not None:
        material = partial(stored.material, opened, scorecard.document.id)
        talk.print(f"wrote {save(out, stored.rendered(opened, scorecard, kind, material))}", markup=False)
    elif as_json:
        emit(report.to_dict(scorecard))
    else:
        report.print_scorecards(answer(), [scorecard])
        report.print_explanations(answer(), scorecard)

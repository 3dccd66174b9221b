"""`esg scorecard DOC|COMPANY`: a scorecard that was made before."""

from functools import partial
from pathlib import Path

import click

from esg import report
from esg.cli import stored
from esg.cli.console import answer, emit, json_option, talk
from esg.cli.outcome import FORMATS
from esg.resources import open_resources
from esg.settings import Settings


@click.command("scorecard")
@click.argument("name", metavar="DOC|COMPANY")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file instead.")
@json_option
def command(name: str, out: Path | None, as_json: bool) -> None:
    """Show the newest scorecard of a document (by the start of its id) or of a company, and its reasons."""
    opened = open_resources(Settings())
    scorecard = stored.read(opened, stored.find(opened, name)[0].key)
    if out is not None:
        kind = out.suffix.lstrip(".")
        if kind not in FORMATS:
            raise click.UsageError(f"--out must end in one of: {', '.join('.' + f for f in FORMATS)}")
        material = partial(stored.material, opened, scorecard.document.id)
        out.write_bytes(stored.rendered(opened, scorecard, kind, material))
        talk.print(f"wrote {out}")
    elif as_json:
        emit(report.to_dict(scorecard))
    else:
        report.print_scorecards(answer(), [scorecard])
        report.print_explanations(answer(), scorecard)

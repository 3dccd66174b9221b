"""`esg compare COMPANY…`: the newest scorecards of several companies side by side."""

import click

from esg import report
from esg.cli import stored
from esg.cli.console import answer, emit, json_option
from esg.resources import open_resources
from esg.settings import Settings


@click.command("compare")
@click.argument("names", nargs=-1, required=True, metavar="COMPANY…")
@json_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """Show companies (or documents, by the start of their ids) side by side."""
    opened = open_resources(Settings())
    scorecards = [stored.read(opened, stored.find(opened, name)[0].key) for name in names]
    if as_json:
        emit([report.to_dict(scorecard) for scorecard in scorecards])
    else:
        report.print_scorecards(answer(), scorecards)

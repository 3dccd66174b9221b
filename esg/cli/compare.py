"""`esg compare COMPANY…`: the newest scorecards of several companies side by side."""

import click

from esg import report
from esg.cli import company_year, remote
from esg.cli.console import answer, emit, json_option
from esg.domain import Scorecard
from esg.resources import open_resources
from esg.settings import Settings


@click.command("compare")
@click.argument("names", nargs=-1, required=True, metavar="COMPANY…")
@json_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """Show companies (or documents, by the start of their ids) side by side."""
    scorecards = _scorecards(Settings(), names)
    if as_json:
        emit([report.to_dict(scorecard) for scorecard in scorecards])
    else:
        report.print_scorecards(answer(), scorecards)


def _scorecards(settings: Settings, names: tuple[str, ...]) -> list[Scorecard]:
    if remote.is_meant(settings):
        with remote.open_client(settings) as client:
            return remote.compare(client, names)
    opened = open_resources(settings)
    return [company_year.scorecard(opened, name) for name in names]

"""`esg retain`: forget what is over and older than ESG_RETAIN_DAYS and ESG_RETAIN_SCORECARDS_DAYS say."""

from dataclasses import asdict

import click

from esg.cli.console import emit, json_option, talk
from esg.resources import open_resources
from esg.retention import retain
from esg.settings import Settings


@click.command("retain")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Only say what would be forgotten.")
@json_option
def command(is_dry_run: bool, as_json: bool) -> None:
    """Forget jobs, stage runs and superseded scorecards that are older than the settings say.

    The fleet does it every night. Originals and current scorecards are never forgotten, and no scorecard is
    unless ESG_RETAIN_SCORECARDS_DAYS is set.
    """
    forgotten = retain(open_resources(Settings()), is_dry_run=is_dry_run)
    counts = {name: value for name, value in asdict(forgotten).items() if name != "keys"}
    if as_json:
        emit({**counts, "objects": len(forgotten.keys), "dry_run": is_dry_run})
        return
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    talk.print(f"{'would forget' if is_dry_run else 'forgot'} {told}", markup=False)

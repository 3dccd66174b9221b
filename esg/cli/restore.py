"""`esg restore FOLDER`: a backup → an empty database and the lake; then the fleet may start."""

from dataclasses import asdict
from pathlib import Path

import click

from esg import backup, errors
from esg.cli import fleet as fleets
from esg.cli.console import counted, emit, json_option, talk
from esg.settings import Settings


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Bring the backup in FOLDER to ESG_HOME, ESG_DATABASE_URL and ESG_LAKE_URL, before a fleet starts there.

    The database must be empty. Objects that the lake has stay: they never change. What was under way when
    the backup was made goes on when the fleet starts.
    """
    settings = Settings()
    if fleets.running(settings):
        raise errors.Misconfigured("A fleet runs on this ESG_HOME.", next_step="Stop it: esg down")
    made = backup.restore(settings, folder)
    if as_json:
        emit(asdict(made))
        return
    talk.print(
        f"restored {counted(made.documents, 'document')} and {counted(made.scorecards, 'scorecard')} "
        f"as of {made.made_at}",
        markup=False,
    )

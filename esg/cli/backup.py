"""`esg backup FOLDER`: the database and the lake, as they are while the fleet goes on."""

from dataclasses import asdict
from pathlib import Path

import click

from esg import backup
from esg.cli.console import counted, emit, json_option, talk
from esg.settings import Settings


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--database-only", is_flag=True, help="Leave out the lake, as where its store keeps versions itself."
)
@json_option
def command(folder: Path, database_only: bool, as_json: bool) -> None:
    """Copy the database, then the lake, to a new FOLDER; the fleet may go on.

    Caches, keys of Flower and webhooks' secret are not in it (docs/operations/disaster-recovery.md).
    """
    made = backup.make(Settings(), folder, with_lake=not database_only)
    if as_json:
        emit(asdict(made))
        return
    objects = counted(made.objects, "object") if made.objects >= 0 else "no lake"
    talk.print(
        f"backed up {counted(made.documents, 'document')}, {counted(made.scorecards, 'scorecard')}; "
        f"{objects}, {made.bytes / 1024**2:.0f} MiB",
        markup=False,
    )

"""`esg bench profile`: where the time of a report goes."""

from pathlib import Path

import click

from esg.cli.bench_told import measuring, tell
from esg.cli.console import json_option
from esg.cli.options import rounds_option
from esg.evaluate.bench.profile import bench_profile


@click.command("profile")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="PDF")
@rounds_option
@json_option
def command(source: Path, rounds: int, as_json: bool) -> None:
    """Shares of a report's wall time by stage and module, beside those of the model and of PDFium.

    Looks into this command's own process and its sandboxes with py-spy, of the development environment.
    """
    with measuring(next_step="It may need the right to trace processes.") as on_turn:
        found = bench_profile(source.absolute(), rounds=rounds, on_turn=on_turn)
    tell(found, as_json=as_json)

"""Options that several commands take."""

import click

from esg.cli import bounded

rubric_option = click.option("--rubric", help="Id of a shipped rubric or path of a rubric file.")
format_option = click.option(
    "--format", "formats", default="", help="html,json,csv,parquet,pdf (the default for a folder is html)."
)
workers_option = click.option(
    "--workers",
    type=bounded.WORKERS,
    default=1,
    show_default=True,
    help="Ingest and embed workers of a private fleet.",
)
rounds_option = click.option(
    "--rounds",
    type=bounded.ROUNDS,
    default=3,
    show_default=True,
    help="Rounds that count; one more warms up.",
)

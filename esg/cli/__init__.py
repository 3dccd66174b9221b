"""The `esg` command: a person at a terminal asks, the library and the fleet answer."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import click

from esg import errors
from esg.cli.leave import as_program

COMMANDS = {  # name -> module of esg.cli whose `command` it is; imported only when called
    "up": "up",
    "down": "down",
    "score": "score",
    "rescore": "rescore",
    "demo": "demo",
    "status": "status",
    "scorecard": "scorecard",
    "search": "search",
    "index": "index",
    "compare": "compare",
    "history": "history",
    "companies": "companies",
    "sources": "sources",
    "sql": "sql",
    "export": "export",
    "schedule": "schedule",
    "retain": "retain",
    "migrate": "migrate",
    "backup": "backup",
    "restore": "restore",
    "capacity": "capacity",
    "doctor": "doctor",
    "dlq": "dlq",
    "keys": "keys",
    "secrets": "secrets",
    "mcp": "mcp",
    "eval": "evaluate",
    "bench": "bench",
    "rubric": "rubric",
}


class Lazy(click.Group):
    """A group that imports a command when it is called, so that `esg --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"esg.cli.{COMMANDS[name]}").command
        return command

    def main(self, *args: Any, **extra: Any) -> Any:
        return _told(super().main, *args, **extra)

    def __call__(self, *args: Any, **extra: Any) -> Any:
        return as_program(super().__call__, *args, **extra)


def _told(run: Callable[..., Any], *args: Any, **extra: Any) -> Any:
    """Print an error we know by name as one sentence; anything else is a bug and stays loud."""
    try:
        return run(*args, **extra)
    except errors.EsgError as error:
        click.secho(f"esg: {error}", fg="red", err=True)
        sys.exit(2)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="esg-engine", prog_name="esg")
def main() -> None:
    """Read sustainability reports: every level and every number with its quote on the page."""

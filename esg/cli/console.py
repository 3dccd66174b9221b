"""What goes where on a terminal: answers on stdout, talk on stderr, JSON alone when asked for."""

import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click
from rich.console import Console

F = TypeVar("F", bound=Callable[..., Any])

talk = Console(stderr=True, highlight=False)


def answer() -> Console:
    """Open stdout for people; wide enough for a table when it is a file or a pipe."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def emit(value: object) -> None:
    """Print one JSON value alone on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def counted(number: int, noun: str) -> str:
    """Say how many: 1 page, 2 pages."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON alone on stdout.")(function)

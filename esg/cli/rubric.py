"""`esg rubric check FILE`: is this rubric good, and if not, what is wrong where."""

import sys
from pathlib import Path

import click
from rich.markup import escape

from esg import kpi, rubric
from esg.cli.console import counted, emit, json_option, talk


@click.group("rubric")
def command() -> None:
    """Work with rubrics: versioned data that says what each level demands."""


@command.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@json_option
def check(path: Path, as_json: bool) -> None:
    """Explain what is wrong with a rubric, by file, line, theme and criterion."""
    problems = rubric.check(path, known_facts=kpi.references())
    if as_json:
        emit({"ok": not problems, "problems": problems})
    else:
        for problem in problems:
            talk.print(f"[red]✗[/] {escape(problem)}")
        talk.print("the rubric is good" if not problems else counted(len(problems), "problem"))
    sys.exit(1 if problems else 0)

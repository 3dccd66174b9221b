"""`esg rubric check FILE`: is this rubric good, and if not, what is wrong where."""

import sys
from pathlib import Path
from typing import Any

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
    languages = [] if problems else rubric.load(str(path)).others
    if as_json:
        emit({"ok": not problems, "problems": problems, "languages": [*map(_plain, languages)]})
    else:
        for problem in problems:
            talk.print(f"[red]✗[/] {escape(problem)}")
        talk.print("the rubric is good" if not problems else counted(len(problems), "problem"))
        for language in languages:
            talk.print(_coverage(language))
    sys.exit(1 if problems else 0)


def _plain(language: rubric.Language) -> dict[str, Any]:
    return {"code": language.code, "coverage": language.coverage, "missing": list(language.missing)}


def _coverage(language: rubric.Language) -> str:
    """Say for which share of the criteria a language has cues, and which ones it lacks."""
    lacking = f", none for {', '.join(language.missing)}" if language.missing else ""
    share = f"cues for {language.coverage:.0%} of the criteria's weight"
    return f"{language.code}  {language.name}: {share}{lacking}"

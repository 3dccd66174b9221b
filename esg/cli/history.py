"""`esg history COMPANY`: its levels over the years, and what changed from one report to the next."""

import click

from esg.cli import bounded, gold
from esg.cli.console import answer, emit, json_option
from esg.cli.rows import grid
from esg.lake.questions import ask, plain, questions
from esg.resources import open_resources
from esg.settings import Settings

PARTS = {"levels": "history", "changes": "changes"}  # and the question that each answers


@click.command("history")
@click.argument("company", type=bounded.company)
@json_option
def command(company: str, as_json: bool) -> None:
    """Show a company's levels by year, and what its next report told otherwise."""
    tables = gold.tables(open_resources(Settings()), company)
    named = questions()
    found = {part: ask(named[question].sql, tables) for part, question in PARTS.items()}
    if as_json:
        emit({part: plain(rows) for part, rows in found.items()})
        return
    for rows in found.values():
        if rows.num_rows:
            answer().print(grid(rows))

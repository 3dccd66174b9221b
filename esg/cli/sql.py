"""`esg sql`: questions about all scorecards at once, in SQL or by a name."""

from datetime import datetime

import click
from rich.markup import escape

from esg.cli import bounded, gold
from esg.cli.console import answer, counted, emit, json_option, talk
from esg.cli.rows import grid
from esg.errors import NotFound
from esg.lake.questions import ask, plain, questions
from esg.resources import open_resources
from esg.settings import Settings


@click.command("sql")
@click.argument("query", required=False)
@click.option(
    "--as-of",
    type=bounded.DAY,
    callback=bounded.end_of_day,
    help="Ask gold as it was when that day ended (UTC), as the nights have written it.",
)
@json_option
def command(query: str | None, as_of: datetime | None, as_json: bool) -> None:
    """Ask the tables of gold: QUERY is a SELECT or a question's name; without one, list these.

    The tables are scorecards, companies, documents, themes, criteria, kpis, claims, disclosures,
    contradictions and evidence; every row names its scorecard and its quotes.
    """
    named = questions()
    if query is None:
        _list({question.name: question.about for question in named.values()}, as_json=as_json)
        return
    if query in named:
        query = named[query].sql
    elif query.isidentifier():
        raise NotFound(f"There is no question {query!r}.", next_step=f"Ask one of: {', '.join(named)}.")
    found = ask(query, gold.tables(open_resources(Settings()), as_of=as_of))
    if as_json:
        emit(plain(found))
    else:
        answer().print(grid(found))
        talk.print(counted(found.num_rows, "row"))


def _list(abouts: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        emit(abouts)
        return
    for name, about in abouts.items():
        answer().print(f"[bold]{name:8}[/] {escape(about)}")

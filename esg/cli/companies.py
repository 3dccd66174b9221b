"""`esg companies …`: the register of companies, and which of them each document is of."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from esg import errors, register
from esg.cli import bounded, prefix
from esg.cli.console import answer, counted, emit, json_option, talk
from esg.register import Problem, RegisteredCompany
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import DocumentRecord, State


@click.group("companies")
def command() -> None:
    """Keep the register of companies: names, aliases, sectors, LEIs; documents are matched to it."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
def import_file(file: Path, as_json: bool) -> None:
    """Add or update companies from a CSV file with the columns name, aliases (parted by |), sector, country,
    lei, fiscal_year_end (MM-DD) and domain.

    A line with a known LEI, else a known name, is about that company and replaces what was known of it. With
    any mistake in the file nothing is imported, and every mistake is told with its line.
    """
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise errors.EsgError(f"{file} is not UTF-8.", next_step="Save it as CSV UTF-8.") from error
    lines, problems = register.read(text)
    done = _state().import_companies(lines, problems)
    if done.problems:
        _refuse(file, done.problems, as_json=as_json)
    elif as_json:
        emit({name: count for name, count in asdict(done).items() if name != "problems"})
    else:
        talk.print(f"{done.added} added, {done.updated} updated, {done.unchanged} unchanged")
        talk.print(f"{counted(done.moved, 'document')} changed company; see `esg companies unmatched`")


def _refuse(file: Path, problems: Sequence[Problem], *, as_json: bool) -> None:
    """Tell every mistake, and end with exit code 2."""
    if as_json:
        emit({"errors": [problem._asdict() for problem in problems]})
    for line, what in problems:
        talk.print(f"{file}:{line}: {what}", style="red", markup=False)
    talk.print(f"{counted(len(problems), 'mistake')}: nothing was imported")
    sys.exit(2)


@command.command("list")
@json_option
def list_companies(as_json: bool) -> None:
    """List the register, by name."""
    companies = _state().registered()
    if as_json:
        emit([asdict(company) for company in companies])
    elif companies:
        answer().print(_table(companies))
    else:
        talk.print("the register is empty; fill it with: esg companies import FILE.csv")


@command.command("unmatched")
@json_option
def list_unmatched(as_json: bool) -> None:
    """List documents that are of no company of the register."""
    records = _state().unmatched()
    if as_json:
        emit([_plain(record) for record in records])
    elif records:
        answer().print(_unmatched(records))
    else:
        talk.print("every document is matched")


@command.command("match")
@click.argument("document", metavar="DOC")
@click.argument("company", type=bounded.company, required=False)
@click.option("--automatic", is_flag=True, help="Leave it to the register again, instead of COMPANY.")
@json_option
def match(document: str, company: str | None, automatic: bool, as_json: bool) -> None:
    """Say which COMPANY of the register (name, alias, LEI or slug) a document is of, by the start of its id.

    That stays, whatever is imported later.
    """
    if (company is None) != automatic:
        raise click.UsageError("Give a COMPANY, or --automatic.")
    state = _state()
    whole = prefix.completed(document, lambda: [record.document.id for record in state.documents()])
    record = state.match(whole, company)
    if as_json:
        emit(_plain(record))
    else:
        talk.print(f"{record.document.id[:12]} is of {record.registered or 'no company of the register'}")


def _plain(record: DocumentRecord) -> dict[str, object]:
    document = record.document
    return {
        "document": document.id,
        "company": document.identity.company,
        "year": document.identity.year,
        "source": document.source,
        "registered": record.registered,
        "matched_by": record.matched_by,
    }


def _unmatched(records: Sequence[DocumentRecord]) -> Table:
    table = Table("document", "company", "year", "source", box=None, header_style="dim")
    for document in (record.document for record in records):
        company, year = document.identity.company, document.identity.year
        table.add_row(document.id[:12], escape(company), str(year or ""), escape(document.source))
    return table


def _table(companies: Sequence[RegisteredCompany]) -> Table:
    columns = ("name", "sector", "country", "lei", "fiscal_year_end", "aliases")
    table = Table(*columns, box=None, header_style="dim")
    for company in companies:
        *facts, aliases = (getattr(company, column) for column in columns)
        table.add_row(*map(escape, (*facts, " | ".join(aliases))))
    return table


def _state() -> State:
    return open_resources(Settings()).state

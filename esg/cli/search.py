"""`esg search QUERY`: passages of all reports, nearest in words and in meaning first."""

from collections.abc import Sequence

import click
from rich.markup import escape
from rich.table import Table

from esg import passages, report
from esg.cli import bounded, remote
from esg.cli.console import answer, emit, json_option, talk
from esg.domain import Hit
from esg.resources import open_resources
from esg.settings import Settings

Row = tuple[int, str, int, str]  # rank, company, page, text


@click.command("search")
@click.argument("query", type=bounded.question)
@click.option("--company", type=bounded.company, help="Only in this company's documents.")
@click.option("--year", type=bounded.YEAR, help="Only in documents of this year.")
@click.option("-k", "k", type=bounded.PASSAGES, default=10, show_default=True, help="How many passages.")
@click.option("--careful", is_flag=True, help="Look at single sentences, too: finds more, takes seconds.")
@click.option(
    "--meaning",
    type=bounded.meaning,
    default="",
    help="What you mean by it, with examples of answers; implies --careful.",
)
@json_option
def command(
    query: str,
    company: str | None,
    year: int | None,
    k: int,
    careful: bool,
    meaning: str,
    as_json: bool,
) -> None:
    """Find passages in every report that was read."""
    settings = Settings()
    if remote.is_meant(settings):
        narrowed = {"company": company, "year": year, "meaning": meaning}
        with remote.open_client(settings) as client:
            found = remote.search(client, query, k=k, careful=careful, **narrowed)
        if as_json:
            emit(found)
        else:
            answer().print(
                _table([(r["rank"], r["company"], r["spans"][0]["page"], r["text"]) for r in found])
            )
        return
    opened = open_resources(settings)
    records = {record.document.id: record for record in opened.state.documents(company, year)}
    if not records:
        talk.print("No document fits; score one first: esg score FILE")
        raise SystemExit(1)
    only = sorted(records) if company or year else None
    hits = passages.find(query, opened, documents=only, k=k, careful=careful, meaning=meaning)
    names = {key: record.document.identity.company for key, record in records.items()}
    if as_json:
        emit([_as_dict(hit, names) for hit in hits])
    else:
        answer().print(_table([_row(hit, names) for hit in hits]))


def _as_dict(hit: Hit, names: dict[str, str]) -> dict[str, object]:
    chunk = hit.chunk
    return {
        "document_id": chunk.document_id,
        "company": names.get(chunk.document_id, ""),
        "chunk_id": chunk.id,
        "spans": [span._asdict() for span in chunk.spans],
        "section": chunk.section,
        "text": chunk.text,
        "retrieval": hit.retrieval._asdict(),
    }


def _row(hit: Hit, names: dict[str, str]) -> Row:
    chunk = hit.chunk
    return hit.retrieval.rank, names.get(chunk.document_id, ""), chunk.spans[0].page, chunk.text


def _table(rows: Sequence[Row]) -> Table:
    table = Table("", "company", "page", "passage", box=None, header_style="dim", show_lines=True)
    for rank, company, page, text in rows:
        table.add_row(str(rank), escape(company), str(page), escape(report.one_line(text, limit=300)))
    return table

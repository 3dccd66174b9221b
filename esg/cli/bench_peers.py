"""`esg bench report|extract|embed`: beside the peers of tests/bench/peers, each in its own environment."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from esg import fetch
from esg.cli.bench_told import tell
from esg.cli.console import json_option, talk
from esg.cli.options import rounds_option
from esg.evaluate.bench import embed, extract, report
from esg.extract import extract as read
from esg.pipeline import cut
from esg.resources import Resources, open_resources
from esg.settings import Settings

F = TypeVar("F", bound=Callable[..., None])


def _peers_option(*names: str) -> Callable[[F], F]:
    return click.option(
        "--peer",
        "peers",
        multiple=True,
        type=click.Choice(names),
        default=names,
        show_default=True,
        help="Whom to compare with; may be given several times.",
    )


sources_argument = click.argument(
    "sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PDF…"
)


@click.command("extract")
@sources_argument
@_peers_option(*extract.BARS)
@rounds_option
@json_option
def extract_command(sources: tuple[Path, ...], peers: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Pages a second with offsets and boxes, beside PDFium's bare text, PyMuPDF and pdfplumber.

    Peers are built on first use, each in an environment of its own outside the checkout.
    """
    with talk.status("") as status:
        found = extract.bench_extract(pdfs(sources), rounds=rounds, peers=peers, on_turn=status.update)
    tell(found, as_json=as_json)


@click.command("embed")
@sources_argument
@_peers_option(*embed.PEERS)
@rounds_option
@json_option
def embed_command(sources: tuple[Path, ...], peers: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Chunks a second, beside sentence-transformers on torch and plain ONNX Runtime in float32.

    The texts are the chunks of the PDFs, with their own lengths, each once; vectors come from no cache.
    """
    opened = open_resources(Settings())
    with talk.status("") as status:
        documents, texts = {}, dict[str, None]()
        for path in pdfs(sources):
            status.update(f"reading {path.name}")
            documents[path.name], chunks = _chunks(path, opened)
            texts |= dict.fromkeys(chunks)
        found = embed.bench_embed(
            list(texts),
            opened.embedder.tokenizer,
            documents,
            rounds=rounds,
            peers=peers,
            on_turn=status.update,
        )
    tell(found, as_json=as_json)


@click.command("report")
@sources_argument
@_peers_option(*report.BARS)
@rounds_option
@json_option
def report_command(sources: tuple[Path, ...], peers: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Seconds for 100 pages from file to scorecard, beside LangChain up to ranked text.

    LangChain with its loader by pdfplumber or pypdf, sentence-transformers and Chroma.
    """
    rubric = open_resources(Settings()).rubric
    with talk.status("") as status:
        found = report.bench_report(
            pdfs(sources), rubric, rounds=rounds, loaders=peers, on_turn=status.update
        )
    tell(found, as_json=as_json)


def pdfs(sources: tuple[Path, ...]) -> list[Path]:
    """Expand folders; raises click.UsageError where nothing is left."""
    found = [pdf for each in sources for pdf in (sorted(each.rglob("*.pdf")) if each.is_dir() else [each])]
    if not found:
        raise click.UsageError("there is no PDF in what was given")
    return [path.absolute() for path in found]


def _chunks(path: Path, opened: Resources) -> tuple[int, list[str]]:
    pages = read(fetch.fetch(str(path), limits=opened.fetch_limits), limits=opened.parse_limits).pages
    return len(pages), [chunk.text for chunk in cut(pages, resources=opened)]

"""What the golden tests run a report through: the real chain, its embedder loaded once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from esg.chunk import chunk
from esg.domain import Page, Scorecard, Versions
from esg.embed.local import LocalEmbedder
from esg.extract import ParseLimits, extract
from esg.fetch import from_bytes
from esg.pipeline import describe
from esg.retrieve import Retriever
from esg.rubric import load
from esg.score import LocalJudge, score

ScoreReport = Callable[..., tuple[tuple[Page, ...], Scorecard]]


@pytest.fixture(scope="session")
def score_report() -> ScoreReport:
    """Give what reads and scores a report's file by the shipped rubric: its pages and its scorecard."""
    embedder, rubric = LocalEmbedder(), load("maturity")
    versions = Versions("golden", embedder.id, LocalJudge.id)

    def run(path: Path, *, company: str, year: int) -> tuple[tuple[Page, ...], Scorecard]:
        fetched = from_bytes(path.read_bytes(), name=path.name)
        extraction = extract(fetched, limits=ParseLimits())
        document = describe(fetched, extraction, company=company, year=year)
        chunks = chunk(extraction.pages, tokenizer=embedder.tokenizer)
        retriever = Retriever(chunks, embedder.embed([c.text for c in chunks]), embedder)
        card = score(
            document, extraction.pages, retriever, rubric=rubric, judge=LocalJudge(), versions=versions
        )
        return extraction.pages, card

    return run

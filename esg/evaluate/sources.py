"""Passages that experts found in reports ↔ the chunks our retrieval gives for their questions."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from esg.domain import Chunk, Page, Vectors
from esg.embed import Embedder
from esg.embed.cosine import cosines, on_grid
from esg.evaluate.bootstrap import MANY, interval
from esg.evaluate.lines import Record, missing, read_lines
from esg.retrieve import Question, Retriever
from esg.retrieve.bm25 import BM25
from esg.retrieve.fitting import embed_fitting

FILE = "sources.jsonl"
OURS = "this engine"
COVERED = 0.6  # of a passage's words on its page; from then on a chunk hits it
CUTS = (5, 10)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that answers, with the number printed on its page; relevance 1 to 3."""

    text: str
    printed_page: str
    relevance: int


@dataclass(frozen=True, slots=True)
class Asked:
    """An expert's question about one report and the passages found."""

    report: str
    question: Question
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A report as the product reads it."""

    pages: Sequence[Page]
    chunks: Sequence[Chunk]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Answered:
    """The chunks as one method ranks them, and for each source the place (from 1) of the first that hits it.

    The place is 0 if no chunk at all hits it: it is torn apart or not on the page it is said to be on.
    """

    asked: Asked
    ranked: tuple[Chunk, ...]
    places: tuple[int, ...]

    def hits(self, k: int) -> int:
        return sum(0 < place <= k for place in self.places)


Opener = Callable[[str], Read]


def read_asked(path: Path) -> list[Asked]:
    return [_asked(n, record) for n, record in enumerate(read_lines(path, FILE), start=1)]


def _asked(number: int, record: Record) -> Asked:
    try:
        sources = tuple(
            Source(source["text"], str(source["printed_page"]), int(source.get("relevance", 1)))
            for source in record["sources"]
        )
        question = Question(record["query"], record.get("definition", ""))
        return Asked(record["report"], question, sources)
    except (KeyError, TypeError, ValueError) as error:
        raise missing(FILE, number, error) from error


def evaluate_sources(
    questions: Sequence[Asked], *, read: Opener, embedder: Embedder
) -> dict[str, list[Answered]]:
    """Answer each question by each method, our own first; every report is read once."""
    open_once = cache(read)
    return {
        name: [_answer(asked, open_once(asked.report), rank, embedder) for asked in questions]
        for name, rank in METHODS.items()
    }


def _answer(asked: Asked, report: Read, rank: "Rank", embedder: Embedder) -> Answered:
    ranked = rank(asked.question, report, embedder)
    places = (find_place(source, ranked, report.pages) for source in asked.sources)
    return Answered(asked, tuple(ranked), tuple(places))


def find_place(source: Source, ranked: Sequence[Chunk], pages: Sequence[Page]) -> int:
    """Give the place of the first chunk that hits the source, from 1; 0 where none does."""
    page = _page(source.printed_page, pages)
    if page is None:
        return 0
    found = (place for place, chunk in enumerate(ranked, start=1) if covers(chunk, source.text, page))
    return next(found, 0)


def covers(chunk: Chunk, passage: str, page: Page) -> bool:
    """Say whether the chunk's part of this page holds 60 % of the passage's words, each as often as there."""
    wanted = _words(passage)
    spans = (page.text[span.start : span.end] for span in chunk.spans if span.page == page.number)
    shared = wanted & _words(" ".join(spans))
    return wanted.total() > 0 and shared.total() >= COVERED * wanted.total()


def _page(printed: str, pages: Sequence[Page]) -> Page | None:
    """Find a page by what is printed on it; where nothing like it is printed, by its number in the file."""
    labelled = next((page for page in pages if page.label == printed), None)
    return labelled or next((page for page in pages if not page.label and str(page.number) == printed), None)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def recall(answers: Sequence[Answered], *, k: int) -> float:
    """Give the share of all labelled passages that the first k chunks hit."""
    total = sum(len(answered.places) for answered in answers)
    return sum(answered.hits(k) for answered in answers) / total if total else 0.0


def summary(answers: Sequence[Answered]) -> dict[str, float]:
    return {f"recall_at_{k}": recall(answers, k=k) for k in CUTS}


def intervals(answers: Sequence[Answered]) -> dict[str, tuple[float, float]]:
    """Give the 95 % interval of each recall, questions resampled."""
    return {f"recall_at_{k}": interval(answers, partial(recall, k=k), resamples=MANY) for k in CUTS}


def reachable(answers: Sequence[Answered]) -> float:
    """Give the share of passages that any chunk hits: what the best ranking of these chunks would reach."""
    places = [place for answered in answers for place in answered.places]
    return sum(place > 0 for place in places) / len(places) if places else 0.0


# -- methods

Rank = Callable[[Question, Read, Embedder], Sequence[Chunk]]


def _ours(question: Question, report: Read, embedder: Embedder) -> Sequence[Chunk]:
    hits = Retriever(report.chunks, report.vectors, embedder).ask(question, k=len(report.chunks))
    return [hit.chunk for hit in hits]


def _fused(question: Question, report: Read, embedder: Embedder) -> Sequence[Chunk]:
    retriever = Retriever(report.chunks, report.vectors, embedder)
    return [hit.chunk for hit in retriever.retrieve([question.words], k=len(report.chunks))]


def _by_words(question: Question, report: Read, embedder: Embedder) -> Sequence[Chunk]:
    del embedder
    return _sorted(report, BM25([chunk.text for chunk in report.chunks]).scores(question.text))


def _by_meaning(question: Question, report: Read, embedder: Embedder) -> Sequence[Chunk]:
    asked = on_grid(embed_fitting([question.text], embedder))
    return _sorted(report, cosines(asked, on_grid(report.vectors))[0])


def _sorted(report: Read, scores: NDArray[np.float64]) -> Sequence[Chunk]:
    return [report.chunks[place] for place in np.argsort(-scores, kind="stable")]


METHODS: Mapping[str, Rank] = {
    OURS: _ours,
    "rank fusion": _fused,
    "BM25": _by_words,
    "dense": _by_meaning,
}

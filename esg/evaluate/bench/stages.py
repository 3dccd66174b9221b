"""How long each stage takes by itself, beside PDFium's bare text and a yardstick measured in the same rounds.

Seconds depend on the machine and on who else uses it; ratios within one run are what may be compared.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from esg.chunk import chunk
from esg.domain import Chunk, Document, Fetched, Identity, Page, Vectors, Versions, document_id
from esg.embed import CachedEmbedder, Embedder, MemoryCache
from esg.evaluate import plain
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Figure, Result, rates, ratio
from esg.evaluate.bench.rounds import OnTurn
from esg.evaluate.bench.yardstick import yardstick
from esg.evaluate.memory import peak_mib
from esg.extract import Extraction, ParseLimits, extract, sandbox
from esg.retrieve import Retriever
from esg.rubric import Rubric
from esg.score import Judge, score

BARE_TEXT = "PDFium's bare text"
T = TypeVar("T")
NOTES = (
    "Each stage by itself in this process (extraction: in its sandbox), one document after another, without "
    "cache, broker or lake. The yardstick is a fixed piece of Python and numpy, timed before and after every "
    "stage; a stage's CPU seconds are divided by the mean of the two, so that a processor that is slower for "
    "a while is slower for both.",
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is measured; `embedder` is without a cache, so that every round embeds every text."""

    embedder: Embedder
    judge: Judge
    rubric: Rubric
    versions: Versions
    limits: ParseLimits
    max_tokens: int


def bench_stages(
    documents: Sequence[Fetched], parts: Parts, *, rounds: int, on_turn: OnTurn = print
) -> Result:
    """Take every document through all stages, `rounds` times over and once before, to warm up.

    Raises Rejected for a document that cannot be read.
    """
    machine = this_machine()
    clocks, sizes = [], list[tuple[int, int]]()
    for number in range(rounds + 1):
        on_turn(f"round {number} of {rounds}")
        clock = _Clock()
        sizes = [_once(document, parts, clock) for document in documents]
        clocks.append(clock)
    pages, chunks = map(sum, zip(*sizes, strict=True))
    names = [Path(document.source).name for document in documents]
    told = dict(zip(names, (pages for pages, _ in sizes), strict=True))
    figures = tuple(_figures(clocks[1:], pages=pages, chunks=chunks))
    return Result("stages", machine, told, rounds, figures, notes=NOTES)


def _figures(clocks: Sequence["_Clock"], *, pages: int, chunks: int) -> Iterator[Figure]:
    walls = {part: tuple(clock.walls[part] for clock in clocks) for part in clocks[0].walls}
    for part, wall in walls.items():
        units, unit = (chunks, "chunks/s") if part == "embed" else (pages, "pages/s")
        yield Figure(part, "s", wall)
        yield Figure(f"{part}, speed", unit, rates(units, wall))
    yield ratio(f"extract / {BARE_TEXT}", walls["extract"], walls[BARE_TEXT])
    related = {part: tuple(clock.related[part] for clock in clocks) for part in walls}
    for part in walls:
        yield Figure(f"{part}, CPU", "s", tuple(clock.costs[part] for clock in clocks))
        yield Figure(f"{part} / yardstick, CPU", "×", related[part])
    both = zip(related["extract"], related[BARE_TEXT], strict=True)  # start a sandbox and read with PDFium
    yield Figure(
        f"extract beyond {BARE_TEXT} / yardstick, CPU", "×", tuple(ours - bare for ours, bare in both)
    )
    yield Figure("memory", "MiB", (peak_mib(),))


class _Clock:
    """Adds up each part's seconds of the wall and of CPU, sandboxes included, and CPU in yardsticks."""

    def __init__(self) -> None:
        self.walls: defaultdict[str, float] = defaultdict(float)
        self.costs: defaultdict[str, float] = defaultdict(float)
        self.related: defaultdict[str, float] = defaultdict(float)
        self._yardstick = yardstick()

    def time(self, part: str, work: Callable[[], T]) -> T:
        cpu, wall = _cpu_seconds(), time.perf_counter()
        result = work()
        self.walls[part] += time.perf_counter() - wall
        cost = _cpu_seconds() - cpu
        self.costs[part] += cost
        before, self._yardstick = self._yardstick, yardstick()
        self.related[part] += cost / ((before + self._yardstick) / 2)
        return result


def _cpu_seconds() -> float:
    """What this process has computed, and its parsers that are over."""
    return time.process_time() + sandbox.spent.cpu_seconds


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

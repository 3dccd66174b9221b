"""The whole flow as one function: source → document → pages → chunks → vectors → levels → scorecard.

No broker and no state: `esg score --local` runs `score_source`, and the fleet's tasks are its lines,
one each, with the lake in between. So both give the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import NamedTuple

import numpy as np

from esg import collector
from esg.budget import on_behalf_of, run_of
from esg.chunk import chunk
from esg.domain import (
    Chunk,
    Document,
    Fetched,
    Identity,
    Page,
    Scorecard,
    Vectors,
    document_id,
)
from esg.errors import EsgError
from esg.extract import Extraction, extract
from esg.fetch import fetch
from esg.kpi import Readings, read_all
from esg.lake import Lake
from esg.resources import Resources
from esg.retrieve import Retriever, TermCounts, count
from esg.rubric import Rubric
from esg.score import Examined, Judge, LocalJudge, examine, score, score_together, verify

LONGEST_CHUNK_TOKENS = 256  # a model that takes more would find longer chunks less exactly


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: the stage under way and what is known so far."""

    stage: str
    pages: int = 0
    chunks: int = 0
    chunks_embedded: int = 0


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A scorecard and what it was read from, for whoever wants to show its quotes on their pages."""

    scorecard: Scorecard
    original: Fetched
    pages: tuple[Page, ...]


def score_source(
    source: str,
    *,
    resources: Resources,
    company: str | None = None,
    year: int | None = None,
    on_progress: OnProgress | None = None,
) -> Reading:
    """Score one file or URL on this machine, here and now.

    Raises Rejected for a document that cannot be read, Transient for a source that does not answer.
    """
    tell = on_progress or _silent
    tell(Progress("ingest"))
    fetched = fetch(source, limits=resources.fetch_limits)
    extraction = extract(fetched, limits=resources.lone_parse_limits)
    document = describe(fetched, extraction, company=company, year=year)
    chunks = cut(extraction.pages, resources=resources)
    with on_behalf_of(run_of(document.id, resources.pipeline_version)):
        vectors = _embed(chunks, document, resources, tell)
        tell(Progress("score", document.pages, len(chunks), len(chunks)))
        scorecard = judge(document, extraction, chunks, vectors, rubric=resources.rubric, resources=resources)
    return Reading(scorecard, fetched, extraction.pages)


def describe(
    fetched: Fetched, extraction: Extraction | None = None, *, company: str | None, year: int | None
) -> Document:
    """Say what the document is: what was given counts, the rest is what its pages say, once they are read."""
    guessed = extraction.identity if extraction else Identity("", None)
    return Document(
        id=document_id(fetched.data),
        source=public_name(fetched.source),
        media_type=fetched.media_type,
        size_bytes=len(fetched.data),
        identity=identify(guessed, company=company, year=year),
        pages=len(extraction.pages) if extraction else 0,
        language=extraction.language if extraction else "",
        title=extraction.title if extraction else "",
    )


def public_name(source: str) -> str:
    """Name a source as a scorecard may: a URL in full, of a file its name and not whose folder it was in."""
    return source if "://" in source else PurePath(source).name


def identify(guessed: Identity, *, company: str | None, year: int | None) -> Identity:
    """Prefer what was given to what was read."""
    identity = guessed
    if company:
        identity = replace(identity, company=company, company_guessed=False)
    return replace(identity, year=year, year_guessed=False) if year else identity


def cut(pages: Sequence[Page], *, resources: Resources) -> list[Chunk]:
    """Part pages into chunks that the embedder takes whole."""
    embedder = resources.embedder
    longest = min(LONGEST_CHUNK_TOKENS, embedder.max_tokens)
    return chunk(pages, tokenizer=embedder.tokenizer, max_tokens=longest)


def batches(chunks: Sequence[Chunk], *, size: int) -> list[Sequence[Chunk]]:
    """Part the chunks into what one embed task does; no batch where there is no chunk."""
    return [chunks[start : start + size] for start in range(0, len(chunks), size)]


def judge(
    document: Document,
    extraction: Extraction,
    chunks: Sequence[Chunk],
    vectors: Vectors,
    *,
    rubric: Rubric,
    resources: Resources,
) -> Scorecard:
    """Score, and read every quote back from its page before anyone may rely on it."""
    retriever = Retriever(chunks, vectors, resources.embedder)
    return _scored(document, extraction, retriever, rubric, resources)


@collector.paused()
def judge_stored(document: Document, *, rubric: Rubric, resources: Resources) -> Scorecard:
    """Score a document as it rests in the lake, the same byte for byte.

    Raises NotFound where it was not read and embedded before.
    """
    stored = _stored(document, resources)
    return _scored(document, stored.extraction, stored.retriever, rubric, resources, stored.readings)


def read_into_lake(fetched: Fetched, resources: Resources) -> Document:
    """Read, cut and embed a document, and leave all of it in the lake, ready to be judged.

    Raises Rejected for one that cannot be read.
    """
    lake = resources.lake
    extraction = extract(fetched, limits=resources.lone_parse_limits)
    document = describe(fetched, extraction, company=None, year=None)
    chunks = cut(extraction.pages, resources=resources)
    lake.save_extraction(document.id, extraction)
    lake.save_chunks(document.id, chunks)
    vectors = _embed(chunks, document, resources, _silent)
    lake.save_vectors(document.id, 0, [chunk.id for chunk in chunks], vectors)
    return document


def judge_together(
    company: str, year: int, documents: Sequence[Document], *, rubric: Rubric, resources: Resources
) -> Scorecard:
    """Score a company's year over all its documents as they rest in the lake, one after the other."""
    examined = _examined_by_one(documents, rubric, resources)
    scorecard = score_together(company, year, examined, rubric=rubric, versions=resources.versions)
    pages = (page for d in documents for page in resources.lake.extraction(d.id).pages)
    return _checked(scorecard, pages)


def _examined_by_one(documents: Sequence[Document], rubric: Rubric, resources: Resources) -> list[Examined]:
    """Examine all by one judge: where the local one had to stand in for a document, it judges all."""
    examined = [_examined(document, rubric, resources, resources.judge) for document in documents]
    instead = next((one.judging for one in examined if one.judging.note), None)
    if instead is None:
        return examined
    local = (_examined(document, rubric, resources, LocalJudge()) for document in documents)
    return [replace(one, judging=instead) for one in local]


@collector.paused()
def _examined(document: Document, rubric: Rubric, resources: Resources, judge: Judge) -> Examined:
    stored = _stored(document, resources)
    return examine(
        _named(document),
        stored.extraction.pages,
        stored.retriever,
        rubric=rubric,
        judge=judge,
        made_on=stored.extraction.made_on,
        readings=stored.readings,
    )


def _scored(
    document: Document,
    extraction: Extraction,
    retriever: Retriever,
    rubric: Rubric,
    resources: Resources,
    readings: Readings | None = None,
) -> Scorecard:
    scorecard = score(
        _named(document),
        extraction.pages,
        retriever,
        rubric=rubric,
        judge=resources.judge,
        versions=resources.versions,
        tagged=extraction.facts,
        readings=readings,
    )
    return _checked(scorecard, extraction.pages)


def _named(document: Document) -> Document:
    return replace(document, source=public_name(document.source))


def _checked(scorecard: Scorecard, pages: Iterable[Page]) -> Scorecard:
    if problems := verify(scorecard, pages):
        raise EsgError(f"The scorecard does not hold: {'; '.join(problems[:3])}.", next_step="Report this.")
    return scorecard


class _Stored(NamedTuple):
    """What no rubric changes."""

    extraction: Extraction
    retriever: Retriever
    readings: Readings


def _stored(document: Document, resources: Resources) -> _Stored:
    """Read silver; terms are counted, and figures and claims read, for the first rubric alone."""
    lake = resources.lake
    extraction = lake.extraction(document.id)
    chunks = lake.chunks(document.id)
    vectors = lake.vectors(document.id, chunks)
    retriever = Retriever(chunks, vectors, resources.embedder, counts=_counts(document, chunks, lake))
    return _Stored(extraction, retriever, _readings(document, extraction, lake))


def _counts(document: Document, chunks: Sequence[Chunk], lake: Lake) -> TermCounts:
    counts = lake.find_counts(document.id)
    if counts is None:
        counts = count([chunk.text for chunk in chunks])
        lake.save_counts(document.id, counts)
    return counts


def _readings(document: Document, extraction: Extraction, lake: Lake) -> Readings:
    readings = lake.find_readings(document)
    if readings is None:
        readings = read_all(document, extraction.pages, extraction.facts)
        lake.save_readings(document, readings)
    return readings


def _embed(chunks: Sequence[Chunk], document: Document, resources: Resources, tell: OnProgress) -> Vectors:
    rows = [np.empty((0, resources.embedder.dimensions), np.float32)]
    done = 0
    for batch in batches(chunks, size=resources.settings.embed_batch_chunks):
        tell(Progress("embed", document.pages, len(chunks), done))
        rows.append(resources.embedder.embed([c.text for c in batch]))
        done += len(batch)
    return np.concatenate(rows)


def _silent(progress: Progress) -> None:
    del progress

"""What a fleet has done → a recorded run: times from SQL, pages and how they were read from the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from esg.capacity.recorded import Paper, Recorded, Run
from esg.domain import Legibility
from esg.errors import NotFound
from esg.extract import Extraction
from esg.lake import Lake
from esg.pipeline import batches
from esg.state import DoneRun
from esg.state.flow import EMBED, INGEST, TASKS


def record(
    done: Sequence[DoneRun], lake: Lake, *, batch_chunks: int, processors: int, about: Mapping[str, Any]
) -> Recorded:
    """Number documents by their submission, and forget their ids; raises NotFound where none was scored."""
    runs = [run for run in done if run.task in TASKS.values()]
    if not runs:
        raise NotFound("No report was scored here lately.", next_step="Score some: esg score REPORT")
    begun = min(run.created_at for run in runs)
    ingested = sorted((run for run in runs if run.task == INGEST), key=lambda run: run.created_at)
    read = {run.document_id: _Read.of(run.document_id, lake, batch_chunks) for run in ingested}
    places = {document_id: place for place, document_id in enumerate(read)}
    mine = [run for run in runs if run.document_id in places]
    return Recorded(
        processors,
        tuple(one.paper for one in read.values()),
        tuple(_run(run, places[run.document_id], read[run.document_id], begun) for run in mine),
        about,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A document as it rests in silver."""

    paper: Paper
    tokens: tuple[int, ...]  # of each batch

    @classmethod
    def of(cls, document_id: str, lake: Lake, batch_chunks: int) -> "_Read":
        extraction, chunks = lake.extraction(document_id), lake.chunks(document_id)
        tokens = tuple(sum(c.tokens for c in part) for part in batches(chunks, size=batch_chunks))
        return cls(_paper(extraction, len(chunks), len(tokens)), tokens)


def _paper(extraction: Extraction, chunks: int, batches: int) -> Paper:
    pages = extraction.pages
    return Paper(
        pages=len(pages),
        ocr_pages=sum(page.legibility.by_ocr for page in pages),
        ocr_letters=sum(len(page.text) for page in pages if page.legibility is Legibility.OCR),
        chunks=chunks,
        batches=batches,
        language=extraction.language,
    )


def _run(run: DoneRun, place: int, read: _Read, begun: datetime) -> Run:
    ready, started, finished = (
        (moment - begun).total_seconds() for moment in (run.created_at, run.started_at, run.finished_at)
    )
    tokens = read.tokens[run.batch] if run.task == EMBED else sum(read.tokens)
    return Run(place, run.queue, run.batch, tokens, ready, started, finished)

"""Documents: bytes → pages → figures → levels → scorecard → report, by the code that a worker runs.

The parse is called as the sandbox calls it, but here, because a process for each of 100,000 inputs would take
hours; every so many go through the sandbox itself (`tests.hostile.confined`), as does all that kills.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from esg.chunk import chunk
from esg.domain import MediaType, Scorecard, Versions, document_id
from esg.errors import Rejected
from esg.extract.base import Extraction, ParseLimits
from esg.extract.codec import decode
from esg.extract.parse import parse
from esg.fetch import from_bytes
from esg.pipeline import describe
from esg.report import canonical_json, from_dict, to_dict, to_html, validate, visible
from esg.retrieve import Retriever
from esg.rubric import load
from esg.score import LocalJudge, score, verify
from tests.fakes import word
from tests.fakes.letter_embedder import LetterEmbedder
from tests.hostile.answer import Answer, Phase

LIMITS = ParseLimits(max_pages=50, timeout_seconds=20, memory_bytes=2 * 1024**3, ocr_pages=0, processes=2)
_VERSIONS = Versions("hostile", LetterEmbedder.id, LocalJudge.id)
_rubric = cache(load)


def read(data: bytes, phase: Phase) -> Answer:
    """Read and judge a document."""
    fetched = from_bytes(data, name="report")
    phase("parse")
    try:
        encoded = parse(data, **arguments(data, fetched.media_type))
    except MemoryError:
        return "parser_memory"
    phase("judge")
    extraction = decode(encoded)
    return _judged(data, extraction)


def arguments(data: bytes, media_type: MediaType) -> dict[str, object]:
    """What `esg.extract` hands into the sandbox with these bytes."""
    return {
        "media_type": media_type.value,
        "document_id": document_id(data),
        "max_pages": LIMITS.max_pages,
        "ocr_pages": LIMITS.ocr_pages,
        "name": "report",
        "charset": "",
    }


def _judged(data: bytes, extraction: Extraction) -> Answer:
    document = describe(from_bytes(data, name="report"), extraction, company=None, year=None)
    embedder = LetterEmbedder()
    chunks = chunk(extraction.pages, tokenizer=embedder.tokenizer, max_tokens=embedder.max_tokens - 2)
    vectors = embedder.embed([c.text for c in chunks]) if chunks else np.empty((0, 26), np.float32)
    card = score(
        document,
        extraction.pages,
        Retriever(chunks, vectors, embedder),
        rubric=_rubric("maturity"),
        judge=LocalJudge(),
        versions=_VERSIONS,
        tagged=extraction.facts,
    )
    if problems := verify(card, extraction.pages):
        raise AssertionError(f"quotes that do not hold: {problems[:3]}")
    _check_report(card)
    return "scorecard"


def _check_report(card: Scorecard) -> None:
    """Its JSON is of the schema and reads back; its page runs and hides nothing."""
    data = to_dict(card)
    try:
        validate(data)
    except Rejected as reason:
        raise AssertionError(f"what was written is {reason.code}: {reason.message}") from reason
    canonical_json(from_dict(data))
    page = to_html(card)
    if page != visible(page):
        raise AssertionError("the page holds controls")
    if "<script" in page.lower() or "<img src=x" in page:
        raise AssertionError("the page holds markup of the report's")


def open_parts(folder: Path) -> Callable[[bytes, Phase], Answer]:
    """Read Word documents, and a main part's XML as if it were in one: no mutant of a packed one is whole."""
    run = open_reading(folder)
    return lambda data, phase: run(data if data.startswith(b"PK") else word.write("", document=data), phase)


def open_reading(folder: Path) -> Callable[[bytes, Phase], Answer]:
    del folder

    def run(data: bytes, phase: Phase) -> Answer:
        try:
            return read(data, phase)
        except Rejected as reason:
            if not reason.code or not reason.message:
                raise AssertionError("a rejection without a reason") from reason
            return reason.code

    return run

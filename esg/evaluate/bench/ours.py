"""Our side of a comparison, in a process of its own as every other contender: run by serve.py."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from esg import fetch
from esg.chunk import chunk
from esg.domain import Document, Fetched, Identity, document_id
from esg.embed import CachedEmbedder, Embedder, MemoryCache
from esg.evaluate.memory import peak_mib
from esg.extract import Extraction, ParseLimits, extract, sandbox
from esg.resources import EMBEDDERS, Resources, find_opener, open_resources
from esg.retrieve import Retriever
from esg.score import score
from esg.settings import Settings

PACKAGES = ("onnxruntime", "pypdfium2")
QUERIES = 100_000  # more than a rubric has: a worker knows them all after its first document
Result = TypeVar("Result")


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    """Open the embedder without its cache, that every round embeds every text."""
    opened = open_resources(Settings())
    embedder = find_opener(EMBEDDERS, opened.settings.embedder, setting="ESG_EMBEDDER")(opened.settings)
    embedder.embed(["loads the model"])
    known = CachedEmbedder(embedder, MemoryCache(limit=QUERIES))
    return {
        "extract": partial(_extract, opened),
        "embed": partial(_embed, embedder),
        "report": partial(_report, opened, embedder, known),
    }


def _read(path: str, opened: Resources, limits: ParseLimits) -> tuple[Fetched, Extraction]:
    fetched = fetch.fetch(path, limits=opened.fetch_limits)
    return fetched, extract(fetched, limits=limits)


def _extract(opened: Resources, path: str) -> dict[str, Any]:
    """Read a document without OCR, which no peer does."""
    pages = _read(path, opened, replace(opened.lone_parse_limits, ocr_pages=0))[1].pages
    return {"pages": len(pages), "characters": sum(len(page.text) for page in pages), "peak_mib": _peak_mib()}


def _embed(embedder: Embedder, texts: str, shown: int) -> dict[str, Any]:
    """`texts` is a JSON file; the first vectors are told, that all may see who embeds the same."""
    vectors = embedder.embed(json.loads(Path(texts).read_text(encoding="utf-8")))
    return {"vectors": vectors[:shown].astype(float).tolist()}


def _report(
    opened: Resources, embedder: Embedder, known: Embedder, path: str, questions: list[str], k: int
) -> dict[str, Any]:
    """Score a report as a worker does that has scored one before; `questions` are those of our rubric."""
    del questions, k
    parts: dict[str, float] = {}
    fetched, read = _timed("load", parts, lambda: _read(path, opened, opened.lone_parse_limits))
    longest = min(256, embedder.max_tokens)
    chunks = _timed(
        "split", parts, lambda: chunk(read.pages, tokenizer=embedder.tokenizer, max_tokens=longest)
    )
    vectors = _timed("embed", parts, lambda: embedder.embed([c.text for c in chunks]))
    document = Document(
        id=document_id(fetched.data),
        source=fetched.source,
        media_type=fetched.media_type,
        size_bytes=len(fetched.data),
        identity=read.identity or Identity("", None),
        pages=len(read.pages),
        language=read.language,
    )
    _timed(
        "rank",
        parts,
        lambda: score(
            document,
            read.pages,
            Retriever(chunks, vectors, known),
            rubric=opened.rubric,
            judge=opened.judge,
            versions=opened.versions,
            tagged=read.facts,
        ),
    )
    return {"pages": len(read.pages), "chunks": len(chunks), "parts": parts, "peak_mib": _peak_mib()}


def _peak_mib() -> float:
    """The most that this process had, and the largest of its parsers, as if both were at once."""
    return peak_mib() + sandbox.spent.peak_kib / 1024


def _timed(part: str, parts: dict[str, float], work: Callable[[], Result]) -> Result:
    started = time.perf_counter()
    result = work()
    parts[part] = time.perf_counter() - started
    return result

"""source → document → pages → chunks."""

from dataclasses import replace

from esg import tracing
from esg.celery import app
from esg.domain import Fetched
from esg.extract import Extraction, extract
from esg.fetch import fetch
from esg.pipeline import batches, cut, describe
from esg.register import find_lei
from esg.rescan import scan
from esg.resources import Resources, resources
from esg.state import Done, Ingested, Later, Sourced, Unit
from tasks.base import StageTask


@app.task(base=StageTask, name="ingest.source")
def ingest_source(source: str, company: str | None, year: int | None) -> Sourced:
    """source → the bytes, in the lake"""
    r = resources()
    with tracing.asking("source", "fetch") as traceparent:
        fetched = fetch(source, limits=r.fetch_limits, traceparent=traceparent)
    r.lake.put_original(fetched)
    return Sourced(describe(fetched, company=company, year=year))


@app.task(base=StageTask, name="ingest.document")
def ingest_document(document_id: str, source: str, company: str | None, year: int | None) -> Ingested:
    """bytes → pages → chunks"""
    r = resources()
    fetched = replace(r.lake.original(document_id), source=source)
    if not source:  # a tenant's, whose name for it may not hint at what everyone will find was read
        fetched = replace(fetched, final_url="")
    extraction = _extraction(fetched, document_id, r)
    chunks = cut(extraction.pages, resources=r)
    r.lake.save_chunks(document_id, chunks)
    document = describe(fetched, extraction, company=company, year=year)
    parts = batches(chunks, size=r.settings.embed_batch_chunks)
    lei = find_lei(fact.entity for fact in extraction.facts) or find_lei(
        page.text for page in extraction.pages
    )
    return Ingested(document, len(chunks), len(parts), guess=extraction.identity, lei=lei)


@app.task(base=StageTask, name="ingest.sources")
def ingest_sources(call: str) -> Done:
    """sources whose time has come → a scan of each"""
    state = resources().state
    for source in state.due_sources():
        state.enqueue(Unit("ingest.scan", f"{source} {call}", {"source": source}))
    return Done()


@app.task(base=StageTask, name="ingest.scan")
def ingest_scan(source: str) -> Done | Later:
    """a source → its new and changed documents, submitted"""
    return Later(0.0) if scan(resources(), source) else Done()


def _extraction(fetched: Fetched, document_id: str, r: Resources) -> Extraction:
    """Read the pages, unless another version of what comes after has read them before."""
    if not r.lake.has_extraction(document_id):
        r.lake.save_extraction(document_id, extract(fetched, limits=r.parse_limits))
    return r.lake.extraction(document_id)

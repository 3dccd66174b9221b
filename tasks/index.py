"""vectors → what can be searched; scorecards → gold, and its upkeep; the folder that feeds the fleet."""

import time
from datetime import UTC, datetime, timedelta

from esg import newest
from esg.celery import app
from esg.resources import resources
from esg.retention import retain
from esg.state import Done, Indexed
from tasks import gold_spans, inbox, metrics
from tasks.base import FleetTask, StageTask

_size = metrics.IndexSize()


@app.task(base=StageTask, name="index.document")
def index_document(document_id: str) -> Indexed:
    """chunks and vectors → the store"""
    r = resources()
    chunks = r.lake.chunks(document_id)
    vectors = r.lake.vectors(document_id, chunks)
    r.store.upsert(document_id, chunks, vectors)
    _size.look(r.store)
    return Indexed(len(chunks))


@app.task(base=StageTask, name="etl.retention")
def etl_retention(call: str) -> Done:
    """what is over and old → forgotten"""
    del call
    retain(resources())
    return Done()


@app.task(base=FleetTask, name="etl.inbox")
def etl_inbox() -> None:
    """a watched folder → submissions"""
    r = resources()
    inbox.collect(r.settings.inbox, r.state)


@app.task(base=StageTask, name="etl.gold")
def etl_gold(call: str) -> Done:
    """what is known now → the tables of gold"""
    del call
    r, now, started = resources(), datetime.now(UTC), time.time_ns()
    tables = newest.tables(r)
    written = r.gold.write(tables, at=now, is_all=True)
    metrics.GOLD_WRITTEN.inc(len(written.write))
    gold_spans.tell(tables["documents"], written.write, started, r.state)
    return Done()


@app.task(base=StageTask, name="etl.compact")
def etl_compact(call: str) -> Done:
    """many small files of gold → few"""
    del call
    metrics.GOLD_FILES_JOINED.inc(resources().gold.compact())
    return Done()


@app.task(base=StageTask, name="etl.expire")
def etl_expire(call: str) -> Done:
    """what gold said longer ago than is kept → nothing"""
    del call
    r = resources()
    r.gold.expire(datetime.now(UTC) - timedelta(days=r.settings.gold_keep_days))
    return Done()

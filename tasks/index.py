"""vectors → what can be searched; and the folder that feeds the fleet."""

from esg.celery import app
from esg.resources import resources
from esg.retention import retain
from esg.state import Done, Indexed
from tasks import inbox, metrics
from tasks.base import FleetTask, StageTask


@app.task(base=StageTask, name="index.document")
def index_document(document_id: str) -> Indexed:
    """chunks and vectors → the store"""
    r = resources()
    chunks = r.lake.chunks(document_id)
    vectors = r.lake.vectors(document_id, chunks)
    r.store.upsert(document_id, chunks, vectors)
    metrics.INDEX_SIZE.set(r.store.size())
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

"""chunks → vectors, a batch at a time."""

from esg.celery import app
from esg.pipeline import batches
from esg.resources import resources
from esg.state import Embedded
from tasks import metrics
from tasks.base import StageTask

_cache = metrics.CacheCount()


@app.task(base=StageTask, name="embed.batch")
def embed_batch(document_id: str, batch: int) -> Embedded:
    """chunks → vectors"""
    r = resources()
    chunks = batches(r.lake.chunks(document_id), size=r.settings.embed_batch_chunks)[batch]
    vectors = r.embedder.embed([c.text for c in chunks])
    r.lake.save_vectors(document_id, batch, [c.id for c in chunks], vectors)
    _cache.look(r.embedder)
    return Embedded(len(chunks))

"""question → passages of what is in the vector store, with the models and the store of a process."""

from collections.abc import Sequence

from esg import retrieve
from esg.domain import Hit
from esg.resources import Resources


def find(
    query: str,
    resources: Resources,
    *,
    documents: Sequence[str] | None,
    k: int,
    careful: bool = False,
    meaning: str = "",
) -> list[Hit]:
    """The k best, see `retrieve.find`. `documents` None searches all, whosever they are."""
    return retrieve.find(
        query,
        careful=careful,
        meaning=meaning,
        store=resources.store,
        embedder=resources.embedder,
        documents=documents,
        k=k,
        reranker=resources.reranker,
    )

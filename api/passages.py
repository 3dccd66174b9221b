"""question → passages of the documents that a caller may see."""

from collections.abc import Sequence

from api.deps import House
from esg import retrieve
from esg.domain import Hit


def find(
    house: House, query: str, *, documents: Sequence[str] | None, k: int, careful: bool, meaning: str = ""
) -> list[Hit]:
    """The k best, as `esg search` finds them. `documents` None searches all, whosever they are."""
    resources = house.resources
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

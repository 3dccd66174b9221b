"""hits → the same hits, put in order anew by a model that reads query and passage together."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from esg.domain import Hit
from esg.errors import Transient

log = logging.getLogger(__name__)

CANDIDATES = 50  # hits that such a model is shown


class Reranker(Protocol):
    """A cross-encoder (Nogueira and Cho 2019, arXiv:1901.04085)."""

    def scores(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        """Give how well each text answers the query; larger is better. Raises Transient when it is away."""


def reranked(query: str, hits: Sequence[Hit], *, reranker: Reranker) -> list[Hit]:
    """Order hits by their scores, equal ones as they were; as they were, too, when the reranker is away."""
    try:
        scores = reranker.scores(query, [hit.chunk.text for hit in hits]) if hits else []
    except Transient as error:  # a spent budget is one
        log.warning("search was not ranked again: %s", error.message)
        return list(hits)
    order = sorted(range(len(hits)), key=lambda place: (-scores[place], place))
    return [
        replace(hits[place], retrieval=hits[place].retrieval._replace(rank=rank))
        for rank, place in enumerate(order, 1)
    ]

"""Passages ranked by a cross-encoder that watsonx.ai serves."""

from collections.abc import Callable, Sequence

from esg.watsonx import Session


class WatsonxReranker:
    """Raises what the session raises; it is opened by the first query."""

    def __init__(self, session: Callable[[], Session], *, model: str) -> None:
        self._session = session
        self._model = model

    def scores(self, query: str, texts: Sequence[str]) -> Sequence[float]:
        return self._session().rerank(query, texts, model=self._model)

"""query or question -> hits in all documents, for a person who looks for something."""

from collections.abc import Sequence

import numpy as np

from esg.domain import Hit
from esg.embed import Embedder
from esg.embed.cosine import on_grid
from esg.index import VectorStore
from esg.retrieve.answer import answers
from esg.retrieve.bm25 import BM25
from esg.retrieve.fitting import embed_fitting
from esg.retrieve.fuse import hits
from esg.retrieve.question import Question
from esg.retrieve.rerank import CANDIDATES, Reranker, reranked

_CANDIDATES = 200  # of the nearest chunks, ranked anew with their words


def find(
    query: str,
    *,
    careful: bool = False,
    meaning: str = "",
    store: VectorStore,
    embedder: Embedder,
    documents: Sequence[str] | None = None,
    k: int,
    reranker: Reranker | None = None,
) -> list[Hit]:
    """Give the k best passages, by the chunks or, for `careful` or a `meaning`, by their sentences.

    A reranker is shown more of them, and puts them in order.
    """
    wanted = max(k, CANDIDATES) if reranker else k
    if careful or meaning:
        question = Question(query, meaning)
        found = ask(question, store=store, embedder=embedder, documents=documents, k=wanted)
    else:
        found = search(query, store=store, embedder=embedder, documents=documents, k=wanted)
    return reranked(query, found, reranker=reranker)[:k] if reranker else found


def search(
    query: str, *, store: VectorStore, embedder: Embedder, documents: Sequence[str] | None = None, k: int
) -> list[Hit]:
    """Give the k best chunks of some or all documents.

    The store finds the nearest; among these, terms weigh by how rare they are there, and both rankings are
    fused as within a document.
    """
    (vector,) = embed_fitting([query], embedder)
    found = store.search(vector, documents=documents, k=max(k, _CANDIDATES) if k > 0 else 0)
    chunks = [chunk for chunk, _ in found]
    lexical = BM25([chunk.text for chunk in chunks]).scores(query)
    return hits(chunks, np.array([[cosine for _, cosine in found]]), lexical[None, :], k=k)[0]


def ask(
    question: Question,
    *,
    store: VectorStore,
    embedder: Embedder,
    documents: Sequence[str] | None = None,
    k: int,
) -> list[Hit]:
    """Give the k chunks that answer a question best, as `Retriever.ask` does within a document."""
    (vector,) = embed_fitting([question.subject], embedder)
    found = store.search(vector, documents=documents, k=max(k, _CANDIDATES) if k > 0 else 0)
    if not found:
        return []
    chunks = [chunk for chunk, _ in found]
    dense = np.array([cosine for _, cosine in found])
    lexical = BM25([chunk.text for chunk in chunks]).scores(question.words)
    return answers(on_grid(vector[None, :]), chunks, dense=dense, lexical=lexical, embedder=embedder, k=k)

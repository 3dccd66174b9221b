"""queries -> hits: in one document for its score, in all of them for a search."""

from esg.retrieve.counts import VERSION, TermCounts, count
from esg.retrieve.question import Question
from esg.retrieve.rerank import Reranker
from esg.retrieve.retriever import Retriever
from esg.retrieve.search import ask, find, search
from esg.retrieve.terms import terms

__all__ = [
    "VERSION",
    "Question",
    "Reranker",
    "Retriever",
    "TermCounts",
    "ask",
    "count",
    "find",
    "search",
    "terms",
]

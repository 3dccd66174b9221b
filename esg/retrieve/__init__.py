"""queries -> hits: in one document for its score, in all of them for a search."""

from esg.retrieve.question import Question
from esg.retrieve.retriever import Retriever
from esg.retrieve.search import ask, find, search

__all__ = ["Question", "Retriever", "ask", "find", "search"]

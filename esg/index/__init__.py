"""vectors -> neighbours. The stores are imported by name (`esg.index.duckdb`): each brings its own engine."""

from esg.index.base import Found, VectorStore

__all__ = ["Found", "VectorStore"]

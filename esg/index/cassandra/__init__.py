"""Vectors in Cassandra 5 or Astra: exact in the documents that are named, by an index over all of them.

`address` is without the driver; `store` and what it uses bring it.
"""

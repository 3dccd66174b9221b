"""Ask for what `system_schema` lists: a node learns of it a moment later, or never.

Cassandra 5 writes a table or keyspace into `system_schema`, flushes that, and only then knows it. A node that
is killed before the flush loads its schema without it, and lists it, from its commit log: make it again.
"""

import time
from typing import Any

from cassandra import InvalidRequest
from cassandra.cluster import ResultSet, Session
from cassandra.protocol import ServerError

SETTLING_SECONDS = 10  # how long the driver, too, waits for nodes to learn of a table
_POLL_SECONDS = 0.25


def ask(session: Session, query: str, *values: Any) -> ResultSet:
    """Give the answer, waiting for nodes to learn of what is asked; raises InvalidRequest if they do not."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        try:
            return session.execute(query, values)
        except (InvalidRequest, ServerError) as error:
            if time.monotonic() > deadline or not _may_pass(error):
                raise
        time.sleep(_POLL_SECONDS)


def _may_pass(error: Exception) -> bool:
    """Whether a node does not know it, or knows it already and has not opened it yet."""
    return isinstance(error, InvalidRequest) or "Unknown CF" in str(error)


def is_known(session: Session, query: str) -> bool:
    """Whether nodes know what is listed and the query asks for."""
    try:
        ask(session, query)
    except InvalidRequest:
        return False
    return True

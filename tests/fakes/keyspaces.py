"""Keyspaces on the Cassandra that STACK_CASSANDRA names; where there is none, nothing happens here."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from esg.resources import cassandra_address
from esg.settings import Settings

_USER = "cassandra"


def is_there() -> bool:
    return "STACK_CASSANDRA" in os.environ


def settings(keyspace: str) -> dict[str, Any]:
    """Give the settings that lead to a keyspace, which is made when it is first used."""
    if not is_there():
        return {}
    host, _, port = os.environ["STACK_CASSANDRA"].rpartition(":")
    return {
        "cassandra_hosts": host,
        "cassandra_port": int(port),
        "cassandra_keyspace": keyspace,
        "cassandra_replicas": 1,
        "cassandra_user": _USER,
        "cassandra_password": _USER,
    }


@contextmanager
def temporary() -> Iterator[str]:
    """Give the name of a keyspace that is dropped in the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield name
    if is_there():
        _execute(Settings(**settings(name)), f'DROP KEYSPACE IF EXISTS "{name}"')


def empty(of: Settings) -> None:
    """Remove all rows, and leave the tables."""
    if not is_there():
        return
    query = f"SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{of.cassandra_keyspace}'"
    for row in _execute(of, query):
        if row.table_name == "documents" or row.table_name.startswith("vectors_"):
            _execute(of, f'TRUNCATE "{of.cassandra_keyspace}".{row.table_name}')


def _execute(of: Settings, statement: str) -> list[Any]:
    from esg.index.cassandra import connect

    return list(connect.keyspace(cassandra_address(of)).session.execute(statement, timeout=60))

"""Keyspaces on the Cassandra that STACK_CASSANDRA names; where there is none, nothing happens here."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from esg.resources import cassandra_address
from esg.settings import Settings

_USER = "cassandra"
_PATIENCE_SECONDS = 240.0  # a busy machine is slow, not wrong


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


def variables(keyspace: str) -> dict[str, str]:
    """Give the same as a process's environment."""
    given = {f"ESG_{name.upper()}": str(value) for name, value in settings(keyspace).items()}
    return {"ESG_VECTOR_STORE": "cassandra", **given}


@contextmanager
def temporary() -> Iterator[str]:
    """Give the name of a keyspace that is dropped in the end."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield name
    if is_there():
        execute(name, f"DROP KEYSPACE IF EXISTS {name}")


def empty(keyspace: str) -> None:
    """Remove all rows, and leave the tables."""
    if is_there():
        for name in tables(keyspace):
            if name == "documents" or name.startswith("vectors_"):
                execute(keyspace, f"TRUNCATE {keyspace}.{name}")


def tables(keyspace: str) -> list[str]:
    query = f"SELECT table_name FROM system_schema.tables WHERE keyspace_name = '{keyspace}'"
    return [row.table_name for row in execute(keyspace, query)]


def execute(keyspace: str, statement: str) -> list[Any]:
    from esg.index.cassandra import connect

    address = cassandra_address(Settings(**settings(keyspace), cassandra_timeout_seconds=60))
    return list(connect.keyspace(address).session.execute(statement, timeout=_PATIENCE_SECONDS))

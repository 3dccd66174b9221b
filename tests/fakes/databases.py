"""Databases of the stack's PostgreSQL, each for one test or module alone."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


@contextmanager
def temporary() -> Iterator[str]:
    """Give the URL of an empty database that is dropped in the end, whoever is still connected."""
    url, name = os.environ["STACK_POSTGRES"], f"esg_{uuid.uuid4().hex}"
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{url.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def own_redis() -> str:
    """Give the stack's Redis, in a database that the other processes of this test run do not use."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return f"{os.environ['STACK_REDIS'].rpartition('/')[0]}/{1 + int(worker)}"

"""A Cassandra that is killed in the middle: errors are quick and pass, and nothing half-written is seen."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from esg import errors
from esg.index.cassandra import connect
from esg.index.cassandra.address import Address
from esg.index.cassandra.store import CassandraStore
from tests.fakes import keyspaces
from tests.servers import cassandra
from tests.stack.test_cassandra_documents import A, B, content

TIMEOUT_SECONDS = 10.0
SIZES = (150, 90, 200)
PATIENCE_SECONDS = 240.0
Value = TypeVar("Value")

pytestmark = [
    pytest.mark.skipif(not keyspaces.is_there(), reason="needs STACK_CASSANDRA"),
    pytest.mark.timeout(900),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[cassandra.Cassandra]:
    """Give a Cassandra of one's own, since it is killed."""
    with cassandra.server(tmp_path / "cassandra") as running:
        yield running


def open_store(server: cassandra.Cassandra, keyspace: str) -> CassandraStore:
    address = Address(
        keyspace=keyspace,
        hosts=("127.0.0.1",),
        port=server.port,
        user=cassandra.USER,
        password=cassandra.PASSWORD,
        replicas=1,
        timeout_seconds=TIMEOUT_SECONDS,
    )
    return CassandraStore(address, embedder_id="letters")


def test_a_node_that_dies_loses_nothing_hangs_nobody_and_gets_the_tables_it_was_making(
    server: cassandra.Cassandra,
) -> None:
    store, cut_off = open_store(server, "down"), open_store(server, "cut_off")
    until(lambda: store.upsert(A, *content(A, SIZES[0])))
    writer = Writer(store)
    writer.start()
    assert writer.has_begun.wait(PATIENCE_SECONDS)
    first = Writer(cut_off)
    first.start()
    until_listed(store, "cut_off", "locks")
    server.kill()
    for thread in (writer, first):
        thread.join(PATIENCE_SECONDS)

    assert isinstance(first.error, errors.Unavailable), first.error
    assert isinstance(writer.error, errors.Unavailable), writer.error
    assert time.monotonic() - writer.last_began < 4 * TIMEOUT_SECONDS
    for ask in _questions(store):
        began = time.monotonic()
        with pytest.raises(errors.Unavailable, match="did not answer"):
            ask()
        assert time.monotonic() - began < 2 * TIMEOUT_SECONDS

    server.start()
    chunks, vectors = until(lambda: store.load(A))  # in the same process, on the same session
    assert (chunks, vectors.tobytes()) == _bytes(content(A, SIZES[0]))
    found = _whole_or_nothing(store)
    assert found in (0, *SIZES)
    assert store.size() == SIZES[0] + found

    store.upsert(B, *content(B, SIZES[1]))
    assert _whole_or_nothing(store) == SIZES[1]
    assert store.search(content(B, SIZES[1])[1][7], k=1)[0][0] == content(B, SIZES[1])[0][7]

    until_listed(store, "cut_off", "locks")  # which it does not know, unless it was killed late
    until(lambda: cut_off.upsert(B, *content(B, SIZES[1])))
    assert _whole_or_nothing(cut_off) == SIZES[1]


class Writer(threading.Thread):
    """Writes a document again and again until it cannot."""

    def __init__(self, store: CassandraStore) -> None:
        super().__init__(daemon=True)
        self.store, self.error, self.last_began = store, None, 0.0
        self.error: Exception | None
        self.has_begun = threading.Event()

    def run(self) -> None:
        for i in range(100_000):
            self.last_began = time.monotonic()
            try:
                self.store.upsert(B, *content(B, SIZES[i % len(SIZES)]))
            except Exception as error:  # the test says which it must be
                self.error = error
                return
            if i == 1:
                self.has_begun.set()


def _questions(store: CassandraStore) -> list[Callable[[], object]]:
    query = content(A, 1)[1][0]
    return [
        store.size,
        lambda: store.load(A),
        lambda: store.search(query, k=3),
        lambda: store.search(query, documents=[A], k=3),
        lambda: store.upsert(B, *content(B, 3)),
        lambda: store.delete(A),
    ]


def until_listed(store: CassandraStore, keyspace: str, table: str) -> None:
    query = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s AND table_name = %s"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not execute(store, query, keyspace, table):
        assert time.monotonic() < deadline, f"{keyspace}.{table} is never listed"


def execute(store: CassandraStore, query: str, *values: str) -> list[object]:
    return list(connect.keyspace(store._address).session.execute(query, values))


def _whole_or_nothing(store: CassandraStore) -> int:
    """Count the chunks of B and insist that they are those of one upsert, however they are read."""
    try:
        chunks, vectors = store.load(B)
    except errors.NotFound:
        return 0
    assert (chunks, vectors.tobytes()) == _bytes(content(B, len(chunks)))
    found = store.search(vectors[0], documents=[B], k=1000)
    assert {chunk.id for chunk, _ in found} == {chunk.id for chunk in chunks}
    return len(chunks)


def _bytes(made: tuple[object, object]) -> tuple[object, bytes]:
    chunks, vectors = made
    return chunks, vectors.tobytes()  # type: ignore[attr-defined]


def until(ask: Callable[[], Value]) -> Value:
    """Ask until it answers, as a task is tried again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except errors.Unavailable:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)

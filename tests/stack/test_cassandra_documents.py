"""Documents stay whole in a real Cassandra: many processes start, write, read, fork and die at once."""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import numpy as np
import pytest
from cassandra import InvalidRequest
from cassandra.util import uuid_from_time

from esg import errors
from esg.domain import Chunk, ChunkKind, Span, Vectors, chunk_id
from esg.embed.unit import unit
from esg.index.cassandra import connect, store
from esg.index.cassandra.migrate import Migration, migrate, migrations
from esg.index.cassandra.store import CassandraStore
from esg.resources import cassandra_address
from esg.settings import Settings
from tests.fakes import keyspaces

A, B = "a" * 64, "b" * 64
SIZES = (45, 20)  # chunks of a document that is rewritten again and again; more than a batch, and less
PATIENCE_SECONDS = 240.0

pytestmark = [
    pytest.mark.skipif(not keyspaces.is_there(), reason="needs STACK_CASSANDRA"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


@pytest.fixture
def keyspace() -> Iterator[str]:
    with keyspaces.temporary() as name:
        yield name


def open_store(keyspace: str) -> CassandraStore:
    settings = Settings(**keyspaces.settings(keyspace), cassandra_timeout_seconds=60)
    return CassandraStore(cassandra_address(settings), embedder_id="letters")


def content(document_id: str, count: int) -> tuple[list[Chunk], Vectors]:
    chunks = []
    for i in range(count):
        spans = (Span(1, i, i + count),)
        text = f"{count} of {i}"
        name = chunk_id(document_id, spans, text)
        chunks.append(Chunk(name, document_id, spans, text, 3, "", ChunkKind.PROSE))
    return chunks, unit(np.random.default_rng(count).normal(size=(count, 16)))


def generations(of: CassandraStore, document_id: str) -> int:
    rows = of._tables.rows()
    assert rows is not None
    return len(rows.generations(document_id))


def _start(keyspace: str, document_id: str) -> None:
    open_store(keyspace).upsert(document_id, *content(document_id, 5))


def test_workers_that_start_at_once_make_the_tables_once(keyspace: str) -> None:
    connect.keyspace(open_store(keyspace)._address)  # the keyspace itself is there before a fleet is
    spawn = multiprocessing.get_context("spawn")
    names = [digit * 64 for digit in "abcd"]
    workers = [spawn.Process(target=_start, args=(keyspace, name)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE_SECONDS)

    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    assert open_store(keyspace).size() == 20


def _rewrite(keyspace: str, rounds: int) -> None:
    writer = open_store(keyspace)
    for i in range(rounds):
        writer.upsert(A, *content(A, SIZES[i % 2]))


def test_readers_see_whole_documents_while_they_are_rewritten(keyspace: str) -> None:
    reader = open_store(keyspace)
    reader.upsert(A, *content(A, SIZES[1]))
    query = content(A, 1)[1][0]
    whole = [sorted(chunk.id for chunk in content(A, size)[0]) for size in SIZES]
    writer = multiprocessing.get_context("spawn").Process(target=_rewrite, args=(keyspace, 20))
    writer.start()

    reads = 0
    while writer.is_alive():
        chunks, vectors = reader.load(A)
        assert (chunks, vectors.tobytes()) in [(c, v.tobytes()) for c, v in map(_content_of_a, SIZES)]
        for documents in (None, [A]):
            found = reader.search(query, documents=documents, k=100)
            assert sorted(chunk.id for chunk, _ in found) in whole
        reads += 1
    writer.join()

    assert (writer.exitcode, generations(reader, A)) == (0, 1)
    assert reads > 1


def _content_of_a(size: int) -> tuple[list[Chunk], Vectors]:
    return content(A, size)


def test_writers_of_one_document_leave_one_of_theirs(keyspace: str) -> None:
    shared = open_store(keyspace)
    shared.upsert(A, *content(A, 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: shared.upsert(A, *content(A, 10 + i)), range(8)))

    chunks, _ = shared.load(A)
    assert chunks == content(A, len(chunks))[0]
    assert (shared.size(), generations(shared, A)) == (len(chunks), 1)


def test_what_a_writer_left_is_not_read_and_in_the_end_removed(
    keyspace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = open_store(keyspace)
    shared.upsert(A, *content(A, 4))
    rows = shared._tables.made_for(16)
    rows.write(A, uuid_from_time(time.time()), *content(A, 9))  # and there its worker ends

    assert len(shared.search(content(A, 9)[1][0], k=50)) == 4
    assert (shared.size(), generations(shared, A)) == (4, 2)
    shared.upsert(A, *content(A, 4))
    assert generations(shared, A) == 2, "a writer may still be at it"
    monkeypatch.setattr(store, "ABANDONED_SECONDS", 0.0)
    shared._clean(A, None)
    assert generations(shared, A) == 1


def test_a_vector_that_is_not_finite_is_not_sent(keyspace: str) -> None:
    chunks, vectors = content(A, 3)
    vectors[1, 1] = np.nan

    with pytest.raises(ValueError, match="not finite"):
        open_store(keyspace).upsert(A, chunks, vectors)


def _ask(inherited: CassandraStore | str, answers: Connection) -> None:
    asked = open_store(inherited) if isinstance(inherited, str) else inherited
    answers.send([chunk.id for chunk, _ in asked.search(content(A, 5)[1][2], k=3)])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_child_uses_a_session_of_its_own(keyspace: str, method: str) -> None:
    parent = open_store(keyspace)
    parent.upsert(A, *content(A, 5))
    expected = [chunk.id for chunk, _ in parent.search(content(A, 5)[1][2], k=3)]
    context = multiprocessing.get_context(method)
    receiver, sender = context.Pipe(duplex=False)

    child = context.Process(target=_ask, args=(parent if method == "fork" else keyspace, sender))
    child.start()

    assert receiver.poll(PATIENCE_SECONDS), "the child hangs"
    assert receiver.recv() == expected
    child.join(PATIENCE_SECONDS)
    assert child.exitcode == 0
    assert [chunk.id for chunk, _ in parent.search(content(A, 5)[1][2], k=3)] == expected


def test_a_lost_table_is_named_and_filled_again(keyspace: str) -> None:
    open_store(keyspace).upsert(A, *content(A, 5))
    (name,) = [n for n in keyspaces.tables(keyspace) if n.startswith("vectors_")]
    keyspaces.execute(keyspace, f"DROP TABLE {keyspace}.{name}")

    with pytest.raises(errors.Misconfigured, match=f"has lost its table {name}.*esg index"):
        open_store(keyspace).search(content(A, 1)[1][0], k=1)
    open_store(keyspace).upsert(A, *content(A, 5))
    assert len(open_store(keyspace).search(content(A, 5)[1][0], k=9)) == 5


def test_a_lost_table_whose_remaking_was_cut_off_is_made_whole(keyspace: str) -> None:
    open_store(keyspace).upsert(A, *content(A, 5))
    (name,) = [n for n in keyspaces.tables(keyspace) if n.startswith("vectors_")]
    keyspaces.execute(keyspace, f"DROP TABLE {keyspace}.{name}")
    (made,) = migrations("embedder", keyspace=keyspace, vectors=name, dimensions="16")
    table, _ = made.statements
    cut_off = Migration(made.version, (table, f"INSERT INTO {keyspace}.nowhere (a) VALUES (1)"))

    with pytest.raises(InvalidRequest, match="nowhere"):
        migrate(connect.keyspace(open_store(keyspace)._address), name, [cut_off], is_lost=True)
    open_store(keyspace).upsert(A, *content(A, 5))
    assert len(open_store(keyspace).search(content(A, 5)[1][0], k=9)) == 5

"""What the Cassandra store decides without a Cassandra: scripts, bytes, retries, errors, bundles."""

import json
import re
import ssl
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import trustme
from cassandra import (
    AuthenticationFailed,
    InvalidRequest,
    OperationTimedOut,
    Unauthorized,
    UnresolvableContactPoints,
    WriteType,
)
from cassandra.cluster import NoHostAvailable
from cassandra.cqltypes import lookup_casstype
from cassandra.policies import RetryPolicy
from cassandra.protocol import ServerError

from esg import errors
from esg.domain import Chunk, ChunkKind, Span
from esg.index.cassandra import codec, connect, schema
from esg.index.cassandra.address import Address, Astra
from esg.index.cassandra.bundle import cloud
from esg.index.cassandra.connect import Keyspace
from esg.index.cassandra.errors import translated
from esg.index.cassandra.migrate import keep_books, migrations
from esg.index.cassandra.retrying import MOST_RETRIES, IdempotentRetries
from esg.index.cassandra.scripts import queries

CHUNK = Chunk("c" * 16, "d" * 64, (Span(1, 2, 3),), "A – text; with all.", 5, "", ChunkKind.PROSE)

# -- scripts


def test_a_migration_is_parted_into_statements_without_comments() -> None:
    (first,) = migrations("embedder", keyspace='"k"', vectors="vectors_1", dimensions="8")

    table, index = first.statements
    assert first.version == 1
    assert table.startswith('CREATE TABLE IF NOT EXISTS "k".vectors_1 (')
    assert "vector<float, 8>" in table
    assert "--" not in table
    assert "'similarity_function': 'cosine'" in index


def test_every_statement_of_a_migration_may_be_done_twice() -> None:
    both = [
        migrations("keyspace", keyspace="k"),
        migrations("embedder", keyspace="k", vectors="v", dimensions="8"),
    ]

    assert all("IF NOT EXISTS" in s for found in both for migration in found for s in migration.statements)


def test_queries_go_by_the_name_above_them() -> None:
    found = queries("rows.cql", table="k.v")

    assert set(found) == {"insert", "read", "count", "nearest", "generations", "remove"}
    assert found["nearest"].endswith("ORDER BY vector ANN OF ? LIMIT ?")


# -- bytes


def test_vectors_are_the_bytes_that_the_drivers_own_code_makes() -> None:
    own = lookup_casstype(
        "org.apache.cassandra.db.marshal.VectorType(org.apache.cassandra.db.marshal.FloatType,3)"
    )
    stock = codec.VectorType.__mro__[1].apply_parameters(["FloatType", 3], None)
    vector = np.array([0.1, -2.5, 1e-30], np.float32)

    data = own.serialize(vector, 4)

    assert issubclass(own, codec.VectorType)
    assert data == stock.serialize(vector.tolist(), 4)
    assert own.deserialize(data, 4).tobytes() == vector.tobytes()
    with pytest.raises(ValueError, match="size 3"):
        own.serialize(vector[:2], 4)


def _read(values: tuple[object, ...]) -> SimpleNamespace:
    names = ("id", "spans", "text", "tokens", "section", "kind", "vector")
    return SimpleNamespace(document=CHUNK.document_id, **dict(zip(names, values, strict=True)))


def test_a_chunk_comes_back_and_a_zero_vector_is_never_sent() -> None:
    one = _read(codec.to_row(CHUNK, np.ones(2, np.float32)))
    none = _read(codec.to_row(CHUNK, np.zeros(2, np.float32)))

    assert codec.to_chunk(one) == CHUNK
    assert none.vector is None
    assert codec.to_vectors([one, none], dimensions=2).tolist() == [[1, 1], [0, 0]]


# -- a node that was killed while it made something


class _Node:
    """A session of a node that lists all there is to be, and knows what was made since it is back."""

    def __init__(self) -> None:
        self.known: list[str] = []
        named = SimpleNamespace(keyspaces={"k": None}, all_hosts=lambda: [SimpleNamespace(datacenter="dc")])
        self.cluster = SimpleNamespace(metadata=named, connect=lambda: self, shutdown=lambda: None)

    def execute(self, query: str, *_: object, **__: object) -> list[SimpleNamespace]:
        if "FROM system_schema.tables" in query:
            return [SimpleNamespace(table_name=name) for name in ("migrations", "locks")]
        if made := re.match(r"CREATE (?:TABLE|KEYSPACE) IF NOT EXISTS (\S+)", query):
            self.known.append(made[1])
        elif (asked := re.search(r'"k"\S*', query)) and asked[0] not in self.known:
            raise InvalidRequest(f"{asked[0]} does not exist")
        return []


@pytest.fixture
def node(monkeypatch: pytest.MonkeyPatch) -> _Node:
    monkeypatch.setattr(schema, "SETTLING_SECONDS", 0)
    return _Node()


def test_tables_that_are_listed_and_not_known_are_made_again_once(node: _Node) -> None:
    for _ in range(2):
        keep_books(Keyspace(node, "k"))

    assert node.known == ['"k".migrations', '"k".locks']


def _answering(*answers: list[str] | Exception) -> SimpleNamespace:
    left = iter(answers)

    def execute(*_: object) -> list[str]:
        answer = next(left)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return SimpleNamespace(execute=execute)


def test_a_table_that_a_node_is_about_to_know_is_waited_for() -> None:
    unknown, unopened = InvalidRequest("table t does not exist"), ServerError(0, "Unknown CF 1", {})

    assert schema.ask(_answering(unknown, unopened, ["row"]), "SELECT") == ["row"]
    with pytest.raises(ServerError, match="broken"):
        schema.ask(_answering(ServerError(0, "broken", {}), ["row"]), "SELECT")


def test_a_keyspace_that_is_listed_and_not_known_is_made_again_if_it_may_be(
    node: _Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "_slots", {})
    monkeypatch.setattr(connect, "Cluster", lambda **_: node.cluster)

    connect.keyspace(Address("k", hosts=("node1",)))
    assert node.known == []
    connect.keyspace(Address("k", hosts=("node1",), replicas=1))
    connect.keyspace(Address("k", hosts=("node2",), replicas=1))
    assert node.known == ['"k"']


# -- retries


@pytest.mark.parametrize(
    ("write_type", "is_idempotent", "retry_num", "expected"),
    [
        (WriteType.UNLOGGED_BATCH, True, 0, RetryPolicy.RETRY),
        (WriteType.UNLOGGED_BATCH, True, MOST_RETRIES, RetryPolicy.RETHROW),
        (WriteType.SIMPLE, False, 0, RetryPolicy.RETHROW),
        (WriteType.CAS, True, 0, RetryPolicy.RETHROW),
    ],
)
def test_a_write_is_repeated_only_if_it_may_be_done_twice(
    write_type: int, is_idempotent: bool, retry_num: int, expected: int
) -> None:
    statement = SimpleNamespace(is_idempotent=is_idempotent)

    decided = IdempotentRetries().on_write_timeout(
        statement, write_type=write_type, retry_num=retry_num, consistency=6
    )

    assert decided == (expected, None)  # None: at the same consistency


def test_a_node_that_fails_is_replaced_by_the_next_unless_the_outcome_is_open() -> None:
    retries, error = IdempotentRetries(), Exception()
    twice, once = SimpleNamespace(is_idempotent=True), SimpleNamespace(is_idempotent=False)

    assert retries.on_request_error(twice, 6, error=error, retry_num=0)[0] == RetryPolicy.RETRY_NEXT_HOST
    assert retries.on_request_error(once, 6, error=error, retry_num=0)[0] == RetryPolicy.RETHROW
    assert retries.on_unavailable(once, retry_num=0)[0] == RetryPolicy.RETRY_NEXT_HOST
    assert retries.on_read_timeout(once, retry_num=MOST_RETRIES)[0] == RetryPolicy.RETHROW


# -- errors


def _nowhere(cause: Exception) -> NoHostAvailable:
    return NoHostAvailable("Unable to connect to any servers", {"127.0.0.1:9042": cause})


WRONG = errors.Misconfigured


@pytest.mark.parametrize(
    ("raised", "kind", "said"),
    [
        (OperationTimedOut(), errors.Transient, "did not answer"),
        (_nowhere(ConnectionRefusedError(111, "refused")), errors.Transient, "refused"),
        (_nowhere(AuthenticationFailed("no")), WRONG, "ESG_CASSANDRA_PASSWORD"),
        (_nowhere(PermissionError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] expired")), WRONG, "ESG_CASSANDRA_CA"),
        (Unauthorized("User x has no SELECT"), WRONG, "Grant"),
        (UnresolvableContactPoints({}), WRONG, "ESG_CASSANDRA_HOSTS"),
        (InvalidRequest('code=2200 message="table vectors_1 does not exist"'), WRONG, "esg index"),
    ],
)
def test_what_the_driver_raises_says_what_to_do(
    raised: Exception, kind: type[errors.EsgError], said: str
) -> None:
    with pytest.raises(kind, match=said), translated():
        raise raised


def test_a_wrong_statement_stays_a_bug() -> None:
    with pytest.raises(InvalidRequest), translated():
        raise InvalidRequest("Undefined column name")


# -- Astra


def _bundle(path: Path, *, host: str = "id-region.db.example.com", without: str = "") -> Path:
    authority = trustme.CA()
    certificate = authority.issue_cert("client")
    files: dict[str, bytes] = {
        "config.json": json.dumps({"host": host, "port": 29080}).encode(),
        "ca.crt": authority.cert_pem.bytes(),
        "cert": certificate.cert_chain_pems[0].bytes(),
        "key": certificate.private_key_pem.bytes(),
    }
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in files.items():
            if name != without:
                packed.writestr(name, data)
    return path


def test_a_bundle_gives_a_context_that_checks_the_servers(tmp_path: Path) -> None:
    found = cloud(Astra(_bundle(tmp_path / "b.zip"), "t", "id", "region"), timeout_seconds=3)

    assert found["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert found["use_default_tempdir"] is True


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda p: p, "There is no secure connect bundle"),
        (lambda p: p.write_bytes(b"not a zip") and p, "not a zip file"),
        (lambda p: _bundle(p, without="ca.crt"), "ca.crt|No such file"),
        (lambda p: _bundle(p, without="config.json"), "config.json"),
        (lambda p: _bundle(p, host="other-region.db.example.com"), "other-region"),
    ],
)
def test_a_bundle_that_cannot_be_used_says_where_to_get_one(made: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(errors.Misconfigured, match=said) as raised:
        cloud(Astra(made(tmp_path / "b.zip"), "t", "id", "region"), timeout_seconds=3)

    assert "ASTRA_DB_SECURE_BUNDLE_PATH" in raised.value.next_step


def test_an_address_keeps_its_secrets_to_itself() -> None:
    address = Address("k", password="secret-1", astra=Astra(Path("b.zip"), "secret-2"))

    assert "secret" not in repr(address)

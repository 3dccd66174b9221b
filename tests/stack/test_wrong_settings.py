"""`esg doctor` over production settings, one of them wrong: it names the part, the cause and what to do."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esg.cli.doctor import Finding, examine
from esg.resources import STORES, Resources, open_watsonx
from esg.settings import Settings
from tests.fakes import catalogs, keyspaces, stores
from tests.servers.watsonx_peer import serving
from tests.stack.test_cassandra_documents import A, content
from tests.stack.test_production import NEEDED

Variables = Mapping[str, str]
Find = Callable[[str, Callable[[Variables], Variables]], Finding]
CLOSED = "127.0.0.1:1"  # a port that nobody listens on

pytestmark = [
    pytest.mark.skipif(any(name not in os.environ for name in NEEDED), reason="needs `make test-stack`"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def keyspace() -> Iterator[str]:
    with keyspaces.temporary() as name:
        yield name


@pytest.fixture(scope="module")
def right(keyspace: str, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Variables]:
    """Give what leads to the server of each part, and nothing wrong with it."""
    home = tmp_path_factory.mktemp("home")
    return {
        "broker": {"ESG_BROKER_URL": os.environ["STACK_REDIS"], "ESG_HOME": str(home)},
        "database": {"ESG_DATABASE_URL": os.environ["STACK_POSTGRES"]},
        "lake": {"ESG_LAKE_URL": stores.s3_url()},
        "gold": catalogs.catalog("seaweedfs", home),
        "vector store": keyspaces.variables(keyspace),
        "watsonx.ai": json.loads(os.environ["STACK_WATSONX"]) | {"ESG_EMBEDDER": "watsonx"},
    }


def changed(variable: str, old: str, new: str) -> Callable[[Variables], Variables]:
    """Change the last such part of a setting that is right."""
    return lambda right: {variable: new.join(right[variable].rsplit(old, 1))}


def closed(variable: str) -> Callable[[Variables], Variables]:
    """Lead a URL to a closed port."""

    def to_closed(right: Variables) -> Variables:
        head, _, tail = right[variable].rpartition("@")
        return {variable: f"{head}@{CLOSED}/{tail.partition('/')[2]}"}

    return to_closed


def fixed(**variables: str) -> Callable[[Variables], Variables]:
    return lambda _: variables


WRONG: Mapping[str, tuple[Callable[[Variables], Variables], str, str, str]] = {
    # what is wrong: the change, the part that tells of it, words of the cause, words of the next step
    "bad key": (fixed(IBM_WATSONX_API_KEY="wrong"), "watsonx.ai", "API key", "IBM_WATSONX_API_KEY"),
    "bad project": (fixed(IBM_WATSONX_PROJECT_ID="x"), "watsonx.ai", "project", "IBM_WATSONX_PROJECT_ID"),
    "wrong dimension": (
        fixed(ESG_WATSONX_EMBEDDING_DIMENSIONS="768"),
        "watsonx.ai",
        "384 dimensions, not 768",
        "ESG_WATSONX_EMBEDDING_DIMENSIONS",
    ),
    "database: closed port": (closed("ESG_DATABASE_URL"), "database", "refused", "the port"),
    "database: bad password": (
        changed("ESG_DATABASE_URL", "esg-stack", "wrong"),
        "database",
        "password",
        "password in ESG_DATABASE_URL",
    ),
    "database: missing": (
        changed("ESG_DATABASE_URL", "/postgres", "/nowhere"),
        "database",
        "does not exist",
        "CREATE DATABASE",
    ),
    "broker: closed port": (closed("ESG_BROKER_URL"), "broker", "refused", "the port in ESG_BROKER_URL"),
    "broker: bad password": (
        changed("ESG_BROKER_URL", "esg-stack", "wrong"),
        "broker",
        "invalid username-password",
        "password in ESG_BROKER_URL",
    ),
    "vectors: closed port": (
        fixed(ESG_CASSANDRA_PORT="1"),
        "vector store",
        "refused",
        "ESG_CASSANDRA_PORT",
    ),
    "vectors: bad password": (
        fixed(ESG_CASSANDRA_PASSWORD="wrong"),
        "vector store",
        "login",
        "ESG_CASSANDRA_PASSWORD",
    ),
    "vectors: missing keyspace": (
        fixed(ESG_CASSANDRA_KEYSPACE="nowhere", ESG_CASSANDRA_REPLICAS="0"),
        "vector store",
        "no keyspace",
        "ESG_CASSANDRA_REPLICAS",
    ),
    "lake: missing bucket": (
        lambda right: {"ESG_LAKE_URL": stores.s3_url(bucket="nobodys-bucket")},
        "lake",
        "nobodys-bucket",
        "bucket",
    ),
    "lake: bad secret": (fixed(AWS_SECRET_ACCESS_KEY="wrong"), "lake", "may not be", "AWS_ACCESS_KEY_ID"),
    "gold: missing table": (fixed(ESG_ICEBERG_NAMESPACE="nobodys"), "gold", "nobodys", "etl.gold"),
    "gold: bad credential": (
        fixed(ESG_ICEBERG_CREDENTIAL="nobody:wrong"),
        "gold",
        "",
        "ESG_ICEBERG_CREDENTIAL",
    ),
    "gold: closed port": (fixed(ESG_ICEBERG_URI=f"http://{CLOSED}"), "gold", "", "ESG_ICEBERG_URI"),
}


@pytest.fixture
def find(right: Mapping[str, Variables], monkeypatch: pytest.MonkeyPatch) -> Iterator[Find]:
    """Examine as a process would that has a part's settings, one of them changed; give what it found."""

    def found(part: str, change: Callable[[Variables], Variables]) -> Finding:
        open_watsonx.cache_clear()
        for name, value in {**right["broker"], **right[part], **change(right[part])}.items():
            monkeypatch.setenv(name, value)
        return next(finding for finding in examine(Settings()) if finding.part == part)

    yield found
    open_watsonx.cache_clear()


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_found_with_what_to_do(what: str, find: Find) -> None:
    change, part, cause, next_step = WRONG[what]

    found = find(part, change)

    assert not found.ok
    assert cause in found.detail, found
    assert next_step in found.next_step, found
    assert "Traceback" not in found.detail + found.next_step
    assert "esg-stack" not in found.detail + found.next_step, "a secret"


def test_a_bad_bundle_is_found(find: Find, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(b"half a download")
    astra = {"ASTRA_DB_APPLICATION_TOKEN": "AstraCS:x", "ASTRA_DB_SECURE_BUNDLE_PATH": str(bundle)}

    found = find("vector store", fixed(**astra))

    assert not found.ok
    assert "ASTRA_DB_SECURE_BUNDLE_PATH" in found.next_step


def test_an_expired_certificate_is_found(find: Find, tmp_path: Path) -> None:
    with serving(tmp_path, not_after=datetime.now(UTC) - timedelta(days=1)) as expired:
        found = find("watsonx.ai", fixed(**expired.environment()))

    assert not found.ok
    assert "expired" in found.detail
    assert "renew" in found.next_step


def test_vectors_of_another_size_are_found(keyspace: str, find: Find) -> None:
    settings = Settings(**keyspaces.settings(keyspace), cassandra_timeout_seconds=60)
    embedder = Resources(settings).embedder.id
    STORES["cassandra"](settings, embedder_id=embedder).upsert(A, *content(A, 2))

    found = find("vector store", fixed())

    assert not found.ok
    assert "dimensions" in found.detail
    assert "esg index" in found.next_step


@pytest.mark.parametrize("part", ["broker", "lake", "watsonx.ai"])
def test_where_nothing_is_wrong_nothing_is_found(part: str, find: Find) -> None:
    found = find(part, fixed())

    assert found.ok, found

"""What is wrong with the settings of a real Cassandra is said, and what to do; TLS works."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trustme

from esg import broker, errors
from esg.cli.doctor import check_store, examined
from esg.index import VectorStore
from esg.resources import STORES, Resources
from esg.settings import Settings
from tests.fakes import keyspaces
from tests.fakes.terminal import esg
from tests.servers.astra import astra
from tests.servers.server import free_ports
from tests.stack.test_cassandra_documents import A, content

TOKEN = "AstraCS:stack"

pytestmark = pytest.mark.skipif(not keyspaces.is_there(), reason="needs STACK_CASSANDRA")


@pytest.fixture(scope="module")
def keyspace() -> Iterator[str]:
    with keyspaces.temporary() as name:
        open_store(name).upsert(A, *content(A, 5))
        yield name


def open_store(keyspace: str, **changed: Any) -> VectorStore:
    settings = Settings(**{**keyspaces.settings(keyspace), "cassandra_timeout_seconds": 60, **changed})
    return STORES["cassandra"](settings, embedder_id="letters")


def _closed_port() -> dict[str, Any]:
    return {"cassandra_port": free_ports(1)[0]}


def _other_authority(tmp_path: Path) -> dict[str, Any]:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    return {"cassandra_ca": tmp_path / "other.pem"}


def _no_certificate(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "empty.pem").touch()
    return {"cassandra_ca": tmp_path / "empty.pem"}


def _bad_bundle(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "bundle.zip").write_bytes(b"half a download")
    return {"astra_token": "AstraCS:x", "astra_bundle": tmp_path / "bundle.zip"}


WRONG = {
    "closed port": (lambda _: _closed_port(), "refused", "ESG_CASSANDRA_PORT"),
    "unknown host": (lambda _: {"cassandra_hosts": "nowhere.invalid"}, "has an address", "Check the names"),
    "wrong password": (lambda _: {"cassandra_password": "x"}, "login", "ESG_CASSANDRA_PASSWORD"),
    "no login": (lambda _: {"cassandra_user": ""}, "login", "ESG_CASSANDRA_USER"),
    "missing keyspace": (
        lambda _: {"cassandra_keyspace": "nowhere", "cassandra_replicas": 0},
        "no keyspace nowhere",
        "ESG_CASSANDRA_REPLICAS",
    ),
    "not trusted": (_other_authority, "certificate", "ESG_CASSANDRA_CA"),
    "no certificate": (_no_certificate, "ESG_CASSANDRA_CA", "PEM"),
    "missing bundle": (
        lambda p: {"astra_token": "AstraCS:x", "astra_id": "1", "home": p},
        "no secure connect bundle .*secure-connect-1.zip",
        "ASTRA_DB_SECURE_BUNDLE_PATH",
    ),
    "broken bundle": (_bad_bundle, "cannot be used", "ASTRA_DB_SECURE_BUNDLE_PATH"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_setting_says_what_to_do(what: str, keyspace: str, tmp_path: Path) -> None:
    change, said, next_step = WRONG[what]

    with pytest.raises(errors.EsgError, match=said) as raised:
        open_store(keyspace, **change(tmp_path)).size()

    assert next_step in raised.value.next_step


def test_vectors_of_another_size_are_told_from_those_that_are_there(keyspace: str) -> None:
    other = np.ones((1, 24), np.float32)

    for ask in (
        lambda: open_store(keyspace).search(other[0], k=1),
        lambda: open_store(keyspace).upsert(A, content(A, 1)[0], other),
    ):
        with pytest.raises(
            errors.Misconfigured, match="have 16 dimensions, those of the embedder now have 24"
        ):
            ask()


def test_the_doctor_finds_the_wrong_size(keyspace: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, vector_store="cassandra", **keyspaces.settings(keyspace))
    opened = Resources(settings)
    of_another_size = STORES["cassandra"](settings, embedder_id=opened.embedder.id)
    of_another_size.upsert(A, *content(A, 2))

    finding = examined("vector store", lambda: check_store(opened), "")

    assert (finding.ok, "384" in finding.detail, "esg index" in finding.next_step) == (False, True, True)


def test_the_doctor_says_what_the_store_says(keyspace: str, tmp_path: Path) -> None:
    variables = keyspaces.variables(keyspace) | {"ESG_CASSANDRA_PASSWORD": "wrong"}

    findings = json.loads(esg(tmp_path, "doctor", "--json", code=1, **variables).stdout)
    broker.stop(Settings(home=tmp_path))  # the doctor starts one to ask it

    (store,) = [finding for finding in findings if finding["part"] == "vector store"]
    assert not store["ok"]
    assert "refuses the login" in store["detail"]
    assert "ESG_CASSANDRA_PASSWORD" in store["next_step"]


def test_a_connection_by_tls_answers(keyspace: str) -> None:
    authority = Path(os.environ["STACK_CASSANDRA_CA"])

    assert open_store(keyspace, cassandra_ca=authority).size() == 5


@pytest.fixture(scope="module")
def bundle(keyspace: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the bundle of an Astra whose database is the real Cassandra; TOKEN lets in."""
    login = f"PASSWORD = '{TOKEN}' AND LOGIN = true AND SUPERUSER = true"
    keyspaces.execute(keyspace, f'CREATE ROLE IF NOT EXISTS "token" WITH {login}')
    (node,) = keyspaces.execute(keyspace, "SELECT host_id, data_center FROM system.local")
    port = keyspaces.settings(keyspace)["cassandra_port"]
    folder = tmp_path_factory.mktemp("astra")
    with astra(folder, port=port, host_id=str(node.host_id), datacentre=node.data_center) as path:
        yield path


def test_astra_lets_in_by_bundle_and_token(keyspace: str, bundle: Path) -> None:
    store = open_store(keyspace, astra_token=TOKEN, astra_bundle=bundle, cassandra_hosts="nowhere.invalid")

    store.upsert(A, *content(A, 7))

    assert len(store.search(content(A, 7)[1][2], k=9)) == 7
    store.upsert(A, *content(A, 5))


def test_astra_refuses_a_wrong_token(keyspace: str, bundle: Path) -> None:
    with pytest.raises(errors.Misconfigured, match="ASTRA_DB_APPLICATION_TOKEN"):
        open_store(keyspace, astra_token="AstraCS:other", astra_bundle=bundle).size()


def test_a_bundle_of_a_database_that_is_gone_is_tried_again(keyspace: str, tmp_path: Path) -> None:
    with astra(tmp_path, port=1, host_id="0", datacentre="datacenter1") as path:
        pass  # hibernated, or deleted

    with pytest.raises(errors.Transient, match="metadata service"):
        open_store(keyspace, astra_token=TOKEN, astra_bundle=path).size()

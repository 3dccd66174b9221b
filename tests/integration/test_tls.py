"""Stores over TLS, by nothing but their settings: who cannot prove its name is told nothing, and no password.

S3 and Iceberg are PyArrow's and pyiceberg's, watsonx and Cassandra have tests of their own (threat-model.md).
"""

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis as redis_client
import sqlalchemy as sa
import trustme
from kombu.exceptions import OperationalError

from esg.broker.client import connect
from esg.celery import Fleet
from esg.errors import Transient
from esg.state import State, open_engine, upgrade
from tests.servers import postgres, redis, tls


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    made, file = trustme.CA(), tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(str(file))
    return made, file


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("stranger") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(file))
    return file


@pytest.fixture(scope="module")
def context(authority: tuple[trustme.CA, Path]) -> ssl.SSLContext:
    """Of a server that can prove to be `localhost`, and no address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("localhost").configure_cert(context)
    return context


# -- Redis


@pytest.fixture(scope="module")
def redis_port(context: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    server, url = redis.server(tmp_path_factory.mktemp("redis"))
    with server, tls.in_front_of(urlsplit(url).port or 0, context) as port:
        yield port


def rediss(host: str, port: int, ca: Path) -> str:
    return f"rediss://:{redis.PASSWORD}@{host}:{port}/0?ssl_ca_certs={ca}"


def ping_as_celery(url: str) -> bool:
    """As workers, beat and the API do."""
    app = Fleet("tests", broker=url)
    app.config_from_object("celeryconfig")
    app.conf.broker_url = url
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=5)
        return bool(connection.default_channel.client.ping())


def test_redis_over_tls_is_asked_only_if_it_proves_its_name(
    redis_port: int, authority: tuple[trustme.CA, Path], stranger: Path
) -> None:
    good = rediss("localhost", redis_port, authority[1])
    assert connect(good).ping()
    assert ping_as_celery(good)

    for bad in (
        rediss("localhost", redis_port, stranger),
        rediss("127.0.0.1", redis_port, authority[1]),
        f"rediss://:{redis.PASSWORD}@localhost:{redis_port}/0",  # by the system's authorities
    ):
        with pytest.raises(redis_client.ConnectionError):
            connect(bad, retries=0).ping()
        with pytest.raises((redis_client.ConnectionError, OperationalError)):
            ping_as_celery(bad)


# -- PostgreSQL


@pytest.fixture(scope="module")
def postgres_url(
    authority: tuple[trustme.CA, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.URL]:
    """Of one that is reached by TLS alone, from its first byte on (`sslnegotiation=direct`)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["postgresql"])
    authority[0].issue_cert("localhost").configure_cert(context)
    server, url = postgres.server(tmp_path_factory.mktemp("postgres"))
    with server, tls.in_front_of(sa.make_url(url).port or 0, context) as port:
        asked = {"sslmode": "verify-full", "sslnegotiation": "direct", "sslrootcert": str(authority[1])}
        yield sa.make_url(url).set(host="localhost", port=port, query=asked)


def test_postgresql_over_tls_is_asked_only_if_it_proves_its_name(
    postgres_url: sa.URL, stranger: Path
) -> None:
    engine = open_engine(postgres_url.render_as_string(hide_password=False))
    upgrade(engine)
    assert State(engine).submit("acme.pdf").id
    engine.dispose()

    for bad in (
        postgres_url.update_query_dict({"sslrootcert": str(stranger)}),
        postgres_url.set(host="127.0.0.1"),
    ):
        engine = open_engine(bad.render_as_string(hide_password=False))
        with pytest.raises(Transient):
            upgrade(engine)
        engine.dispose()

"""Stores over TLS, by nothing but their settings: who cannot prove its name is told nothing, and no password.

S3, Iceberg and Trino are in tests/stack, watsonx and Cassandra have tests of their own (threat-model.md).
"""

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import redis as redis_client
import sqlalchemy as sa
from kombu.exceptions import OperationalError

from esg.broker.client import connect
from esg.celery import Fleet
from esg.errors import Misconfigured, Transient
from esg.settings import Settings
from esg.state import State, open_engine, upgrade
from tests.fakes.fleets import Fleet as RunningFleet
from tests.fakes.otlp import Receiver, receiving
from tests.fakes.terminal import python
from tests.servers import postgres, redis, tls
from workers.presence import Presence
from workers.scraped import serve_metrics

# -- Redis


@pytest.fixture(scope="module")
def redis_port(authority: tls.Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    server, url = redis.server(tmp_path_factory.mktemp("redis"))
    with server, tls.in_front_of(urlsplit(url).port or 0, authority.context()) as port:
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
    redis_port: int, authority: tls.Authority, stranger: Path
) -> None:
    good = rediss("localhost", redis_port, authority.file)
    assert connect(good).ping()
    assert ping_as_celery(good)

    for bad in (
        rediss("localhost", redis_port, stranger),
        rediss("127.0.0.1", redis_port, authority.file),
        f"rediss://:{redis.PASSWORD}@localhost:{redis_port}/0",  # by the system's authorities
    ):
        with pytest.raises(redis_client.ConnectionError):
            connect(bad, retries=0).ping()
        with pytest.raises((redis_client.ConnectionError, OperationalError)):
            ping_as_celery(bad)


# -- PostgreSQL


@pytest.fixture(scope="module")
def postgres_url(authority: tls.Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """Of one that is reached by TLS alone, from its first byte on (`sslnegotiation=direct`)."""
    context = authority.context()
    context.set_alpn_protocols(["postgresql"])
    server, url = postgres.server(tmp_path_factory.mktemp("postgres"))
    with server, tls.in_front_of(sa.make_url(url).port or 0, context) as port:
        asked = {"sslmode": "verify-full", "sslnegotiation": "direct", "sslrootcert": str(authority.file)}
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


# -- OTLP

A_SPAN = """
import logging, sys
from esg import tracing
from esg.settings import Settings
logging.basicConfig(stream=sys.stderr, format="%(message)s")
tracing.start(Settings().exporting, service="tls")
with tracing.span("told", parent=""):
    pass
tracing.flush()
"""


@pytest.fixture
def receiver(authority: tls.Authority) -> Iterator[tuple[Receiver, str]]:
    with receiving() as made, tls.in_front_of(made.server_port, authority.context()) as port:
        yield made, f"https://{tls.NAME}:{port}"


def test_spans_go_over_tls_to_who_proves_its_name(
    receiver: tuple[Receiver, str], authority: tls.Authority, stranger: Path, tmp_path: Path
) -> None:
    told, url = receiver
    python(
        tmp_path, A_SPAN, OTEL_EXPORTER_OTLP_ENDPOINT=url, OTEL_EXPORTER_OTLP_CERTIFICATE=str(authority.file)
    )
    assert [span.name for span in told.spans()] == ["told"]

    for bad in (
        {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_CERTIFICATE": str(stranger)},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": url},
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": url.replace(tls.NAME, "127.0.0.1"),
            "OTEL_EXPORTER_OTLP_CERTIFICATE": str(authority.file),
        },
    ):
        ended = python(tmp_path, A_SPAN, code=0, **bad)
        assert "Set OTEL_EXPORTER_OTLP_CERTIFICATE" in ended.stderr
    assert len(told.spans()) == 1


# -- Prometheus


def test_prometheus_scrapes_a_worker_over_tls(
    authority: tls.Authority, stranger: Path, tmp_path: Path
) -> None:
    certificate, key = authority.write(tmp_path)
    with RunningFleet(
        tmp_path / "home",
        ESG_METRICS_HOST=tls.NAME,
        ESG_METRICS_CERTIFICATE=str(certificate),
        ESG_METRICS_KEY=str(key),
    ) as fleet:
        fleet.start("control", is_faulty=False)
        url = (fleet.home / "run/control/metrics.url").read_text().strip()

        assert url.startswith(f"https://{tls.NAME}:")
        trusting = ssl.create_default_context(cafile=authority.file)
        assert "esg_worker_children" in httpx.get(url, verify=trusting, timeout=30).text
        with pytest.raises(httpx.ConnectError, match="certificate"):
            httpx.get(url, verify=ssl.create_default_context(cafile=stranger))
        with pytest.raises(httpx.HTTPError):
            httpx.get(url.replace("https", "http"))


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "none.pem").write_text("nothing")
    settings = Settings(
        home=tmp_path, metrics_certificate=tmp_path / "none.pem", metrics_key=tmp_path / "none.pem"
    )

    with pytest.raises(Misconfigured, match="ESG_METRICS_CERTIFICATE and ESG_METRICS_KEY"):
        serve_metrics(settings, Presence(tmp_path, "worker"))

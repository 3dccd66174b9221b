"""The stack's S3 and its Iceberg catalogs over TLS: who cannot prove its name is sent nothing."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from esg.errors import NotFound, Unavailable
from esg.lake import gold
from esg.objects import open_objects
from esg.resources import open_resources
from tests.fakes.catalogs import REST, catalog, settings
from tests.fakes.gold_writer import cards, tell_the_same
from tests.fakes.stores import s3_url
from tests.servers import tls

pytestmark = pytest.mark.skipif(
    "STACK_S3" not in os.environ or not REST, reason="needs S3 and the catalogs of `make test-stack`"
)


@pytest.fixture(scope="module")
def s3(authority: tls.Authority) -> Iterator[str]:
    """Host and port of the store, behind TLS."""
    with tls.in_front_of(int(os.environ["STACK_S3"].rpartition(":")[2]), authority.context()) as port:
        yield f"{tls.NAME}:{port}"


def test_objects_are_kept_where_the_store_proves_its_name(s3: str, authority: tls.Authority) -> None:
    objects = open_objects(f"{s3_url(endpoint=s3, scheme='https')}&tls_ca_file_path={authority.file}")

    assert objects.create("a/key", b"bytes")
    assert objects.read("a/key") == b"bytes"
    with pytest.raises(NotFound):
        objects.read("another/key")


def test_objects_are_not_sent_to_a_store_that_does_not_prove_its_name(
    s3: str, authority: tls.Authority, stranger: Path
) -> None:
    by_address = s3.replace(tls.NAME, "127.0.0.1")
    for url in (
        f"{s3_url(endpoint=s3, scheme='https')}&tls_ca_file_path={stranger}",
        s3_url(endpoint=s3, scheme="https"),  # by the usual authorities
        f"{s3_url(endpoint=by_address, scheme='https')}&tls_ca_file_path={authority.file}",
    ):
        with pytest.raises(Unavailable, match="does not prove its name") as told:
            open_objects(url).create("a/key", b"bytes")
        assert "tls_ca_file_path in ESG_LAKE_URL" in told.value.next_step


@pytest.fixture(params=REST)
def place(
    request: pytest.FixtureRequest, s3: str, authority: tls.Authority, tmp_path: Path
) -> Iterator[dict[str, str]]:
    """A catalog, and the store of its tables, both behind TLS."""
    plain = catalog(request.param, tmp_path)
    with ExitStack() as stack:
        inside = urlsplit(plain["ESG_ICEBERG_URI"])
        port = stack.enter_context(tls.in_front_of(inside.port or 0, authority.context()))
        yield {
            **plain,
            "ESG_ICEBERG_URI": f"https://{tls.NAME}:{port}{inside.path}",
            "ESG_ICEBERG_S3_ENDPOINT": f"https://{s3}",
            "ESG_ICEBERG_CA": str(authority.file),
        }


def test_gold_is_kept_where_catalog_and_store_prove_their_names(
    place: dict[str, str], stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(stranger))  # of other programs: ours goes first
    tables = open_resources(settings(place)).gold

    tables.write(gold.tables(cards(0, 1)), at=datetime.now(UTC), is_all=True)

    assert tell_the_same(tables.tables(), *cards(0, 1))


@pytest.mark.parametrize("authority_told", ["another", "the usual ones"])
def test_a_catalog_that_does_not_prove_its_name_is_not_asked(
    place: dict[str, str], stranger: Path, authority_told: str
) -> None:
    told_to_trust = {"ESG_ICEBERG_CA": str(stranger)} if authority_told == "another" else {}
    place = {name: value for name, value in place.items() if name != "ESG_ICEBERG_CA"} | told_to_trust

    with pytest.raises(Unavailable, match="does not prove its name") as told:
        open_resources(settings(place)).gold.probe()
    assert "ESG_ICEBERG_CA" in told.value.next_step

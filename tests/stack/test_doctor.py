"""`esg doctor` on wrong settings of real catalogs and stores: each is found, with what to do."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from esg import broker
from esg.cli.doctor import Finding, examine
from esg.lake import gold
from esg.resources import open_resources
from tests.fakes.catalogs import REST, catalog, settings
from tests.fakes.gold_writer import card
from tests.fakes.stores import s3_url

CLOSED = "http://127.0.0.1:1"  # a port that nobody listens on

pytestmark = pytest.mark.skipif(len(REST) < 2, reason="needs the catalogs of `make test-stack`")


def finding(part: str, place: Mapping[str, str]) -> Finding:
    made = settings(dict(place))
    try:
        return next(found for found in examine(made) if found.part == part)
    finally:
        broker.stop(made)  # the doctor starts one to ask it


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Gold with one scorecard, in the catalog that asks for a credential."""
    made = catalog("seaweedfs", tmp_path_factory.mktemp("home"))
    tables = open_resources(settings(made)).gold
    tables.write(gold.tables([card("Acme")]), at=datetime.now(UTC), is_all=True)
    return made


def test_gold_that_can_be_read_is_counted(place: dict[str, str]) -> None:
    found = finding("gold", place)

    assert (found.ok, found.detail) == (True, "1 scorecard in Iceberg tables")


@pytest.mark.parametrize(
    ("variable", "value", "advice"),
    [
        ("ESG_ICEBERG_URI", CLOSED, "ESG_ICEBERG_URI"),
        ("ESG_ICEBERG_CREDENTIAL", "esg-stack:wrong", "ESG_ICEBERG_CREDENTIAL"),
        ("ESG_ICEBERG_CREDENTIAL", "nobody:wrong", "ESG_ICEBERG_CREDENTIAL"),
        ("ESG_ICEBERG_WAREHOUSE", "nobodys-tables", "ESG_ICEBERG_WAREHOUSE"),
        ("ESG_ICEBERG_NAMESPACE", "nobodys", "etl.gold"),
        ("ESG_ICEBERG_S3_ENDPOINT", CLOSED, "ESG_ICEBERG_S3_ENDPOINT"),
    ],
)
def test_a_wrong_setting_of_gold_is_named(
    place: dict[str, str], variable: str, value: str, advice: str
) -> None:
    found = finding("gold", place | {variable: value})

    assert not found.ok
    assert advice in found.next_step, found
    assert found.milliseconds < 30_000


def test_a_catalog_that_is_something_else_is_named(place: dict[str, str]) -> None:
    found = finding("gold", place | {"ESG_ICEBERG_URI": place["ESG_ICEBERG_S3_ENDPOINT"]})

    assert not found.ok
    assert "ESG_ICEBERG" in found.next_step


def test_wrong_keys_of_the_tables_store_are_named(
    place: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")

    found = finding("gold", place)

    assert not found.ok
    assert "AWS_SECRET_ACCESS_KEY" in found.next_step


def test_a_lake_whose_bucket_is_missing_is_named(tmp_path: Path) -> None:
    found = finding("lake", {"ESG_HOME": str(tmp_path), "ESG_LAKE_URL": s3_url(bucket="nobodys-bucket")})

    assert not found.ok
    assert "bucket" in found.next_step


def test_a_lake_in_s3_that_works_is_told(tmp_path: Path) -> None:
    assert finding("lake", {"ESG_HOME": str(tmp_path), "ESG_LAKE_URL": s3_url()}).ok

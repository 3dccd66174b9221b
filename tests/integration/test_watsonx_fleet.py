"""watsonx.ai behind settings: budgets that last, the doctor's findings, metrics."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from prometheus_client.registry import REGISTRY

from esg import broker
from esg.budget import on_behalf_of, run_of
from esg.cli import doctor_watsonx
from esg.cli.doctor import Finding, examined
from esg.errors import BudgetSpent, Misconfigured, Rejected
from esg.resources import CALLS, open_resources, open_watsonx
from esg.settings import Settings
from esg.state import State
from tasks import metrics
from tests.servers.watsonx_peer import Peer, serving

SLATE, GRANITE = "ibm/slate-30m-english-rtrvr-v2", "ibm/granite-4-h-small"


@pytest.fixture(scope="module")
def shared_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    with serving(tmp_path_factory.mktemp("peer")) as peer:
        yield peer


@pytest.fixture
def peer(shared_peer: Peer) -> Peer:
    """A peer that nothing came to yet and that is well."""
    shared_peer.requests.clear()
    shared_peer.always.clear()
    return shared_peer


@pytest.fixture(autouse=True)
def at_the_peer(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esg.watsonx.patience.BASE_SECONDS", 0.01)
    for name, value in peer.environment().items():
        monkeypatch.setenv(name, value)
    for name in ("ESG_BROKER_URL", "REDIS_HOST", "ESG_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ESG_HOME", str(tmp_path))
    monkeypatch.setenv("ESG_EMBEDDER", "watsonx")


def embed(settings: Settings, text: str = "net zero") -> None:
    open_watsonx(settings).embed([text], model=SLATE, dimensions=384)


# -- budgets


def test_what_a_document_cost_is_kept_with_it(peer: Peer) -> None:
    opened = open_resources(Settings())
    with on_behalf_of(run_of("d" * 64, opened.pipeline_version)):
        for text in ("net zero", "net zero", "water"):
            opened.embedder.embed([text])

    (row,) = opened.state.usage()
    assert (row.model, row.run) == (SLATE, f"{'d' * 64}@{opened.pipeline_version}")
    assert row.requests == peer.count("embeddings") == 2
    assert (row.tokens_read, row.tokens_written, row.micros) == (7, 0, 2)


def test_a_document_stops_at_its_budget_before_anything_is_sent(peer: Peer) -> None:
    opened = open_resources(Settings(watsonx_run_budget_usd=0.000_001))

    with on_behalf_of("acme"), pytest.raises(Rejected, match="budget") as told:
        opened.embedder.embed(["We cut Scope 1 by 42 % against our base year."])
    assert "ESG_WATSONX_RUN_BUDGET_USD" in told.value.next_step
    assert peer.count("embeddings") == 0


def test_a_day_stops_at_its_budget_whoever_asks(peer: Peer) -> None:
    settings = Settings(watsonx_day_budget_usd=0.000_002)
    embed(settings)
    open_watsonx.cache_clear()  # as another process would

    embed(settings)
    with pytest.raises(BudgetSpent) as told:
        embed(settings)
    assert 0 < (told.value.retry_after_seconds or 0) <= 86_400
    spent = State.open(settings.database).usage()
    assert sum(row.micros for row in spent) == 2
    assert peer.count("embeddings") == sum(row.requests for row in spent) == 2


@pytest.mark.parametrize(("fault", "is_billed"), [("503", False), ("malformed", True)])
def test_what_may_have_been_billed_counts_as_spent(peer: Peer, fault: str, is_billed: bool) -> None:
    settings = Settings(watsonx_attempts=1, watsonx_embedding_price=1000.0)
    peer.fail("embeddings", fault)

    with pytest.raises(Exception, match="asked 1 of 1"):
        embed(settings)

    (row,) = State.open(settings.database).usage()
    assert (row.requests, row.micros > 0) == (1, is_billed)


# -- the broker's Redis


def test_a_given_redis_has_the_limit_and_the_vectors(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one machine embedded, another one has."""
    elsewhere = Settings(home=tmp_path / "broker", embedder="local")
    monkeypatch.setenv("ESG_BROKER_URL", broker.ensure(elsewhere))
    try:
        for machine in ("one", "two"):
            opened = open_resources(Settings(home=tmp_path / machine))
            opened.embedder.embed(["net zero", "water"])
        client = broker.connect(Settings().broker_url)
        kinds = {key.split(":")[1] for key in client.keys("esg:*")}
    finally:
        monkeypatch.delenv("ESG_BROKER_URL")
        broker.stop(elsewhere)

    assert peer.count("embeddings") == 1
    assert kinds == {"watsonx", "vector"}


# -- the doctor


def finding(settings: Settings) -> Finding:
    ((part, check, next_step),) = doctor_watsonx.checks(settings)
    return examined(part, check, next_step)


def test_the_doctor_finds_nothing_wrong(peer: Peer) -> None:
    found = finding(Settings())

    assert found.ok, found
    assert "6 models" in found.detail


def test_the_doctor_leaves_out_what_nothing_uses() -> None:
    assert doctor_watsonx.checks(Settings(embedder="local")) == []


@pytest.mark.parametrize(
    ("wrong", "why", "next_step"),
    [
        ({"watsonx_api_key": "stolen"}, "refuses the API key", "IBM_WATSONX_API_KEY"),
        ({"watsonx_api_key": ""}, "is not set", "docs/operations/watsonx.md"),
        ({"watsonx_project_id": "none"}, "does not find the project", "IBM_WATSONX_PROJECT_ID"),
        ({"watsonx_embedding_model": "ibm/none"}, "no model ibm/none", SLATE),
        ({"watsonx_embedding_dimensions": 768}, "384 dimensions, not 768", "EMBEDDING_DIMENSIONS"),
        ({"watsonx_ca_bundle": Path("/none.pem")}, "there is no file", "PEM file"),
        ({"watsonx_ca_bundle": None}, "certificate", "ESG_WATSONX_CA_BUNDLE"),
        ({"judge": "watsonx", "watsonx_chat_model": "ibm/none"}, "no model ibm/none", GRANITE),
    ],
)
def test_the_doctor_says_what_is_wrong_and_what_to_do(
    wrong: dict[str, Any], why: str, next_step: str
) -> None:
    found = finding(Settings(**wrong))

    assert not found.ok
    assert why in found.detail
    assert next_step in found.next_step
    assert "stolen" not in found.detail + found.next_step


def test_the_doctor_finds_an_expired_certificate(tmp_path: Path) -> None:
    with serving(tmp_path / "old", not_after=datetime.now(UTC) - timedelta(days=1)) as old:
        found = finding(
            Settings(
                watsonx_url=old.url,
                watsonx_token_url=f"{old.url}/identity/token",
                watsonx_ca_bundle=old.ca,
            )
        )

    assert "expired" in found.detail
    assert "renew" in found.next_step


def test_the_doctor_finds_a_stranger_s_certificate(tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))

    assert "certificate" in finding(Settings(watsonx_ca_bundle=other)).detail


# -- metrics


def test_requests_tokens_and_throttling_are_counted(peer: Peer) -> None:
    CALLS.take()
    before = {name: value(name, labels) for name, labels in COUNTED.items()}
    peer.fail("embeddings", "429")
    embed(Settings())

    metrics.count_calls(CALLS)

    added = {name: value(name, labels) - before[name] for name, labels in COUNTED.items()}
    assert added.pop("esg_watsonx_tokens_total") > 0
    assert set(added.values()) == {1.0, 2.0}
    assert added["esg_watsonx_request_seconds_count"] == 2.0


COUNTED: dict[str, dict[str, str]] = {
    "esg_watsonx_requests_total": {"operation": "embed", "outcome": "ok"},
    "esg_watsonx_tokens_total": {"operation": "embed", "direction": "read"},
    "esg_watsonx_throttled_total": {},
    "esg_watsonx_request_seconds_count": {"operation": "embed"},
}


def value(name: str, labels: dict[str, str]) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_without_its_sdk_the_next_step_is_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "esg.watsonx.session", None)

    with pytest.raises(Misconfigured, match="is not installed") as told:
        open_watsonx(Settings(watsonx_max_tokens=200))
    assert "pip install 'esg-engine[watsonx]'" in told.value.next_step

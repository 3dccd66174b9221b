"""Families of DESIGN §4 are there, and no label holds what a caller can choose."""

import importlib
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY, Histogram
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from api.metrics import Metrics
from esg import broker
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.fleets import Fleet, write_report
from tests.fakes.serving import serving

DESIGNED = {  # and at least 28 of them
    "esg_api_requests": {"method", "route", "status"},
    "esg_queue_depth": {"queue"},
    "esg_queue_oldest_age_seconds": {"queue"},
    "esg_task_seconds": {"stage", "outcome"},
    "esg_task_wait_seconds": {"stage"},
    "esg_documents": {"outcome"},
    "esg_pages": set(),
    "esg_chunks": set(),
    "esg_embed_cache_hits": set(),
    "esg_dead_letters": set(),
    "esg_outbox_lag_seconds": set(),
    "esg_score_latency_seconds": set(),
    "esg_vector_index_size": set(),
    "esg_parity_break": set(),
    "esg_watsonx_requests": {"operation", "outcome"},
    "esg_watsonx_tokens": {"operation", "direction"},
    "esg_watsonx_throttled": set(),
    "esg_worker_children": set(),
    "esg_worker_children_ready": set(),
    "esg_worker_rss_bytes": {"process"},
    "esg_worker_broker_connections": set(),
    "esg_beat_last_run_timestamp": set(),
    "esg_build_info": {"version"},
    "esg_broker_messages": {"queue"},
    "esg_beat_fired": {"entry", "outcome"},
}
FEW = {  # labels whose values are tables of ours
    "by", "component", "direction", "entry", "method", "operation", "outcome", "process", "python", "queue",
    "reason", "route", "stage", "state", "status", "task", "version",
}  # fmt: skip
AN_ID = re.compile(r"[0-9a-f]{12,}|Zebra", re.IGNORECASE)

Series = set[tuple[str, tuple[tuple[str, str], ...]]]


def series(text: str) -> Series:
    return {
        (sample.name, tuple(sorted(sample.labels.items())))
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if family.name.startswith("esg_")
    }


def labelled(collectors: Iterator[Collector]) -> Iterator[tuple[str, set[str], Collector]]:
    """Give name and labels of each family."""
    for collector in collectors:
        if hasattr(collector, "_labelnames"):
            yield collector._name, set(collector._labelnames), collector  # type: ignore[attr-defined]
            continue
        for family in collector.collect():
            yield family.name, set(getattr(family, "_labelnames", ())), collector


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, set[str], Collector]]:
    for module in ("tasks.control", "workers.clock", "workers.bootsteps.metrics"):
        importlib.import_module(module)
    of_api = Metrics()
    of_api.observe_state(open_resources(Settings(home=tmp_path_factory.mktemp("home"))))
    of_api.observe_broker(str)
    registries = (REGISTRY, of_api.registry)
    collectors = (c for registry in registries for c in tuple(registry._collector_to_names))
    found = [*labelled(iter(collectors))]
    return [one for one in found if one[0].startswith("esg_")]


def test_every_label_of_every_family_is_of_few_values(
    families: list[tuple[str, set[str], Collector]],
) -> None:
    assert len({name for name, _, _ in families}) >= 28
    assert {label for _, labels, _ in families for label in labels} <= FEW


def test_buckets_of_histograms_reach_from_what_is_quick_to_what_is_stuck(
    families: list[tuple[str, set[str], Collector]],
) -> None:
    histograms = [collector for _, _, collector in families if isinstance(collector, Histogram)]
    assert len(histograms) >= 5
    for histogram in histograms:
        bounds = [*histogram._upper_bounds]
        assert bounds == sorted(set(bounds))
        assert 8 <= len(bounds) <= 20, "each is a series"
        assert bounds[0] <= 0.1
        assert bounds[-2] >= 30


def test_a_caller_cannot_make_series(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    broker.ensure(settings)
    try:
        with serving(settings) as client:
            wave(client, 0)
            before = wave(client, 1)
            after = wave(client, 2) | wave(client, 3)
    finally:
        broker.stop(settings)

    by_timing = {"esg_api_published_total"}  # one of four outcomes
    assert {one for one in after if one[0] not in by_timing} <= before
    assert not [one for one in after if AN_ID.search(str(one[1]))]


def wave(client: httpx.Client, number: int) -> Series:
    """Ask for what nobody asked before, in every way there is; give the series that then are there."""
    name = f"{number}zebra{number}" + f"{number}abcdef" * 9
    for path in ("documents", "jobs", "companies"):
        client.get(f"/v1/{path}/{name[:64]}")
        client.request("DELETE", f"/v1/{path}/{name}")
    client.get(f"/{name}/{name}?q={name}")
    client.get("/v1/search", params={"q": name})
    client.request(f"ZEBRA{number}", f"/{name}")
    client.get("/health", headers={"x-request-id": name, "x-api-key": name, "host": f"{name[:20]}.example"})
    client.post("/v1/documents", files={"file": (f"{name}.pdf", f"%PDF {name}".encode())})
    client.post("/v1/documents", json={"url": f"https://{name[:20]}.example/{name}.pdf", "company": name})
    return series(client.get("/metrics").text)


def test_a_slow_request_leads_to_its_trace_in_openmetrics(tmp_path: Path) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    with serving(Settings(home=tmp_path)) as client:
        client.get("/v1/jobs", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        client.get("/v1/companies", headers={"traceparent": f"00-{trace[::-1]}-00f067aa0ba902b7-00"})
        answer = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
        plain = client.get("/metrics")

    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    samples = [s for family in open_metrics(answer.text) for s in family.samples if s.exemplar]
    assert {(s.labels["route"], s.exemplar.labels["trace_id"]) for s in samples} == {("/v1/jobs", trace)}
    assert plain.headers["content-type"].startswith("text/plain")
    assert "trace_id" not in plain.text


@pytest.mark.slow
def test_a_fleet_serves_what_is_designed_and_another_document_makes_no_series(tmp_path: Path) -> None:
    reports = [write_report(tmp_path / f"Zebra{n}.pdf", tag=f"Zebra{n}", company=f"Zebra{n}") for n in (1, 2)]
    with Fleet(tmp_path / "home") as fleet:
        fleet.start("ingest", "embed", "index", "score", "control", "beat")
        fleet.until(lambda: len(urls(fleet)) == 6, "six addresses")
        fleet.until_scored([fleet.submit(reports[0])])
        fleet.until(
            lambda: "esg_beat_last_run_timestamp" in {name for name, _ in scrape(fleet)}, "the canary"
        )
        before = scrape(fleet)
        fleet.until_scored([fleet.submit(reports[1])])
        after = scrape(fleet)
        with serving(fleet.settings) as client:
            client.get("/v1/jobs")
            text = client.get("/metrics").text
            samples = {
                (s.name, *s.labels.values()): s.value
                for f in text_string_to_metric_families(text)
                for s in f.samples
            }
            after |= series(text)

    assert {one for one in after if one[0].startswith(("esg_task", "esg_score"))} == {
        one for one in before if one[0].startswith(("esg_task", "esg_score"))
    }
    assert not [one for one in after if AN_ID.search(str(one[1]))]
    told = {re.sub(r"_(total|bucket|sum|count)$", "", name): dict(labels) for name, labels in after}
    assert set(DESIGNED) - set(told) <= {"esg_watsonx_requests", "esg_watsonx_tokens"}, "nobody asked watsonx"
    assert samples["esg_broker_up",] == 1
    assert samples["esg_broker_messages", "ingest"] == 0
    assert not [name for name in DESIGNED if set(told.get(name, {})) - {"le"} - DESIGNED[name] - FEW]


def urls(fleet: Fleet) -> list[Path]:
    return [*(fleet.home / "run").glob("*/metrics.url")]


def scrape(fleet: Fleet) -> Series:
    """The series of all workers and beat."""
    found: Series = set()
    for url in urls(fleet):
        with urllib.request.urlopen(url.read_text(), timeout=10) as answer:
            found |= series(answer.read().decode())
    return found

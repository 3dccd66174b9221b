"""The API's frame: health, readiness, metrics, ids, problems, what is refused, the docs page."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from esg import broker
from esg.embed import local
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.serving import serving

NOBODY = "0" * 64


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    app = create_app(settings)

    @app.get("/broken", include_in_schema=False)
    def broken() -> None:
        raise KeyError("a sentence of a report")

    with serving(settings, app) as client:
        yield client


# -- health


def test_health_and_live_have_their_exact_shape(client: httpx.Client) -> None:
    health = client.get("/health").json()
    assert list(health) == ["status", "service", "timestamp"]
    assert health["status"] == "healthy"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", health["timestamp"])
    assert client.get("/live").json() == {"live": True}


def test_not_ready_names_the_failing_part(client: httpx.Client) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["failing"] == ["broker"]


def test_ready_once_every_part_answers(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    broker.ensure(settings)
    try:
        with serving(settings) as client:
            answer = client.get("/ready")
            assert (answer.status_code, answer.json()) == (200, {"ready": True})
    finally:
        broker.stop(settings)


@pytest.mark.parametrize(
    ("broken", "part"),
    [
        ({"database_url": "postgresql://esg@127.0.0.1:9/esg"}, "database"),
        ({"lake_url": "/dev/null/lake"}, "store"),
        ({"broker_url": "redis://127.0.0.1:9/0"}, "broker"),
    ],
)
def test_each_broken_part_is_found(broken: dict[str, str], part: str, tmp_path: Path) -> None:
    with serving(Settings(home=tmp_path, **broken)) as client:
        assert part in client.get("/ready").json()["failing"]
        assert client.get("/live").status_code == 200


@pytest.mark.parametrize("constant", ["MODEL_SHA256", "GRAPH_SHA256"])
def test_another_file_of_the_model_is_not_ready(
    constant: str, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, constant, "0" * 64)
    assert "model" in client.get("/ready").json()["failing"]


# -- problems


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", f"/v1/documents/{NOBODY}", 404, "not_found"),
        ("GET", f"/v1/documents/{NOBODY}/scorecard", 404, "not_found"),
        ("GET", f"/v1/documents/{NOBODY}/kpis", 404, "not_found"),
        ("GET", "/v1/jobs/nobody", 404, "not_found"),
        ("GET", "/v1/jobs/nobody/events", 404, "not_found"),
        ("DELETE", "/v1/jobs/nobody", 404, "not_found"),
        ("PUT", "/v1/jobs", 405, "method_not_allowed"),
        ("INVENTED", "/v1/jobs", 405, "method_not_allowed"),
        ("GET", "/v1/documents/xyz", 422, "validation"),
        ("GET", "/v1/jobs?limit=0", 422, "validation"),
        ("GET", "/v1/jobs?state=odd", 422, "validation"),
        ("GET", "/v1/search", 422, "validation"),
        ("GET", "/v1/search?q=%20", 422, "validation"),
        ("POST", "/v1/documents", 415, "unsupported_media_type"),
        ("GET", "/broken", 500, "internal"),
        ("GET", "/docs/../../etc/passwd", 404, "not_found"),
    ],
)
def test_every_error_is_a_problem_document(
    client: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:esg:problem:{code}"
    assert problem["title"]
    assert problem["detail"]
    assert answer.headers["x-request-id"]


def test_a_bug_tells_nothing_of_a_report(client: httpx.Client) -> None:
    answer = client.get("/broken")
    assert "sentence" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["next_step"]


def test_validation_does_not_send_back_what_was_sent(client: httpx.Client) -> None:
    answer = client.get("/v1/jobs", params={"state": "<script>"})
    assert "script" not in answer.text
    assert answer.json()["errors"][0]["where"] == "query.state"


def test_a_browser_gets_a_page_instead(client: httpx.Client) -> None:
    answer = client.get("/nowhere", headers={"accept": "text/html,*/*"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address." in answer.text
    assert client.get("/v1/jobs/x", headers={"accept": "text/html"}).json()["status"] == 404


# -- HEAD


@pytest.mark.parametrize(
    "path",
    ["/", "/health", "/docs", "/openapi.json", "/v1/jobs", "/v1/companies", "/v1/search?q=water", "/nowhere"],
)
def test_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    head, answer = client.head(path), client.get(path)

    assert head.status_code == answer.status_code
    assert head.headers["content-type"] == answer.headers["content-type"]
    assert head.headers["content-length"] == answer.headers["content-length"]
    assert head.content == b""
    assert head.headers["x-request-id"]


def test_the_head_of_a_stream_does_not_wait_for_its_end(client: httpx.Client) -> None:
    job = client.post("/v1/documents", json={"url": "https://example.com/a.pdf"}).json()["links"]["job"]

    head = client.head(f"{job}/events", timeout=5)

    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")
    assert client.get("/live").status_code == 200


def test_head_is_not_possible_where_get_is_not(client: httpx.Client) -> None:
    assert client.head("/score").status_code == 405
    assert client.request("PUT", "/v1/jobs").status_code == 405


# -- ids, logs and headers


def test_every_answer_carries_its_ids(client: httpx.Client) -> None:
    for path in ("/health", "/nowhere", "/broken", "/", "/metrics"):
        headers = client.get(path).headers
        assert re.fullmatch(r"[0-9a-f]{32}", headers["x-request-id"])
        assert re.fullmatch(r"[0-9a-f]{32}", headers["x-trace-id"])
        assert re.fullmatch(r"[0-9a-f]{16}", headers["x-span-id"])
        assert headers["x-content-type-options"] == "nosniff"


def test_a_callers_ids_are_taken_up(client: httpx.Client) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    sent = {"x-request-id": "order-66", "traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    headers = client.get("/health", headers=sent).headers
    assert (headers["x-request-id"], headers["x-trace-id"]) == ("order-66", trace)
    assert headers["x-span-id"] != "b7ad6b7169203331"


@pytest.mark.parametrize("bad", ["a b", "x" * 65, "ä".encode().decode("latin-1"), "<b>"])
def test_a_bad_request_id_is_replaced(client: httpx.Client, bad: str) -> None:
    answer = client.get("/health", headers={"x-request-id": bad.encode("latin-1")})  # type: ignore[dict-item]
    assert answer.headers["x-request-id"] != bad


# -- what is refused


def test_another_name_for_us_is_refused(client: httpx.Client) -> None:
    answer = client.get("/v1/jobs", headers={"host": "evil.example"})
    assert (answer.status_code, answer.json()["type"]) == (421, "urn:esg:problem:wrong_host")


def test_another_site_may_not_write(client: httpx.Client) -> None:
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post("/v1/documents", headers=headers, json={"url": "https://example.com/a.pdf"})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:esg:problem:cross_site")


def test_a_name_that_was_set_is_ours(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, api_hosts="reports.example.com")
    open_resources(settings).state.create_key("anyone", scopes=[])
    with serving(settings) as client:
        assert client.get("/health", headers={"host": "reports.example.com"}).status_code == 200
        assert client.get("/health", headers={"host": "evil.example"}).status_code == 421


# -- metrics


def test_metrics_count_requests_and_state(client: httpx.Client) -> None:
    client.get("/v1/jobs/no-such-job")
    client.request("INVENTED", "/v1/jobs")
    text = client.get("/metrics").text
    assert 'esg_api_requests_total{method="GET",route="/v1/jobs/{job_id}",status="404"}' in text
    assert 'method="OTHER",route="/v1/jobs",status="405"' in text
    assert "INVENTED" not in text
    assert "no-such-job" not in text
    for family in ("esg_backlog", "esg_dead_letters", "esg_outbox_lag_seconds", "esg_state_up"):
        assert re.search(rf"^{family} ", text, re.MULTILINE), family
    assert "esg_build_info{" in text


def test_metrics_survive_a_broken_database(tmp_path: Path) -> None:
    with serving(Settings(home=tmp_path, database_url="postgresql://esg@127.0.0.1:9/esg")) as client:
        answer = client.get("/metrics")
        assert answer.status_code == 200
        assert "esg_state_up 0.0" in answer.text
        assert "esg_broker_up 0.0" in answer.text


# -- description


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_description_is_complete(client: httpx.Client) -> None:
    spec = client.get("/openapi.json").json()
    for reference in references(spec):
        place = spec
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
    assert set(spec["paths"]) == {
        "/health",
        "/live",
        "/ready",
        "/score",
        "/trace",
        "/v1/companies",
        "/v1/companies/{slug}",
        "/v1/companies/{slug}/history",
        "/v1/companies/{slug}/scorecard",
        "/v1/compare",
        "/v1/documents",
        "/v1/documents/bulk",
        "/v1/documents/{document_id}",
        "/v1/documents/{document_id}/kpis",
        "/v1/documents/{document_id}/pages/{number}.png",
        "/v1/documents/{document_id}/scorecard",
        "/v1/jobs",
        "/v1/jobs/{job_id}",
        "/v1/jobs/{job_id}/events",
        "/v1/scores",
        "/v1/search",
    }
    assert "HTTPValidationError" not in json.dumps(spec["paths"])


def test_the_docs_page_asks_no_other_host(client: httpx.Client) -> None:
    page = client.get("/docs").text
    for link in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert link.startswith(("/", "data:"))
        if link.startswith("/"):
            assert client.get(link).status_code == 200
    assert "script-src 'self'" in client.get("/docs").headers["content-security-policy"]

"""Companies over HTTP: side by side, over the years, and in the shape of the first engine's API."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.fleets import write_report
from tests.fakes.serving import SAMPLE, serving, upload
from tests.fakes.workshop import work_off

Json = dict[str, Any]
COMPANY, YEAR = "Quernlow", 2024


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with serving(Settings(home=home)) as client:
        upload(client, company=COMPANY, year=str(YEAR))
        for year in (2022, 2023):
            report = write_report(home / f"{year}.pdf", company="Acme", tag=str(year))
            upload(client, report, company="Acme plc", year=str(year))
        work_off(home)
        yield client


def card(client: httpx.Client, slug: str) -> Json:
    found: Json = client.get(f"/v1/companies/{slug}/scorecard").json()
    return found


def test_companies_stand_side_by_side(client: httpx.Client) -> None:
    told = client.get("/v1/compare", params={"company": ["Acme plc", "quernlow", "Acme plc"]}).json()

    assert [(one["slug"], one["year"]) for one in told["companies"]] == [
        ("acme-plc", 2023),
        ("quernlow", YEAR),
    ]
    assert told["companies"][1]["scorecard"] == card(client, "quernlow")
    older = client.get("/v1/compare", params={"company": "acme-plc", "year": 2022}).json()
    assert older["companies"][0]["scorecard"]["document"]["year"] == 2022


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 422, "validation"),
        ({"company": ["x"] * 11}, 422, "validation"),
        ({"company": ["quernlow", "nobody"]}, 404, "no_such_company"),
        ({"company": "quernlow", "year": 1999}, 404, "no_scorecard"),
    ],
)
def test_what_cannot_be_compared_is_a_problem(
    client: httpx.Client, asked: Json, status: int, code: str
) -> None:
    answer = client.get("/v1/compare", params=asked)

    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:esg:problem:{code}")


def test_a_company_has_a_history(client: httpx.Client) -> None:
    told = client.get("/v1/companies/acme-plc/history").json()

    assert [row["year"] for row in told["levels"]] == [2023, 2022]
    assert {"overall", "grade", "GHG"} <= set(told["levels"][0])
    assert client.get("/v1/companies/nobody/history").status_code == 404


# -- the first shape


@pytest.fixture(scope="module")
def scored(client: httpx.Client) -> Json:
    asked = {"company": COMPANY, "year": YEAR, "query": "scope 1 emissions"}
    answer = client.post("/score", json=asked)
    assert answer.status_code == 200
    told: Json = answer.json()
    return told


def test_a_score_keeps_its_shape(client: httpx.Client, scored: Json) -> None:
    themes = {theme["code"]: theme for theme in card(client, "quernlow")["themes"]}

    assert (scored["company"], scored["year"]) == (COMPANY, YEAR)
    assert [one["theme"] for one in scored["scores"]] == sorted(themes)
    for one in scored["scores"]:
        theme = themes[one["theme"]]
        assert (one["stage"], one["confidence"]) == (theme["level"], theme["confidence"])
        assert [quote["evidence_id"] for quote in one["evidence"]] == theme["evidence"]
    assert scored["model_version"]
    assert scored["rubric_version"]
    assert len(scored["trace_id"]) == 32
    assert "emissions" in scored["passages"][0]["text"].lower()


def test_a_scores_quotes_are_on_their_pages(client: httpx.Client, home: Path, scored: Json) -> None:
    lake = open_resources(Settings(home=home)).lake
    quotes = [quote for one in scored["scores"] for quote in one["evidence"]]
    pages = {quote["doc_id"]: lake.extraction(quote["doc_id"]).pages for quote in quotes}

    assert len(quotes) >= 2
    for quote in quotes:
        page = pages[quote["doc_id"]][quote["page"] - 1]
        assert page.text[quote["start"] : quote["end"]] == quote["quote"]
        assert hashlib.sha256(quote["quote"].encode()).hexdigest() == quote["sha256"]
        assert quote["doc_id"] == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    assert client.get(quotes[0]["links"]["page"]).status_code == 200


def test_parity_is_told_by_span(client: httpx.Client, scored: Json) -> None:
    parity = card(client, "quernlow")["parity"]
    named = {quote["evidence_id"] for one in scored["scores"] for quote in one["evidence"]}

    assert scored["parity"]["parity_ok"] is parity["ok"] is True
    assert set(scored["parity"]["evidence_ids"]) == named
    assert scored["parity"]["evidence_outside_top_k"] == parity["evidence_outside_top_k"] == []


def test_a_trace_tells_every_quote(client: httpx.Client, scored: Json) -> None:
    told = client.get("/trace", params={"company": COMPANY, "year": YEAR}).json()

    assert told["parity_verdict"] == "PASS"
    assert told["trace_id"] == scored["trace_id"]
    assert [q["evidence_id"] for q in told["quote_records"]] == [
        e["id"] for e in card(client, "quernlow")["evidence"]
    ]
    ledger = client.get(told["ledger_manifest"]).json()["documents"]
    assert {q["source_hash"] for q in told["quote_records"]} == {document["id"] for document in ledger}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"company": "nobody", "query": "x"}, 404, "no_such_company"),
        ({"company": COMPANY, "year": 1999, "query": "x"}, 404, "no_scorecard"),
        ({"company": COMPANY, "query": " "}, 422, "validation"),
        ({"company": COMPANY}, 422, "validation"),
        ({"company": "", "query": "x"}, 422, "validation"),
    ],
)
def test_what_cannot_be_scored_is_a_problem(client: httpx.Client, body: Json, status: int, code: str) -> None:
    answer = client.post("/score", json=body)

    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:esg:problem:{code}")
    assert client.get("/trace", params={"company": "nobody"}).status_code == 404

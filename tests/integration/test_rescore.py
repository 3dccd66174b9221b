"""A changed rubric over what was read before: by HTTP, at the terminal, through a fleet and without one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from esg.domain import document_id
from esg.evaluate.rescore import changed_rubric
from esg.settings import Settings
from tests.fakes import terminal
from tests.fakes.serving import SAMPLE, score_reports, serving
from tests.fakes.workshop import work_off

ID = document_id(SAMPLE.read_bytes())
OTHER = SAMPLE.with_name("lyngvarde-2024.pdf")
Json = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two reports, scored by the shipped rubric."""
    home = tmp_path_factory.mktemp("home")
    score_reports(home, SAMPLE, OTHER)
    return home


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed_rubric("maturity", tmp_path_factory.mktemp("rubric"))


@pytest.fixture
def client(home: Path, changed: Path) -> Iterator[httpx.Client]:
    with serving(Settings(home=home, rubric=str(changed))) as client:
        yield client


def esg(home: Path, *arguments: str) -> list[Json]:
    outcomes: list[Json] = json.loads(terminal.esg(home, *arguments, "--json").stdout)
    return outcomes


def silver(home: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (home / "lake" / "silver").rglob("*.parquet")}


def test_the_terminal_scores_all_again_with_and_without_a_fleet(home: Path, changed: Path) -> None:
    before = silver(home)

    alone = esg(home, "rescore", "--local", "--rubric", str(changed))
    through = esg(home, "rescore", "--rubric", str(changed))
    again = esg(home, "rescore", ID[:8], "--rubric", str(changed))
    (fresh,) = esg(home, "score", "--local", str(SAMPLE), "--rubric", str(changed))

    assert [outcome["state"] for outcome in alone] == ["scored", "scored"]
    assert [o["scorecard"] for o in through] == [o["scorecard"] for o in alone]
    assert [(o["scorecard"]["document"]["id"], o["reused"]) for o in again] == [(ID, True)]
    assert fresh["scorecard"] == again[0]["scorecard"]  # all read anew, from the bytes
    assert silver(home) == before  # nothing was read, cut or embedded again


def test_single_documents_a_company_and_all_become_jobs(home: Path, client: httpx.Client) -> None:
    company = client.get(f"/v1/documents/{ID}").json()["company"]

    by_id, by_company, every = (
        client.post("/v1/scores", json=asked) for asked in ({"document_ids": [ID]}, {"company": company}, {})
    )

    assert [answer.status_code for answer in (by_id, by_company, every)] == [202, 202, 202]
    assert [job["document_id"] for job in by_id.json()["jobs"]] == [ID]
    assert [job["document_id"] for job in by_company.json()["jobs"]] == [ID]
    assert {job["document_id"] for job in every.json()["jobs"]} == {ID, document_id(OTHER.read_bytes())}
    work_off(home)
    jobs = [client.get(job["links"]["job"]).json() for job in every.json()["jobs"]]
    assert {job["state"] for job in jobs} == {"scored"}


def test_what_the_shipped_rubric_has_scored_is_not_scored_twice(client: httpx.Client) -> None:
    (job,) = client.post("/v1/scores", json={"document_ids": [ID], "rubric": "maturity"}).json()["jobs"]

    told = client.get(job["links"]["job"]).json()

    assert (told["state"], told["reused"]) == ("scored", True)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"document_ids": ["0" * 64]}, 404),
        ({"company": "Nobody"}, 404),
        ({"year": 1999}, 404),
        ({"document_ids": []}, 422),
        ({"document_ids": ["x"]}, 422),
        ({"document_ids": [ID], "company": "Quernlow"}, 422),
        ({"rubric": "no_such"}, 422),
        ({"rubric": "../etc"}, 422),
        ({"documents": [ID]}, 422),
    ],
)
def test_what_cannot_be_meant_is_refused(client: httpx.Client, asked: Json, status: int) -> None:
    answer = client.post("/v1/scores", json=asked)

    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_rubric_that_changes_under_a_running_server_is_another_one(
    home: Path, changed: Path, client: httpx.Client
) -> None:
    (first,) = client.post("/v1/scores", json={"document_ids": [ID]}).json()["jobs"]
    file = sorted(changed.glob("*.toml"))[0]
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")

    (second,) = client.post("/v1/scores", json={"document_ids": [ID]}).json()["jobs"]
    work_off(home)

    rubrics = [client.get(job["links"]["job"]).json()["rubric"] for job in (first, second)]
    assert rubrics[0] != rubrics[1]
    assert client.get(second["links"]["job"]).json()["state"] == "scored"

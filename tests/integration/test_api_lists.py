"""Lists in pieces that new rows do not shift, their filters, and what is not sent again."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from esg.settings import Settings
from tests.fakes.fleets import write_report
from tests.fakes.serving import serving, upload
from tests.fakes.workshop import work_off

COMPANIES = ("Acme", "Borealis", "Cedar", "Dune", "Elm")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with serving(Settings(home=home)) as client:
        for number, company in enumerate(COMPANIES):
            send(client, home, company, str(2020 + number))
        work_off(home)
        yield client


def send(client: httpx.Client, home: Path, company: str, year: str) -> None:
    assert upload(client, write_report(home / f"{company}.pdf", company=company), company=company, year=year)


def walk(client: httpx.Client, path: str, key: str) -> list[Any]:
    """Follow `next` to the end."""
    rows: list[Any] = []
    while path:
        answer = client.get(path).json()
        assert answer[key]
        rows += answer[key]
        path = answer["next"]
    return rows


@pytest.mark.parametrize(
    ("path", "key", "name", "order"),
    [
        ("/v1/documents?limit=2", "documents", "company", COMPANIES[::-1]),
        ("/v1/jobs?limit=2", "jobs", "company", COMPANIES[::-1]),
        ("/v1/jobs?limit=5", "jobs", "company", COMPANIES[::-1]),
        ("/v1/companies?limit=2", "companies", "name", COMPANIES),
    ],
)
def test_pieces_make_the_list(
    client: httpx.Client, path: str, key: str, name: str, order: tuple[str, ...]
) -> None:
    assert [row[name] for row in walk(client, path, key)] == list(order)


def test_what_comes_meanwhile_shifts_nothing(tmp_path: Path) -> None:
    with serving(Settings(home=tmp_path)) as client:
        for company in COMPANIES:
            send(client, tmp_path, company, "2024")
        first = client.get("/v1/documents?limit=2").json()
        send(client, tmp_path, "Newcomer", "2024")

        seen = first["documents"] + walk(client, first["next"], "documents")

    assert [document["company"] for document in seen] == list(COMPANIES[::-1])


@pytest.mark.parametrize("path", ["/v1/documents", "/v1/jobs"])
def test_lists_are_narrowed(client: httpx.Client, path: str) -> None:
    key = path.rpartition("/")[2]

    def named(**asked: str) -> list[str]:
        return [row["company"] for row in client.get(path, params=asked).json()[key]]

    newest = client.get(path).json()[key][0]
    after = (datetime.fromisoformat(newest["created_at"]) + timedelta(seconds=1)).isoformat()
    assert named(company="cedar") == named(company="Cedar") == named(year="2022") == ["Cedar"]
    assert named(company="Cedar", year="2023") == []
    assert named(state="scored", limit="1") == ["Elm"]
    assert named(state="rejected") == []
    assert named(since=newest["created_at"]) == ["Elm"]
    assert named(since=after) == []


def test_companies_are_narrowed_by_their_documents(client: httpx.Client) -> None:
    def named(**asked: str) -> list[str]:
        return [c["name"] for c in client.get("/v1/companies", params=asked).json()["companies"]]

    assert named(year="2021") == named(company="borealis") == ["Borealis"]
    assert named(since="2100-01-01T00:00:00") == []


def test_a_search_goes_on_where_it_ended(client: httpx.Client) -> None:
    asked: dict[str, str] = {"q": "scope 1 emissions", "k": "3"}
    whole = client.get("/v1/search", params=asked | {"k": "6"}).json()["results"]
    first = client.get("/v1/search", params=asked).json()
    second = client.get(first["next"]).json()

    ranked = [r["chunk_id"] for r in first["results"] + second["results"]]
    assert ranked == [r["chunk_id"] for r in whole]
    assert [r["rank"] for r in second["results"]] == [4, 5, 6]
    narrow = client.get("/v1/search", params=asked | {"year": "2022"}).json()["results"]
    assert {r["company"] for r in narrow} == {"Cedar"}


@pytest.mark.parametrize("path", ["/v1/documents", "/v1/jobs", "/v1/companies", "/v1/search?q=water"])
@pytest.mark.parametrize("cursor", ["x", "%00", "W10", "WyJhIiwiYiJd", "bnVsbA", "WyI5OTk5LTEyLTMxIiwxXQ"])
def test_a_made_up_cursor_is_refused(client: httpx.Client, path: str, cursor: str) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}cursor={cursor}")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:esg:problem:bad_cursor")


def test_every_method_of_an_address_is_told(client: httpx.Client) -> None:
    answer = client.put("/v1/documents")

    assert (answer.status_code, answer.headers["allow"]) == (405, "HEAD, GET, POST")
    assert client.post("/health").headers["allow"] == "HEAD, GET"


# -- what is not sent again


@pytest.fixture(scope="module")
def here(client: httpx.Client) -> str:
    return str(client.get("/v1/documents").json()["documents"][0]["links"]["document"])


@pytest.mark.parametrize("part", ["scorecard", "scorecard?format=csv", "kpis", "pages/1.png"])
def test_what_is_known_is_not_sent_again(client: httpx.Client, here: str, part: str) -> None:
    path = f"{here}/{part}"
    whole = client.get(path)
    tag = whole.headers["etag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = client.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        assert answer.headers["cache-control"] == whole.headers["cache-control"]
    for other in ('"other"', tag.strip('"'), tag[:-2] + '"'):
        assert client.get(path, headers={"If-None-Match": other}).status_code == 200


def test_each_form_has_a_tag_of_its_own(client: httpx.Client, here: str) -> None:
    card = client.get(f"{here}/scorecard").json()
    quote = card["evidence"][0]
    page = f"{here}/pages/{quote['page']}.png"
    forms = ["scorecard", "scorecard?format=csv", "kpis"]
    paths = [f"{here}/{form}" for form in forms] + [page, f"{page}?evidence={quote['id']}"]

    assert len({client.get(path).headers["etag"] for path in paths}) == len(paths)


def test_a_known_page_is_answered_at_once(client: httpx.Client, here: str) -> None:
    path = f"{here}/pages/2.png"
    tag = {"If-None-Match": client.get(path).headers["etag"]}
    started = time.monotonic()

    for _ in range(20):
        assert client.get(path, headers=tag).status_code == 304

    assert time.monotonic() - started < 5

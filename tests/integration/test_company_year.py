"""A report and a data pack of one company and year: judged together, read by HTTP and at the terminal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from esg.domain import document_id
from esg.report import validate
from esg.settings import Settings
from tests.fakes.serving import SAMPLE, score_reports, serving
from tests.fakes.terminal import esg, python

COMPANY, SLUG = "Quernlow Bakeries plc", "quernlow-bakeries-plc"
DATA_PACK = """<html><head><title>Quernlow data pack</title></head><body>
<h1>Quernlow Bakeries data pack 2024</h1>
<p>The figures of this data pack cover all bakeries of the group from January to December 2024.</p>
<table><caption>Greenhouse gas emissions in tCO2e</caption>
<tr><th></th><th>2024</th><th>2023</th></tr>
<tr><td>Scope 1</td><td>9,871</td><td>9,912</td></tr>
<tr><td>Scope 2 (market-based)</td><td>1,234</td><td>1,301</td></tr>
<tr><td>Total scope 3</td><td>45,678</td><td>46,000</td></tr></table></body></html>
"""
Json = dict[str, Any]


@pytest.fixture(scope="module")
def data_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "data-pack.html"
    path.write_text(DATA_PACK)
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, data_pack: Path) -> Path:
    home = tmp_path_factory.mktemp("home")
    score_reports(home, SAMPLE, data_pack, company=COMPANY, year="2024")
    return home


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with serving(Settings(home=home)) as client:
        yield client


@pytest.fixture(scope="module")
def card(client: httpx.Client) -> Json:
    answer = client.get(f"/v1/companies/{SLUG}/scorecard?year=2024")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def test_the_scorecard_is_over_both_documents(card: Json, data_pack: Path) -> None:
    validate(card)
    ids = {document_id(path.read_bytes()) for path in (SAMPLE, data_pack)}
    assert {d["id"] for d in card["documents"]} == ids
    assert {e["document_id"] for e in card["evidence"]} == ids
    assert (card["document"]["company"], card["document"]["year"]) == (COMPANY, 2024)
    scope1 = [k["value"] for k in card["kpis"] if (k["kpi"], k["fiscal_year"]) == ("scope1", 2024)]
    assert scope1 == [9871]


def test_a_company_lists_its_documents_and_years(client: httpx.Client) -> None:
    company = client.get(f"/v1/companies/{SLUG}").json()

    assert (company["name"], company["years"], len(company["documents"])) == (COMPANY, [2024], 2)
    newest, of_year = (client.get(company["links"][name]).content for name in ("scorecard", "2024"))
    assert newest == of_year


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/companies/nobody", "no_such_company"),
        (f"/v1/companies/{SLUG}/scorecard?year=1999", "no_scorecard"),
    ],
)
def test_what_is_not_there_is_said_with_the_next_step(client: httpx.Client, path: str, code: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json()["type"].endswith(code)
    assert answer.json()["next_step"]


def test_every_quote_is_shown_on_the_page_of_its_document(client: httpx.Client, card: Json) -> None:
    for evidence in card["evidence"][:2] + card["evidence"][-2:]:
        place = f"/v1/documents/{evidence['document_id']}/pages/{evidence['page']}.png"
        answer = client.get(f"{place}?evidence={evidence['id']}&crop=1")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")


def test_it_is_written_as_one_page_and_as_csv_too(client: httpx.Client) -> None:
    here = f"/v1/companies/{SLUG}/scorecard"

    page = client.get(f"{here}?format=html").text
    table = client.get(f"{here}?format=csv").text

    assert "doc. 1, p." in page
    assert page.count("data:image/png") > 3
    assert len({row.split(",")[2] for row in table.splitlines()[1:]}) == 3  # the binder and both documents
    tag = client.get(here).headers["etag"]
    assert client.get(here, headers={"If-None-Match": tag}).status_code == 304


def test_the_command_line_shows_the_same(home: Path, card: Json) -> None:
    shown = json.loads(esg(home, "scorecard", COMPANY, "--json").stdout)

    assert shown == card
    of_year = esg(home, "scorecard", SLUG, "--year", "2024").stdout
    assert "document 1: " in of_year
    assert "doc. 1, p." in of_year


def test_what_the_fleet_has_not_made_is_made_from_the_lake_with_the_same_bytes(
    home: Path, card: Json, tmp_path: Path
) -> None:
    """As after a change of the rubric: no worker has come to it yet."""
    forget = "import sqlalchemy as sa; from esg.resources import resources; e = resources().state.engine"
    python(home, f"{forget}\nwith e.begin() as tx: tx.execute(sa.text('DELETE FROM company_years'))")

    esg(home, "scorecard", COMPANY, "--out", str(tmp_path / "card.json"))

    assert json.loads((tmp_path / "card.json").read_bytes()) == card


def test_its_quotes_stand_an_independent_check(
    home: Path, card: Json, data_pack: Path, tmp_path: Path
) -> None:
    cards, reports = tmp_path / "cards", tmp_path / "reports"
    cards.mkdir()
    reports.mkdir()
    (cards / "company.json").write_text(json.dumps(card))
    for path in (SAMPLE, data_pack):
        (reports / path.name).write_bytes(path.read_bytes())

    found = json.loads(esg(home, "eval", "quotes", str(cards), "--reports", str(reports), "--json").stdout)

    assert found["problems"] == []
    assert found["verbatim"] == found["quotes"] > 10

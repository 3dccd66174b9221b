"""The register at the terminal and over HTTP: two names become one company, judged over both documents."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from esg.cli import main
from esg.domain import document_id
from esg.settings import Settings
from tests.fakes.fleets import write_report
from tests.fakes.serving import serving, upload
from tests.fakes.workshop import work_off

LEI = "529900K9B0N5BT694847"
SHEET = f"""name,aliases,sector,country,lei,fiscal_year_end
Acme Aktiengesellschaft,Acme Motors,Cars,DE,{LEI},12-31
Quite Other plc,,Banks,GB,,03-31
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("reports")
    return [write_report(folder / f"{tag}.pdf", tag=tag) for tag in ("first", "second", "third")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, reports: list[Path]) -> Path:
    """A home with two names of one company, before it has a register, and a third company."""
    home = tmp_path_factory.mktemp("home")
    with serving(Settings(home=home)) as client:
        for report, company in zip(reports, ("ACME AG", "Acme Motors", "Nobody Ltd"), strict=True):
            assert upload(client, report, company=company, year="2024").status_code == 202
    return home


@pytest.fixture(scope="module")
def sheet(home: Path) -> Path:
    """The register's sheet, imported, and all work done."""
    path = home / "companies.csv"
    path.write_text(SHEET)
    assert told(home, "companies", "import", str(path)) == {
        "added": 2, "updated": 0, "unchanged": 0, "moved": 2,
    }  # fmt: skip
    work_off(home)
    return path


def esg(home: Path, *arguments: str, code: int = 0) -> Result:
    """Run a command in this process and insist on its exit code."""
    ran = CliRunner(env={"ESG_HOME": str(home)}).invoke(main, arguments)
    assert ran.exit_code == code, ran.output
    return ran


def told(home: Path, *arguments: str, code: int = 0) -> Any:
    return json.loads(esg(home, *arguments, "--json", code=code).stdout)


def test_two_names_are_one_company_judged_over_both_documents(
    home: Path, sheet: Path, reports: list[Path]
) -> None:
    cards = [told(home, "scorecard", name) for name in ("Acme Motors", "acme", LEI)]

    assert {doc["id"] for doc in cards[0]["documents"]} == {document_id(r.read_bytes()) for r in reports[:2]}
    assert cards[0]["document"]["company"] == "Acme Aktiengesellschaft"
    assert cards[0] == cards[1] == cards[2]
    (compared, other) = told(home, "compare", LEI, "Nobody Ltd")
    assert (compared, other["document"]["company"]) == (cards[0], "Nobody Ltd")


def test_gold_goes_by_the_register(home: Path, sheet: Path, tmp_path: Path) -> None:
    league = told(home, "sql", "league")
    history = told(home, "history", "Acme Motors")
    exported = told(home, "export", "gold", "--out", str(tmp_path), "--format", "json")

    assert {(row["company"], row["sector"], row["documents"]) for row in league} == {
        ("Acme Aktiengesellschaft", "Cars", 2),
        ("Nobody Ltd", None, 1),
    }
    assert {row["company"] for row in history["levels"]} == {"Acme Aktiengesellschaft"}
    assert exported["companies"]["rows"] == 3  # both documents', and what is judged over both
    assert {row["lei"] for row in json.loads((tmp_path / "companies.json").read_text())} == {LEI}


def test_the_register_and_who_is_not_in_it_are_listed(home: Path, sheet: Path) -> None:
    assert [c["slug"] for c in told(home, "companies", "list")] == [
        "acme-aktiengesellschaft",
        "quite-other-plc",
    ]
    assert [d["company"] for d in told(home, "companies", "unmatched")] == ["Nobody Ltd"]
    assert "Acme Motors" in esg(home, "companies", "list").stdout
    assert "Nobody Ltd" in esg(home, "companies", "unmatched").stdout
    with serving(Settings(home=home)) as client:
        first, _ = client.get("/v1/companies").json()["companies"]
        page = client.get(f"/v1/companies/{first['slug']}").json()
    assert (first["name"], first["sector"], first["country"]) == ("Acme Aktiengesellschaft", "Cars", "DE")
    assert (page["name"], len(page["documents"])) == ("Acme Aktiengesellschaft", 2)


def test_a_document_is_matched_by_hand_and_left_to_the_register_again(
    home: Path, sheet: Path, reports: list[Path]
) -> None:
    third = document_id(reports[2].read_bytes())

    by_hand = told(home, "companies", "match", third[:10], "quite other")
    again = told(home, "companies", "match", third[:10], "--automatic")

    assert (by_hand["registered"], by_hand["matched_by"]) == ("quite-other-plc", "hand")
    assert again["registered"] == ""
    assert "esg companies list" in esg(home, "companies", "match", third[:10], "Nobody", code=2).stderr


Damage = Callable[[str], str]


@pytest.mark.parametrize(
    ("damage", "lines"),
    [
        (lambda text: text.replace(LEI, LEI[:-1] + "8").replace("GB", "UK"), [2, 3]),
        (lambda text: text + "Third,Acme Motors,,,,\n", [4]),
        (lambda text: text.replace("name,", "nome,"), [1, 1]),
        (lambda text: text + "Third,\n", [4]),
    ],
)
def test_a_sheet_with_mistakes_is_refused_whole(
    home: Path, sheet: Path, tmp_path: Path, damage: Damage, lines: list[int]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(damage(SHEET) + ("New,,,,,\n" if lines[0] > 1 else ""))

    found = told(home, "companies", "import", str(path), code=2)

    assert [error["line"] for error in found["errors"]] == lines
    assert f"{path}:{lines[0]}: " in esg(home, "companies", "import", str(path), code=2).stderr.replace(
        "\n", ""
    )
    assert len(told(home, "companies", "list")) == 2

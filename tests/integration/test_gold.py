"""Two years of a company, asked about and exported at the terminal."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from esg.cli import main
from esg.domain import document_id
from esg.resources import open_resources
from esg.state import Unit
from tests.fakes.catalogs import catalog, settings
from tests.fakes.fleets import write_report
from tests.fakes.serving import score_reports
from tests.fakes.workshop import work_off

TABLES = [
    "claims",
    "companies",
    "contradictions",
    "criteria",
    "disclosures",
    "documents",
    "evidence",
    "kpis",
    "scorecards",
    "themes",
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("reports")
    return [write_report(folder / f"{tag}.pdf", tag=tag) for tag in ("first", "second", "third")]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, reports: list[Path]) -> Path:
    """A home where Acme has two documents of 2024 and one of 2023."""
    home = tmp_path_factory.mktemp("home")
    score_reports(home, *reports[:2], company="Acme AG", year="2024")
    score_reports(home, reports[2], company="Acme AG", year="2023")
    return home


def esg(home: Path, *arguments: str, code: int = 0) -> Result:
    """Run a command in this process and insist on its exit code."""
    ran = CliRunner(env={"ESG_HOME": str(home)}).invoke(main, arguments)
    assert ran.exit_code == code, ran.output
    return ran


def told(home: Path, *arguments: str) -> Any:
    return json.loads(esg(home, *arguments, "--json").stdout)


def test_a_company_year_stands_once_in_the_league(home: Path) -> None:
    found = told(home, "sql", "league")

    assert [(row["year"], row["company"], row["documents"]) for row in found] == [
        (2024, "Acme AG", 2),
        (2023, "Acme AG", 1),
    ]


def test_a_query_reaches_the_bytes_of_the_documents(home: Path, reports: list[Path]) -> None:
    sql = "SELECT DISTINCT document_id FROM evidence INNER JOIN documents USING (trace_id, document_id)"

    found = told(home, "sql", sql)

    assert {row["document_id"] for row in found} <= {document_id(path.read_bytes()) for path in reports}
    assert found


def test_the_questions_are_listed(home: Path) -> None:
    assert "changes" in told(home, "sql")
    assert "league" in esg(home, "sql").stdout


def test_history_tells_the_years(home: Path) -> None:
    found = told(home, "history", "acme-ag")

    assert [row["year"] for row in found["levels"]] == [2024, 2023]
    assert "2023" in esg(home, "history", "Acme AG").stdout


@pytest.mark.parametrize(
    "arguments", [("history", "Nobody"), ("sql", "SELECT nope FROM kpis"), ("sql", "leage")]
)
def test_what_cannot_be_answered_is_said_in_a_sentence(home: Path, arguments: tuple[str, ...]) -> None:
    ran = esg(home, *arguments, code=2)

    assert ran.stderr.startswith("esg: ")
    assert "Traceback" not in ran.stderr


def test_gold_is_exported_in_three_formats_with_the_same_rows(home: Path, tmp_path: Path) -> None:
    written = {kind: told(home, "export", "gold", "--out", str(tmp_path / kind), "--format", kind)
               for kind in ("parquet", "csv", "json")}  # fmt: skip

    for name in TABLES:
        parquet = pq.read_table(tmp_path / "parquet" / f"{name}.parquet")
        rows = json.loads((tmp_path / "json" / f"{name}.json").read_text())
        sheet = io.StringIO((tmp_path / "csv" / f"{name}.csv").read_text("utf-8-sig"), newline="")
        assert parquet.to_pylist() == rows
        assert len(list(csv.DictReader(sheet))) == len(rows) == written["csv"][name]["rows"]
    assert pq.read_table(tmp_path / "parquet" / "evidence.parquet").num_rows > 0


def test_an_export_is_the_same_bytes_again(home: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        esg(home, "export", "gold", "--out", str(tmp_path / folder))

    for name in TABLES:
        one, two = ((tmp_path / folder / f"{name}.parquet").read_bytes() for folder in ("one", "two"))
        assert one == two


def test_where_nothing_was_scored_it_says_how_to_begin(tmp_path: Path) -> None:
    assert "esg score FILE" in esg(tmp_path, "sql", "league", code=2).stderr


@pytest.fixture(scope="module")
def kept(home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same home with gold kept in Iceberg tables, written by the task; before that in plain files."""
    place = catalog("sqlite", tmp_path_factory.mktemp("tables")) | {"ESG_HOME": str(home)}
    write({"ESG_HOME": str(home)}, "last night")
    write(place, "tonight")
    return place


def write(place: dict[str, str], night: str) -> None:
    unit = Unit("etl.gold", night, {"call": night}, on_queue="index")
    open_resources(settings(place)).state.enqueue(unit)
    work_off(Path(place["ESG_HOME"]), 10, environment=place)


def from_tables(place: dict[str, str], *arguments: str, code: int = 0) -> Result:
    ran = CliRunner(env=place).invoke(main, arguments)
    assert ran.exit_code == code, ran.output
    return ran


@pytest.mark.parametrize("command", [("sql", "league"), ("sql", "panel"), ("history", "Acme AG")])
def test_gold_from_tables_answers_as_gold_from_scorecards(
    home: Path, kept: dict[str, str], command: tuple[str, ...]
) -> None:
    assert json.loads(from_tables(kept, *command, "--json").stdout) == told(home, *command)


@pytest.mark.parametrize("is_in_catalog", [True, False])
def test_what_was_said_on_a_day_can_be_asked(home: Path, kept: dict[str, str], is_in_catalog: bool) -> None:
    place = kept if is_in_catalog else {"ESG_HOME": str(home)}
    today = datetime.now(UTC).strftime("%Y-%m-%d")

    then = from_tables(place, "sql", "league", "--as-of", today, "--json")

    assert json.loads(then.stdout) == told(home, "sql", "league")
    assert (
        "no gold of 2020-03-01" in from_tables(place, "sql", "league", "--as-of", "2020-03-01", code=2).stderr
    )


def test_plain_files_are_read_by_whatever_reads_parquet(home: Path, kept: dict[str, str]) -> None:
    del kept  # it has them written
    figures = pq.read_table(home / "lake/gold/tables/v1/kpis").select(["kpi", "year", "value"]).to_pylist()

    asked = told(home, "sql", "SELECT kpi, year, value FROM kpis")
    assert sorted(map(repr, figures)) == sorted(map(repr, asked))

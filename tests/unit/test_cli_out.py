"""`--out`: decided before anything is scored, and one line when it cannot be written."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from esg import errors
from esg.cli import main
from esg.cli.destination import Destination, destination, save
from esg.cli.outcome import Outcome


@pytest.mark.parametrize(
    ("out", "formats", "to"),
    [
        ("cards", [], Destination(Path("cards"), ("html",), is_folder=True)),
        ("cards", ["csv", "json"], Destination(Path("cards"), ("csv", "json"), is_folder=True)),
        ("h.HTML", [], Destination(Path("h.HTML"), ("html",), is_folder=False)),
        ("x.json", ["json"], Destination(Path("x.json"), ("json",), is_folder=False)),
    ],
)
def test_an_ending_makes_it_a_file(out: str, formats: list[str], to: Destination) -> None:
    assert destination(Path(out), formats, sources=1) == to


def test_a_folder_that_is_there_is_a_folder_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "v1.docx"
    folder.mkdir()

    assert destination(folder, [], sources=3).is_folder


@pytest.mark.parametrize(
    ("out", "formats", "sources", "words"),
    [
        ("x.docx", [], 1, r"\.html, \.json, \.csv, \.parquet, \.pdf, or be a folder"),
        ("x.json", ["csv"], 1, "--format says csv"),
        ("x.json", ["json", "csv"], 1, "--format says json,csv"),
        ("x.json", [], 2, "one file for 2 reports"),
    ],
)
def test_what_contradicts_itself_is_refused(out: str, formats: list[str], sources: int, words: str) -> None:
    with pytest.raises(click.UsageError, match=words):
        destination(Path(out), formats, sources=sources)


def test_a_file_without_an_ending_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "cards").touch()

    with pytest.raises(click.UsageError, match="or be a folder"):
        destination(tmp_path / "cards", [], sources=1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "--local", "a.pdf", "--out", "x.docx"],
        ["score", "a.pdf", "b.pdf", "--out", "x.json"],
        ["score", "a.pdf", "--out", "x.json", "--format", "csv"],
        ["scorecard", "Acme", "--out", "x.docx"],
    ],
)
def test_the_commands_refuse_before_they_open_anything(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESG_HOME", str(tmp_path / "home"))

    result = CliRunner().invoke(main, arguments)

    assert result.exit_code == 2
    assert "Error: --out" in result.stderr
    assert not (tmp_path / "home").exists()


def test_what_cannot_be_written_is_one_sentence() -> None:
    with pytest.raises(errors.EsgError, match=r"^Could not write /dev/null/x\.json: "):
        save(Path("/dev/null/x.json"), b"{}")


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("in/Report #3 final?.pdf", "Report #3 final?"),
        ("a#b.pdf", "a#b"),
        ("https://acme.example/files/report%20a.pdf?download=1#page=2", "report%20a"),
        ("https://acme.example/", "report"),
    ],
)
def test_a_file_is_called_as_its_source(source: str, stem: str) -> None:
    assert Outcome(source, "scored").stem == stem

"""Scoring again is measured both ways in turns, by a rubric that differs from the shipped one in a weight."""

import os
import time
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from esg.cli.bench import command
from esg.cores import cores
from esg.domain import Document, Identity, MediaType
from esg.evaluate.rescore import WAITED_FOR, Score, bench_rescore, changed_rubric, figures, waited_for
from esg.rubric import load

DOCUMENTS = [Document(name * 64, f"{name}.pdf", MediaType.PDF, 1, Identity("", None), 5) for name in "ab"]


@pytest.mark.parametrize("is_folder", [True, False])
def test_the_changed_rubric_differs_in_one_weight(tmp_path: Path, is_folder: bool) -> None:
    shipped = load("maturity")
    source = tmp_path / "water.toml"
    if not is_folder:
        guide = Path(__file__).parents[2] / "docs" / "howto" / "rubric.md"
        source.write_text(guide.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0])
        shipped = load(str(source))
    folder = tmp_path / "changed"
    folder.mkdir()

    changed = load(str(changed_rubric("maturity" if is_folder else str(source), folder)))

    pairs = zip(shipped.themes, changed.themes, strict=True)
    other = [(a, b) for s, c in pairs for a, b in zip(s.criteria, c.criteria, strict=True) if a != b]
    assert [(a.id == b.id, a.weight != b.weight) for a, b in other] == [(True, True)]


def test_both_ways_see_every_document_in_every_round() -> None:
    seen: list[tuple[str, str]] = []

    def way(name: str, made: bytes = b"") -> Score:
        def score(document: Document) -> bytes:
            seen.append((name, document.id[0]))
            return made or document.id.encode()

        return score

    found = bench_rescore(DOCUMENTS, first=way("first"), again=way("again"), naive=way("naive"), rounds=2)

    assert seen[:2] == [("first", "a"), ("first", "b")]
    assert sorted(seen[2:]) == sorted([(n, d) for n in ("again", "naive") for d in "ab"] * 3)
    assert (found.documents, found.pages, found.differing) == (2, 10, 0)
    assert [len(found.again), len(found.naive)] == [2, 2]


def test_scorecards_that_differ_between_the_ways_are_counted_and_miss_the_bar() -> None:
    found = bench_rescore(
        DOCUMENTS,
        first=lambda document: b"",
        again=lambda document: b"one",
        naive=lambda document: b"one" if document is DOCUMENTS[0] else b"other",
        rounds=1,
    )

    assert found.differing == 2
    told = {figure.what: figure for figure in figures(found)}
    assert told["scorecards that differ between the two"].is_reached is False
    assert told["a document scored again"].unit == "ms of CPU"


def test_every_core_takes_part_when_all_are_waited_for(tmp_path: Path) -> None:
    walls = waited_for(DOCUMENTS, partial(_noting, tmp_path), rounds=2)

    assert len(walls) == 2
    assert all(0.01 * 0.9 / cores() < wall for wall in walls)
    processes = [note.read_text() for note in tmp_path.iterdir()]
    assert len(processes) == cores()
    assert sum(map(len, processes)) == 3 * WAITED_FOR  # two rounds and one before
    assert all(processes)


def _noting(folder: Path) -> Score:
    note = folder / str(os.getpid())

    def score(document: Document) -> bytes:
        time.sleep(0.01)
        with note.open("a") as file:
            file.write(document.id[0])
        return b""

    return score


def test_bench_without_a_word_measures_the_stages() -> None:
    for arguments in (["none.pdf"], ["stages", "none.pdf"], ["--rounds", "1", "none.pdf"]):
        ran = CliRunner().invoke(command, arguments)
        assert "none.pdf" in str(ran.exception)
    assert "rescore" in CliRunner().invoke(command, ["--help"]).output

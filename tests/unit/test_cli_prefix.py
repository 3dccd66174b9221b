"""An id may be given by its start, where that says which one is meant."""

import io
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from esg import errors
from esg.cli import main
from esg.cli.prefix import completed
from esg.cli.status import listing
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import State, Unit

IDS = ["abcdef11" + "0" * 24, "abcdef22" + "0" * 24, "abcdef"]


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("abcdef1", IDS[0]),
        (IDS[1], IDS[1]),
        ("abcdef", "abcdef"),  # it is an id itself
        ("bbbbbbb", "bbbbbbb"),
        ("abcde", "abcde"),  # too short to be looked for
    ],
)
def test_the_start_of_one_id_is_that_id(name: str, whole: str) -> None:
    assert completed(name, lambda: IDS) == whole


def test_the_start_of_several_is_none_of_them() -> None:
    with pytest.raises(errors.EsgError, match=f"2 ids begin with abcdef: {IDS[0]}, {IDS[1]}"):
        completed("abcdef", lambda: IDS[:2])


def test_of_very_many_some_are_named() -> None:
    many = [f"abcdef{n:026}" for n in range(40)]

    with pytest.raises(errors.EsgError, match=r"40 ids begin with abcdef: .*, …"):
        completed("abcdef", lambda: many)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setenv("ESG_HOME", str(tmp_path))
    return open_resources(Settings()).state


def test_a_job_is_shown_by_its_start(state: State) -> None:
    job = state.submit("https://example.com/a.pdf")

    result = CliRunner().invoke(main, ["status", job.id[:6]])

    assert result.exit_code == 0
    assert job.id in result.stdout


def test_an_id_is_never_broken_over_lines(state: State) -> None:
    job = state.submit("https://example.com/" + "a-long-name-" * 9 + ".pdf", company="Long name " * 9)
    narrow = Console(file=io.StringIO(), width=80)

    with narrow.capture() as printed:
        narrow.print(listing([job]))

    assert job.id in printed.get()


def test_a_dead_letter_is_shown_by_its_start(state: State) -> None:
    letter = quarantined(state, "a")

    result = CliRunner().invoke(main, ["dlq", "show", letter[:6]])

    assert result.exit_code == 0
    assert letter in result.stdout


@pytest.mark.parametrize(("command", "after"), [("retry", "retried"), ("drop", "dropped")])
def test_dead_letters_are_dealt_with_by_their_starts(state: State, command: str, after: str) -> None:
    letters = [quarantined(state, subject) for subject in "ab"]

    result = CliRunner().invoke(main, ["dlq", command, *(letter[:8] for letter in letters)])

    assert result.exit_code == 0
    assert [state.dead_letter(letter).state for letter in letters] == [after, after]


@pytest.mark.parametrize("command", ["show", "retry", "drop"])
def test_nothing_is_done_where_one_of_the_starts_is_of_none(state: State, command: str) -> None:
    letter = quarantined(state, "a")
    names = ["zzzzzzzz"] if command == "show" else [letter[:8], "zzzzzzzz"]

    result = CliRunner().invoke(main, ["dlq", command, *names])

    assert result.exit_code == 2
    assert "There is no dead letter zzzzzzzz." in result.stderr
    assert state.dead_letter(letter).state == "open"


def test_all_dead_letters_are_also_those_dropped(state: State) -> None:
    dropped, left = quarantined(state, "a"), quarantined(state, "b")
    state.drop_dead_letter(dropped)

    result = CliRunner(env={"COLUMNS": "60"}).invoke(main, ["dlq", "list", "--all"])

    assert dropped in result.stdout
    assert left in result.stdout
    assert dropped not in CliRunner().invoke(main, ["dlq", "list"]).stdout


def quarantined(state: State, subject: str) -> str:
    unit = state.enqueue(Unit("index.probe", subject, {}))
    claimed = state.claim(unit, "worker")
    assert claimed is not None
    state.fail(claimed, errors.Rejected("It is broken.", code="broken"))
    return unit

"""Contenders take turns on the same work; whoever cannot take part is left out, and the bench says why."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from esg.evaluate.bench.contender import Contender, Unavailable
from esg.evaluate.bench.rounds import by_turns, peak_mib, seconds, started, take_turns

WORKER = """
PACKAGES = ("numpy",)
def load():
    print("what a library prints is no answer")
    return {"count": count}
def count(text):
    if text == "STOP":
        raise ValueError("it does not like\\nthis")
    return {"letters": len(text)}
"""
AskedFor = Callable[[Contender, Any], dict[str, Any]]


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def _opener(name: str, path: Path) -> Callable[[], Contender]:
    return partial(Contender, name, Path(sys.executable), path)


def _count(contender: Contender, text: str) -> dict[str, Any]:
    return contender.ask("count", text=text)


def _quietly(_: str) -> None: ...


def test_every_contender_answers_every_work_in_every_round(script: Callable[[str, str], Path]) -> None:
    path = script("worker", WORKER)

    with started({"a": _opener("a", path), "b": _opener("b", path)}) as taking_part:
        told = take_turns(taking_part, ["one", "three"], _count, rounds=2, on_turn=_quietly)

    assert {
        name: [[work["letters"] for work in works] for works in answers] for name, answers in told.items()
    } == {
        "a": [[3, 5], [3, 5]],
        "b": [[3, 5], [3, 5]],
    }
    assert all(value > 0 for value in (*seconds(told["a"]), *peak_mib(told["a"])))
    assert set(taking_part.versions["a"]) == {"numpy"}
    assert taking_part.skipped == []


def test_the_order_moves_so_that_nobody_always_goes_first(script: Callable[[str, str], Path]) -> None:
    path = script("worker", WORKER)
    turns: list[str] = []

    with started({"a": _opener("a", path), "b": _opener("b", path)}) as taking_part:
        take_turns(taking_part, ["x", "y"], _count, rounds=0, on_turn=turns.append)

    assert [turn[0] for turn in turns] == ["a", "b", "b", "a"]


def test_one_that_cannot_load_is_left_out_with_its_reason(script: Callable[[str, str], Path]) -> None:
    openers = {
        "whole": _opener("whole", script("whole", WORKER)),
        "broken": _opener("broken", script("broken", "PACKAGES = ()\ndef load(): raise OSError('no model')")),
        "dead": _opener("dead", script("dead", "import os\nos._exit(3)")),
    }

    with started(openers) as taking_part:
        names = [contender.name for contender in taking_part.contenders]

    assert names == ["whole"]
    assert [(each.what, each.reason) for each in taking_part.skipped] == [
        ("broken", "OSError: no model"),
        ("dead", "it ended: without a word"),
    ]


def test_one_that_fails_on_a_work_is_left_out_of_all(script: Callable[[str, str], Path]) -> None:
    path = script("worker", WORKER)

    def ask(contender: Contender, text: str) -> dict[str, Any]:
        return contender.ask("count", text="STOP" if contender.name == "b" else text)

    with started({"a": _opener("a", path), "b": _opener("b", path)}) as taking_part:
        told = take_turns(taking_part, ["one"], ask, rounds=1, on_turn=_quietly)

    assert list(told) == ["a"]
    assert taking_part.skipped[0].reason == "ValueError: it does not like this"


def test_an_operation_that_is_not_there_is_told(script: Callable[[str, str], Path]) -> None:
    with (
        Contender("a", Path(sys.executable), script("worker", WORKER)) as contender,
        pytest.raises(Unavailable, match="KeyError: 'sing'"),
    ):
        contender.ask("sing")


def test_measures_take_turns_and_the_first_of_each_only_warms_up() -> None:
    taken: list[str] = []

    def measured(name: str) -> float:
        taken.append(name)
        return float(len(taken))

    found = by_turns({name: partial(measured, name) for name in ("a", "b")}, rounds=2, on_turn=_quietly)

    assert taken == ["a", "b"] * 3
    assert found == {"a": [3.0, 5.0], "b": [4.0, 6.0]}

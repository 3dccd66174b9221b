"""docs/bench.py: the page says what the record says, and a cost that rises is noticed."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "docs" / "bench.py"


@pytest.fixture(scope="module")
def bench() -> dict[str, Any]:
    return runpy.run_path(str(BENCH))


@pytest.mark.parametrize(("value", "has_risen"), [(0.1, False), (1.0, False), (1.24, False), (1.26, True)])
def test_a_cost_rises_when_it_exceeds_its_record_by_more_than_its_noise(
    bench: dict[str, Any], value: float, has_risen: bool
) -> None:
    assert bench["Short"]("x", "x", "x", 0.25).has_risen(value, 1.0) is has_risen


def test_a_regression_of_one_stage_is_told_and_noise_of_the_others_is_not(bench: dict[str, Any]) -> None:
    recorded = {short.name: 10.0 for short in bench["SHORTS"]}
    noisy = dict.fromkeys(recorded, 12.0)

    assert bench["_risen"](noisy, recorded) == []
    for slower in recorded:
        risen = bench["_risen"](noisy | {slower: 14.0}, recorded)
        assert [short.name for short in risen] == [slower]


def test_a_cost_is_held_against_its_own_kind_of_processor_or_the_highest(bench: dict[str, Any]) -> None:
    record = {"slow": {"embed": 25.0, "chunk": 1.0}, "fast": {"embed": 12.0}, "old": {"embed": 13.0}}

    assert bench["_expected"](record, "fast") == {"embed": 12.0, "chunk": 1.0}
    assert bench["_expected"](record, "unknown") == {"embed": 25.0, "chunk": 1.0}
    assert bench["_expected"]({}, "unknown") == {}


def test_a_cost_that_was_not_measured_fails_with_the_reason(bench: dict[str, Any]) -> None:
    told = {"figures": [], "skipped": [{"what": "stages", "reason": "no such file"}]}

    with pytest.raises(SystemExit, match=r"was not measured: .*no such file"):
        bench["_cost"](bench["SHORTS"][0], told)


def test_the_page_shows_every_figure_of_the_record(bench: dict[str, Any]) -> None:
    record = json.loads((BENCH.parent / "performance.json").read_text(encoding="utf-8"))

    page = bench["_page"](record)

    for run in bench["RUNS"]:
        for figure in record.get(run.name, {"figures": []})["figures"]:
            assert f"| {figure['what']} | {bench['_figure'](figure['value'])} {figure['unit']} |" in page


def test_a_bar_that_is_missed_is_told(bench: dict[str, Any]) -> None:
    record = json.loads((BENCH.parent / "performance.json").read_text(encoding="utf-8"))
    figure = record["api"]["figures"][0]
    figure["bar"], figure["reached"] = "≥ 1e+06", False

    assert "| ≥ 1e+06 | **no** |" in bench["_page"](record)


def test_the_parts_of_the_page_are_those_that_are_run(bench: dict[str, Any]) -> None:
    template = BENCH.with_name("performance.md.j2").read_text(encoding="utf-8")

    assert all(f'section("{run.name}")' in template for run in bench["RUNS"])

"""What benches tell: medians, ratios round by round, and whether a bar is reached."""

import pytest

from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result, rates, ratio


def test_a_figure_is_its_median_and_is_held_to_its_bar() -> None:
    figure = Figure("esg", "pages/s", (30.0, 10.0, 20.0), Bar(15))

    assert figure.value == 20.0
    assert figure.to_dict() == {
        "what": "esg",
        "unit": "pages/s",
        "value": 20.0,
        "samples": [30.0, 10.0, 20.0],
        "bar": "≥ 15",
        "reached": True,
    }


@pytest.mark.parametrize(
    ("bar", "value", "holds"),
    [(Bar(2), 2.0, True), (Bar(2), 1.9, False), (Bar(2, is_upper=True), 2.0, True),
     (Bar(2, is_upper=True), 2.1, False)],
)  # fmt: skip
def test_a_bar_is_reached_on_its_own_side(bar: Bar, value: float, holds: bool) -> None:
    assert Figure("x", "s", (value,), bar).is_reached is holds


def test_ratios_are_taken_within_a_round() -> None:
    drifted = ratio("a / b", (2.0, 20.0, 200.0), (1.0, 10.0, 100.0))

    assert drifted.samples == (2.0, 2.0, 2.0)
    assert rates(10, (2.0, 5.0)) == (5.0, 2.0)


def test_a_result_says_where_it_is_from() -> None:
    machine = this_machine()

    told = Result("extract", machine, {"a.pdf": 3}, 2, (Figure("esg", "s", (1.23456,)),)).to_dict()

    assert told["schema"] == "esg.bench/1"
    assert told["machine"]["cores"] >= 1
    assert told["machine"]["libraries"]["onnxruntime"]
    assert told["figures"][0]["value"] == 1.235
    assert told["figures"][0]["reached"] is None


def test_a_figure_that_was_not_measured_is_not_there() -> None:
    with pytest.raises(LookupError, match="extract has no figure 'x'"):
        Result("extract", this_machine(), {}, 1, ()).figure("x")

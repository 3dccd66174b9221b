"""Figures of rankings and their intervals, against values worked out by hand."""

from math import log2
from statistics import fmean

import pytest

from esg.evaluate.bootstrap import interval
from esg.evaluate.ranking import average_precision, ndcg


@pytest.mark.parametrize(
    ("gains", "k", "value"),
    [
        ([2, 1, 0, 0], None, 1.0),
        ([0, 2], None, (2 / log2(3)) / 2),
        ([1, 0, 2], None, (1 + 2 / 2) / (2 + 1 / log2(3))),
        ([0, 0, 2, 1], 2, 0.0),
        ([1, 2, 2], 1, 1 / 2),
        ([1], 10, 1.0),
        ([0, 0], None, 0.0),
    ],
)
def test_ndcg_is_the_share_of_the_best_discounted_gain(gains: list[int], k: int | None, value: float) -> None:
    assert ndcg(gains, k=k) == pytest.approx(value)


@pytest.mark.parametrize(
    ("relevant", "value"),
    [
        ([True, True, False], 1.0),
        ([False, True], 1 / 2),
        ([True, False, True, False], (1 + 2 / 3) / 2),
        ([False, False], 0.0),
    ],
)
def test_average_precision_is_the_mean_over_relevant_places(relevant: list[bool], value: float) -> None:
    assert average_precision(relevant) == pytest.approx(value)


def test_an_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    values = [0.2, 0.4, 0.5, 0.9, 1.0, 0.1]

    low, high = interval(values, fmean)

    assert min(values) <= low < fmean(values) < high <= max(values)
    assert interval(values, fmean) == (low, high)


def test_units_that_agree_leave_no_doubt() -> None:
    assert interval([0.5] * 8, fmean) == (0.5, 0.5)

"""How far two readers agree: figures worked out by hand."""

import pytest

from esg.evaluate import agreement, calibration
from esg.evaluate.bootstrap import interval


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        ([(0, 0), (1, 1), (2, 2)], 1.0),
        ([(0, 1), (0, 0), (1, 0), (1, 1)], 0.0),  # as good as a coin
        ([(0, 2), (2, 0)], -1.0),  # always the other end
        ([(2, 2), (2, 2)], 1.0),  # nothing to tell apart, and they agree
        ([(2, 1), (2, 1)], 0.0),
    ],
)
def test_kappa_is_agreement_beyond_chance(pairs: list[agreement.Pair], kappa: float) -> None:
    assert agreement.quadratic_kappa(pairs, levels=5) == pytest.approx(kappa)


def test_a_miss_by_two_weighs_four_times_one_by_one() -> None:
    """Observed 4 against expected 4 · 2 (gold 0, 0, 2, 2; ours 2, 0, 2, 2): 1 − 4/8."""
    assert agreement.quadratic_kappa([(0, 2), (0, 0), (2, 2), (2, 2)], levels=5) == pytest.approx(0.5)


def test_errors_and_exactness_are_means() -> None:
    pairs = [(0, 2), (1, 1), (3, 2), (4, 4)]
    assert agreement.mean_absolute_error(pairs) == pytest.approx(0.75)
    assert agreement.exact(pairs) == pytest.approx(0.5)
    assert agreement.confusion(pairs, levels=5)[3] == [0, 0, 1, 0, 0]


def test_a_confidence_is_off_by_its_distance_from_what_came_true() -> None:
    """Two claims at .95 of which one was right (gap .45), two at .5 of which one was right (gap 0)."""
    claims = [(0.95, True), (0.95, False), (0.5, True), (0.5, False)]
    assert calibration.expected_error(claims) == pytest.approx(0.225)
    assert [b.count for b in calibration.bins(claims)] == [2, 2]


def test_a_confidence_of_one_is_in_the_last_bin() -> None:
    (only,) = calibration.bins([(1.0, True)])
    assert (only.low, only.right) == (0.9, 1.0)


def test_an_interval_holds_the_figure_and_is_the_same_each_time() -> None:
    values = [0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]

    def mean(units: object) -> float:
        found = list(units)  # type: ignore[call-overload]
        return float(sum(found) / len(found))

    low, high = interval(values, mean)
    assert low < 0.75 < high
    assert (low, high) == interval(values, mean)
    assert interval([1.0, 1.0], mean) == (1.0, 1.0)

"""Levels → the geometry of a radar chart."""

from dataclasses import replace

import pytest

from esg.report.radar import LEVELS, RADIUS, radar
from tests.fakes.scorecards import scorecard

THEMES = scorecard().themes


def test_axes_run_clockwise_from_the_top() -> None:
    chart = radar(THEMES)
    assert chart
    assert [axis.code for axis in chart.axes] == [theme.code for theme in THEMES]
    assert chart.axes[0].end == (0.0, -RADIUS)
    assert chart.axes[1].end.x > 0 > chart.axes[-1].end.x
    assert [axis.anchor for axis in chart.axes] == ["middle", "start", "start", "start", "end", "end", "end"]


def test_a_value_lies_on_its_axis_at_its_level() -> None:
    chart = radar(THEMES)
    assert chart
    for theme, axis in zip(THEMES, chart.axes, strict=True):
        assert axis.value.x == pytest.approx(axis.end.x * theme.level / LEVELS, abs=0.1)
        assert axis.value.y == pytest.approx(axis.end.y * theme.level / LEVELS, abs=0.1)


def test_there_is_a_ring_for_each_level() -> None:
    chart = radar(THEMES)
    assert chart
    assert len(chart.rings) == LEVELS
    assert all(len(ring.split()) == len(THEMES) for ring in (*chart.rings, chart.shape))
    assert "-0," not in " ".join((*chart.rings, chart.shape)).replace("-0.", "")


def test_all_at_zero_is_a_point() -> None:
    chart = radar([replace(theme, level=0) for theme in THEMES])
    assert chart
    assert set(chart.shape.split()) == {"0,0"}


def test_two_themes_make_no_radar() -> None:
    assert radar(THEMES[:2]) is None

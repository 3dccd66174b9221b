"""How sure a level is: agreement, breadth, legibility and age, and no clock."""

import pytest

from esg.domain import Status, ThemeScore
from esg.score import confidence
from esg.score.levels import Standing
from esg.score.overall import grade, overall


@pytest.mark.parametrize(
    ("year", "loss"),
    [(2026, 0), (2025, 0), (2024, 0), (2023, 0.1), (2022, 0.2), (2021, 0.3), (2012, 0.3), (None, 0)],
)
def test_age_is_counted_from_the_rubric_not_from_a_clock(year, loss):
    assert confidence.freshness(year, (2026, 11)) == loss


@pytest.mark.parametrize(
    ("months", "loss"),
    [((2026, 12), 0), ((2027, 1), 0.1), ((2027, 12), 0.1), ((2028, 1), 0.2), ((2029, 1), 0.3)],
)
def test_the_borders_of_age(months, loss):
    assert confidence.freshness(2024, months) == loss


def test_agreement_breadth_and_legibility_count():
    strong = Standing(3, held=1.0, next_share=0.0)
    weak = Standing(3, held=0.5, next_share=0.9)

    sure = confidence.of_level(strong, pages=3, unread=0.0)

    assert sure > confidence.of_level(weak, pages=3, unread=0.0)
    assert sure > confidence.of_level(strong, pages=1, unread=0.0)
    assert sure > confidence.of_level(strong, pages=3, unread=0.4)
    assert 0 <= confidence.of_level(weak, pages=0, unread=1.0) <= sure <= 0.99


def test_what_is_missing_from_full_support_counts_by_a_fitted_share():
    full = Standing(2, held=1.0, next_share=0.0)
    half = Standing(2, held=0.5, next_share=0.5)

    assert confidence.of_level(full, pages=3, unread=0) == 0.99  # never certain
    assert confidence.of_level(half, pages=3, unread=0) == 0.91  # 0.3 is missing, of which 0.3 counts


def test_a_long_silence_is_surer_than_a_short_one():
    assert confidence.of_silence(read_pages=40, unread=0) > confidence.of_silence(read_pages=1, unread=0)


def test_confidence_is_never_below_nothing():
    assert confidence.lowered(0.2, 0.3) == 0


@pytest.mark.parametrize(
    ("score", "name"),
    [
        (0, "Nascent"),
        (0.99, "Nascent"),
        (1.0, "Emerging"),
        (2.0, "Established"),
        (3.0, "Advanced"),
        (3.59, "Advanced"),
        (3.6, "Leading"),
        (4.0, "Leading"),
    ],
)
def test_grades(score, name):
    assert grade(score) == name


def test_the_overall_score_is_the_mean_of_all_themes():
    themes = [
        ThemeScore(c, level, 0.5, Status.SCORED, "", (), ()) for c, level in (("A", 4), ("B", 1), ("C", 0))
    ]

    assert overall(themes).score == 1.67
    assert overall(themes).grade == "Emerging"


@pytest.mark.parametrize(
    ("by_ocr", "decoded", "loss"), [(0, 0, 0), (1, 0, 0.1), (1, 1, 0.03), (0.5, 0, 0.05), (1, 0.5, 0.065)]
)
def test_what_reading_by_ocr_takes_away(by_ocr, decoded, loss):
    assert confidence.of_ocr(by_ocr=by_ocr, decoded=decoded) == pytest.approx(loss)

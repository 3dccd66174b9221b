"""Criteria met → level: a table, no documents."""

import pytest

from esg.rubric import Criterion, Demand, Theme
from esg.score.levels import share, standing

CRITERIA = (
    Criterion("X.1.a", 1, "", ()),
    Criterion("X.1.b", 1, "", (), weight=0.5),
    Criterion("X.2.a", 2, "", (), weight=2, required=True),
    Criterion("X.2.b", 2, "", ()),
    Criterion("X.2.c", 2, "", ()),
    Criterion("X.3.a", 3, "", ()),
    Criterion("X.3.b", 3, "", ()),
    Criterion("X.3.c", 3, "", (), weight=0),
    Criterion("X.4.a", 4, "", (), required=True),
    Criterion("X.4.b", 4, "", ()),
)
DEMANDS = (Demand(1, "", 0.5), Demand(2, "", 0.6), Demand(3, "", 0.5), Demand(4, "", 1.0))
THEME = Theme("X", "", "", (), (), DEMANDS, CRITERIA)


def met(names):
    return {c.id: c.id[2:] in names.split() for c in CRITERIA}


@pytest.mark.parametrize(
    ("names", "level"),
    [
        ("", 0),
        ("1.b", 0),  # too little weight
        ("1.a", 1),
        ("1.a 2.b 2.c", 1),  # what is required is missing
        ("1.a 2.a", 1),  # half the weight is not enough
        ("1.a 2.a 2.b", 2),
        ("2.a 2.b", 0),  # nothing of the level below
        ("1.a 1.b 2.a 2.b 3.a", 3),
        ("1.a 3.a 3.b", 1),  # the level between does not hold
        ("1.a 1.b 2.a 2.b 3.c", 2),  # a criterion of weight 0 moves no level
        ("1.a 1.b 2.a 2.b 2.c 4.a 4.b", 4),  # all but level 3, which substantially is less than half
        ("1.a 1.b 2.a 2.b 2.c 3.a 4.b", 3),
        ("1.a 1.b 2.a 2.b 2.c 3.a 3.b 4.a", 3),
        ("1.a 1.b 2.a 2.b 2.c 3.a 3.b 4.a 4.b", 4),
    ],
)
def test_the_highest_level_whose_demands_hold(names, level):
    assert standing(THEME, met(names)).level == level


def test_more_criteria_never_lower_a_level():
    levels = [standing(THEME, met(" ".join(c.id[2:] for c in CRITERIA[:n]))).level for n in range(11)]
    assert levels == sorted(levels)


def test_shares_are_of_weight():
    assert share(THEME.of_level(2), met("2.a")) == 0.5
    assert share((), {}) == 0


def test_how_near_the_next_level_is():
    assert standing(THEME, met("1.a")).next_share == 0
    assert standing(THEME, met("1.a 2.b 2.c")).next_share == pytest.approx(0.5 / 0.6)
    assert standing(THEME, met(" ".join(c.id[2:] for c in CRITERIA))).next_share == 0

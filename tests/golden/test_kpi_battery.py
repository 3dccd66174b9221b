"""How well figures and claims are read from invented fragments; the held-out half is not tuned on."""

import pytest

from tests.golden.kpi_battery import battery


@pytest.fixture(scope="module")
def fragments():
    return battery.load()


@pytest.mark.parametrize(
    ("about", "held_out", "precision", "recall"),
    [
        ("figures", False, 0.99, 0.95),
        ("claims", False, 0.99, 0.99),
        ("figures", True, 0.98, 0.87),
        ("claims", True, 0.96, 0.90),
    ],
)
def test_half(fragments, make_page, about, held_out, precision, recall):
    half = [f for f in fragments if f.about == about and f.is_held_out == held_out]

    outcomes = [battery.judge(fragment, make_page) for fragment in half]

    assert battery.precision(outcomes) >= precision, battery.summary(outcomes)
    assert battery.recall(outcomes) >= recall, battery.summary(outcomes)

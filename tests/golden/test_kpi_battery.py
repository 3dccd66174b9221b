"""How well figures and claims are read from invented fragments; the held-out half is not tuned on."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def load() -> ModuleType:
    path = Path(__file__).parent / "kpi_battery" / "battery.py"
    spec = importlib.util.spec_from_file_location("kpi_battery", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


battery = load()


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

"""What the first page needs is loaded ahead, but not while a first report may come."""

from pathlib import Path

import pytest

from api import warm
from api.app import open_house
from api.deps import House
from esg.settings import Settings


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(Settings(home=tmp_path))


def test_nothing_is_loaded_at_once(house: House) -> None:
    timer = warm.begin(house)

    timer.cancel()
    timer.join()

    assert not house.resources._rubrics


def test_the_rubric_is_loaded_in_a_while(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "BEGIN_SECONDS", 0.01)

    warm.begin(house).join()

    assert house.resources._rubrics

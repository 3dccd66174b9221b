"""What the first page needs is loaded ahead, but not while a first report may come."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api import warm
from api.app import open_house
from api.deps import House
from api.pages import TEMPLATES
from esg.settings import Settings


@pytest.fixture(params=["maturity", "wrong"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A house whose rubric can be read, and one whose rubric cannot."""
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[rubric]\nid = "wrong"\nversion = "1"\n')
    rubric = str(wrong) if request.param == "wrong" else request.param
    house = open_house(Settings(home=tmp_path, rubric=rubric))
    yield house
    house.resources.state.close()


def test_nothing_is_loaded_at_once(house: House) -> None:
    timer = warm.begin(house)

    timer.cancel()
    timer.join()

    assert not house.resources._rubrics


def test_templates_and_the_rubric_are_loaded_in_a_while_if_they_can_be(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm, "BEGIN_SECONDS", 0.01)
    if TEMPLATES.cache is not None:
        TEMPLATES.cache.clear()

    warm.begin(house).join()

    names = TEMPLATES.list_templates(extensions=["j2"])
    assert TEMPLATES.cache is not None
    assert len(TEMPLATES.cache) == len(names) > 5
    assert bool(house.resources._rubrics) == (house.resources.settings.rubric == "maturity")

"""What the first page would wait for is loaded before."""

from pathlib import Path

import pytest

from api import warm
from api.app import open_house
from api.pages import TEMPLATES
from esg.settings import Settings


@pytest.mark.parametrize("is_good", [True, False])
def test_templates_and_the_rubric_are_loaded_if_it_can_be(tmp_path: Path, is_good: bool) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[rubric]\nid = "wrong"\nversion = "1"\n')
    house = open_house(Settings(home=tmp_path, rubric="maturity" if is_good else str(wrong)))
    if TEMPLATES.cache is not None:
        TEMPLATES.cache.clear()

    warm.load(house)

    names = TEMPLATES.list_templates(extensions=["j2"])
    assert TEMPLATES.cache is not None
    assert len(TEMPLATES.cache) == len(names) > 5
    assert bool(house.resources._rubrics) == is_good
    house.resources.state.close()

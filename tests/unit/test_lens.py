"""Lenses: a rubric's key, and whose."""

import pytest

from esg.state.lens import lens, parts


@pytest.mark.parametrize("rubric", ["", "maturity@2026.11.2-0a1b2c3d", "/a:b/c@d/rubric.toml@1:2-0a1b2c3d"])
@pytest.mark.parametrize("tenant", [None, "ann", "0-a"])
def test_a_lens_is_taken_apart_as_it_was_put_together(rubric: str, tenant: str | None) -> None:
    assert parts(lens(rubric, tenant)) == (rubric, tenant)


def test_the_operators_is_the_rubrics_own() -> None:
    assert lens("maturity@1", None) == "maturity@1"

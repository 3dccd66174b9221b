"""What every language file of the shipped rubric promises."""

import pytest

from esg.rubric.read import DATA, read

RAW = read(DATA / "maturity")
LANGUAGES = {part["code"]: part for part in RAW["language"]}
CRITERIA = {c["id"]: c for theme in RAW["theme"] for c in theme["criterion"]}


@pytest.fixture(params=sorted(LANGUAGES))
def language(request):
    return LANGUAGES[request.param]


def test_a_language_has_its_file_and_no_other(language):
    assert language["file"] == f"{language['code']}.toml"


def test_a_language_names_only_what_the_rubric_has(language):
    assert {c["id"] for c in language["criterion"]} <= set(CRITERIA)
    assert {t["code"] for t in language["theme"]} == {t["code"] for t in RAW["theme"]}
    assert set(language["ignore"]) == set(RAW["ignore"])
    assert set(language["counter_cues"]) == set(RAW["counter_cues"])


def test_every_criterion_with_cues_has_cues_and_queries_in_every_language(language):
    worded = {c["id"]: c for c in language["criterion"]}

    assert {name for name, c in CRITERIA.items() if c.get("cues")} == set(worded)
    assert all(c["queries"] and c["cues"] for c in worded.values())


def test_a_language_states_what_it_loses_in_confidence(language):
    assert 0 < language["loss"] < 1


def test_what_decides_a_level_is_the_same_in_every_language(maturity):
    own = [criterion for theme in maturity.themes for criterion in theme.criteria]
    assert {other.code for other in maturity.others} == set(LANGUAGES)
    for other in maturity.others:
        worded = [criterion for theme in other.word() for criterion in theme.criteria]

        assert [decides(c) for c in worded] == [decides(c) for c in own]


def decides(criterion):
    c = criterion
    return (c.id, c.level, c.weight, c.required, c.minimum, c.implied_by, c.kpis, c.claims)

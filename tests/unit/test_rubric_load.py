"""Rubrics as data: the shipped one holds, one's own needs no Python, a bad one says what is wrong."""

from itertools import chain

import pytest

from esg.errors import Misconfigured
from esg.rubric import check, load
from esg.rubric.read import DATA

OWN = """
[rubric]
id = "own"
version = "1"
as_of = "2026-11"
languages = ["en"]

[vocabulary]
water = '\\b(?:water|effluent)\\b'

[counter_cues.negation]
patterns = ['\\bnot\\b']

[[theme]]
code = "WAT"
name = "Water"
definition = "How water is cared for."

[theme.level.1]
text = "Water is spoken of."
need = 0.5
[theme.level.2]
text = "Water is measured."
need = 0.5
[theme.level.3]
text = "Water has targets."
need = 0.5
[theme.level.4]
text = "Water is restored."
need = 0.5
"""

CRITERION = """
[[theme.criterion]]
id = "WAT.{level}.a"
text = "Water is there."
queries = ["water use"]
cues = [['{{water}}', '\\d']]
"""


@pytest.fixture
def write(tmp_path):
    def write_rubric(*, drop="", add="", levels=(1, 2, 3, 4)):
        text = OWN.replace(drop, "") + "".join(CRITERION.format(level=n) for n in levels) + add
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_rubric


def test_the_shipped_rubric_has_nothing_wrong():
    assert check(DATA / "maturity") == []


def test_the_shipped_rubric_has_seven_themes_of_four_levels():
    rubric = load("maturity")

    assert [theme.code for theme in rubric.themes] == ["TSP", "OSP", "DM", "GHG", "RD", "EI", "RMM"]
    for theme in rubric.themes:
        assert [demand.level for demand in theme.demands] == [1, 2, 3, 4]
        assert all(theme.of_level(level) for level in (1, 2, 3, 4))


def test_the_shipped_frameworks_name_each_requirement_once():
    frameworks = {f.id: [r.id for r in f.requirements] for f in load("maturity").frameworks}

    assert set(frameworks) == {"TCFD", "IFRS_S2", "ESRS", "GRI"}
    assert len(frameworks["TCFD"]) == 11
    assert all(len(ids) == len(set(ids)) for ids in frameworks.values())


def test_what_frameworks_refer_to_is_read_by_someone():
    from esg.kpi.lexicon import entries

    methods = {f"scope2_{m}" for m in ("location", "market", "unspecified")}
    known = (
        {e.key for e in entries()} | methods | {f"scope3_cat{n}" for n in range(1, 16)} | {"ghg_intensity"}
    )
    rubric = load("maturity")
    referred = chain(
        (ref for f in rubric.frameworks for r in f.requirements for group in r.needs for ref in group),
        (f"kpi:{k}" for t in rubric.themes for c in t.criteria for group in c.kpis for k in group),
    )

    assert {r.removeprefix("kpi:") for r in referred if r.startswith("kpi:")} <= known


def test_ones_own_rubric_needs_no_python(write):
    path = write()

    rubric = load(str(path))

    assert rubric.id == "own"
    assert rubric.as_of == (2026, 11)
    assert rubric.criterion("WAT.2.a").cues[0].patterns[0].search("Effluent of 3 m3")


def test_an_unknown_rubric_names_the_shipped_ones():
    with pytest.raises(Misconfigured, match=r"There is no rubric 'nope'.*maturity"):
        load("nope")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"levels": (1, 2, 4)}, "own.toml › WAT: level 3 has no criterion"),
        ({"levels": (1, 2, 3, 4, 4)}, "criterion WAT.4.a is there 2 times"),
        (
            {"drop": "water = '\\b(?:water|effluent)\\b'"},
            "uses the word 'water', which the vocabulary does not",
        ),
        ({"drop": 'as_of = "2026-11"'}, "rubric: 'as_of' is a required property"),
        ({"add": "weight = 'much'"}, "own.toml › WAT › WAT.4.a › weight: 'much' is not of type 'number'"),
        ({"add": "colour = 1"}, "Additional properties are not allowed ('colour' was unexpected)"),
        (
            {"add": "counter_cues = ['(']"},
            "own.toml › WAT › WAT.4.a: the pattern '(' is not a regular expression",
        ),
        ({"add": "counter_cues = ['a*']"}, "the pattern 'a*' matches nothing at all"),
        ({"add": "excludes = ['never']"}, "there is no [counter_cues.never]"),
        ({"add": "implied_by = ['WAT.5.a']"}, "the theme has no criterion 'WAT.5.a'"),
        ({"add": "[broken"}, "is not valid TOML"),
    ],
)
def test_a_bad_rubric_says_where_and_what(write, changes, message):
    path = write(**changes)

    assert message in "\n".join(check(path))
    with pytest.raises(Misconfigured):
        load(str(path))


def test_a_framework_may_not_refer_to_nothing(write):
    path = write(
        add='\n[[framework]]\nid = "F"\nversion = "1"\n[[framework.requirement]]\nid = "1"\ntext = "t"\n'
        'needs = [["WAT.9.z"]]\n'
    )

    assert check(path) == ["own.toml › F › 1: there is no criterion 'WAT.9.z'"]

"""Rubrics as data: the shipped one holds, one's own needs no Python, a bad one says what is wrong."""

import json

import pytest
from click.testing import CliRunner

from esg.cli import main
from esg.errors import Misconfigured
from esg.kpi import references
from esg.rubric import check, load
from esg.rubric.read import DATA
from tests.fakes.rubrics import own


@pytest.fixture
def write(tmp_path):
    def write_rubric(*, drop="", add="", levels=(1, 2, 3, 4)):
        path = tmp_path / "own.toml"
        path.write_text(own(levels).replace(drop, "") + add, encoding="utf-8")
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
        ({"levels": (1, 2, 4)}, "own.toml:14 › WAT: level 3 has no criterion"),
        ({"levels": (1, 2, 3, 4, 4)}, "criterion WAT.4.a is there 2 times: own.toml:51, own.toml:57"),
        (
            {"drop": "water = '\\b(?:water|effluent)\\b'"},
            "uses the word 'water', which the vocabulary does not",
        ),
        ({"drop": 'as_of = "2026-11"'}, "rubric: 'as_of' is a required property"),
        ({"add": "weight = 'much'"}, "own.toml:51 › WAT › WAT.4.a › weight: 'much' is not of type 'number'"),
        ({"add": "colour = 1"}, "Additional properties are not allowed ('colour' was unexpected)"),
        (
            {"add": "counter_cues = ['(']"},
            "own.toml:51 › WAT › WAT.4.a: the pattern '(' is not a regular expression",
        ),
        (
            {"add": "counter_cues = ['a{99999999999}']"},
            "own.toml:51 › WAT › WAT.4.a: the pattern 'a{99999999999}' is not a regular expression",
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


FRAMEWORK = """
[[framework]]
id = "F"
version = "1"

[[framework.requirement]]
id = "1"
text = "Water"
needs = [["WAT.1.a"]]
[[framework.requirement]]
id = "2"
text = "More water"
needs = [["statement:rain"]]
"""
RAIN = """
[[statement]]
id = "rain"
text = "It rains."
queries = ["rain"]
cues = [["rain"]]
"""


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (
            FRAMEWORK.replace("WAT.1.a", "WAT.9.z") + RAIN,
            "own.toml:61 › F › 1: there is no criterion 'WAT.9.z'",
        ),
        (FRAMEWORK, "own.toml:65 › F › 2: there is no 'statement:rain'"),
        (
            FRAMEWORK.replace('"2"', '"1"') + RAIN,
            "F: requirement 1 is there 2 times: own.toml:61, own.toml:65",
        ),
        (FRAMEWORK + RAIN + RAIN, "statement rain is there 2 times: own.toml:70, own.toml:76"),
        (FRAMEWORK.replace("WAT.1.a", "kpi:wter") + RAIN, "own.toml:61 › F › 1: there is no kpi 'wter'"),
        (
            FRAMEWORK.replace("WAT.1.a", "claim:wet:2030") + RAIN,
            "own.toml:61 › F › 1: there is no claim 'wet:2030'",
        ),
        (
            FRAMEWORK + RAIN.replace('rain"]]', 'a*"]]'),
            "own.toml:70 › statement rain: the pattern 'a*' matches",
        ),
        ("kpis = [['wter']]\n", "own.toml:51 › WAT › WAT.4.a: there is no kpi 'wter'"),
    ],
)
def test_a_reference_to_nothing_and_a_doubled_name_are_found_by_line(write, add, message):
    assert message in "\n".join(check(write(add=add), known_facts=references()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = " + "[" * 50_000, "own.toml nests too deeply"),
        ("x = " + "9" * 5_000, "own.toml is not valid TOML: Exceeds the limit"),
        ("[theme.theme]\nx = 1\n[rubric]\nid = 'a'\n", "is not of type 'array'"),
        ("[[theme]]\n[theme.level]\ntheme = {theme = 1}\n", "own.toml"),
    ],
)
def test_a_hostile_file_is_told_what_is_wrong_with_it(tmp_path, text, message):
    path = tmp_path / "own.toml"
    path.write_text(text)

    with pytest.raises(Misconfigured, match=message):
        load(str(path))


def test_a_statement_is_a_criterion_of_no_level(write):
    (statement,) = load(str(write(add=FRAMEWORK + RAIN))).statements

    assert (statement.criterion.id, statement.criterion.level) == ("statement:rain", 0)
    assert statement.criterion.cues[0].patterns[0].search("Heavy rain")


def test_the_command_names_the_line(write):
    path = write(add=FRAMEWORK.replace("WAT.1.a", "kpi:wter") + RAIN)

    told = CliRunner().invoke(main, ["rubric", "check", str(path), "--json"])

    assert told.exit_code == 1
    assert json.loads(told.stdout)["problems"] == ["own.toml:61 › F › 1: there is no kpi 'wter'"]

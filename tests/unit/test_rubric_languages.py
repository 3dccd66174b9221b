"""Languages of a rubric: cues by criterion id, told by line where wrong, counted where they lack."""

import pytest

from esg.rubric import check, compile_pattern, fold, load
from esg.rubric.patterns import forms
from tests.fakes.rubrics import own

GERMAN = """[[language]]
code = "de"
name = "German"
loss = 0.1
[language.vocabulary]
water = '\\b(?:ab)?wasser\\w*'
[language.counter_cues.negation]
after = 20
patterns = ['\\bnicht\\b']
"""

WORDING = """
[[language.criterion]]
id = "WAT.{n}.a"
queries = ["Wasserverbrauch"]
cues = [['{{water}}', '\\d']]
"""

COMPLETE = GERMAN + "".join(WORDING.format(n=n) for n in (1, 2, 3, 4))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "own.toml").write_text(own(), encoding="utf-8")

    def write(german=COMPLETE):
        (tmp_path / "de.toml").write_text(german, encoding="utf-8")
        return tmp_path

    return write


def test_a_language_is_a_file_beside_the_others(folder):
    rubric = load(str(folder()))

    assert rubric.languages == ("en", "de")
    criterion = rubric.speaking(["de"]).criterion("WAT.2.a")
    assert criterion.in_language("de").cues[0].patterns[0].search("Der Abwasseranfall betrug 3 m3")
    assert criterion.in_language("de").queries == ("Wasserverbrauch",)
    assert criterion.in_language("de").excludes[0].after == 20
    assert criterion.in_language("").queries == ("water use",)


def test_a_rubric_that_need_not_speak_stays_as_it_is(folder):
    rubric = load(str(folder()))

    assert rubric.speaking([]) is rubric
    assert rubric.speaking(["sv"]) is rubric


def test_a_language_with_too_few_cues_is_counted_and_not_covered(folder):
    rubric = load(str(folder(GERMAN + "".join(WORDING.format(n=n) for n in (1, 2, 3)))))

    assert rubric.languages == ("en",)
    (german,) = rubric.others
    assert german.coverage == 0.75
    assert german.missing == ("WAT.4.a",)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("WAT.3.a", "WAT.3.b", "de.toml:22 › WAT.3.b: the rubric has no such criterion"),
        ("{water}", "{waser}", "de.toml:14 › WAT.1.a: the pattern '{waser}' uses the word 'waser'"),
        ("WAT.2.a", "WAT.1.a", "de.toml:12 › WAT.1.a: it is there 2 times"),
        ("'\\bnicht\\b'", "'('", "de.toml:9 › counter_cues.negation: the pattern '(' is not a regular"),
        ("counter_cues.negation", "counter_cues.other", "[language.counter_cues.negation] is missing"),
        ('code = "de"', 'code = "en"', "language en is there 2 times"),
        ('name = "German"', "colour = 1", "'colour' was unexpected"),
    ],
)
def test_what_is_wrong_with_a_language_is_told_by_its_line(folder, before, after, message):
    path = folder()
    text = (path / "de.toml").read_text()
    assert before in text

    found = "\n".join(check(folder(text.replace(before, after, 1))))

    assert message in found


def test_an_ideograph_stands_for_all_its_forms_and_a_blank_may_part_two():
    pattern = compile_pattern("气候[变]迁?", {}, forms(["气氣", "变變", "迁遷"]))

    assert pattern.search("氣候變遷")
    assert pattern.search("气 候变")
    assert not pattern.search("气象")


def test_full_width_forms_are_plain_ones_at_the_same_place():
    assert fold("２０３０年減少４２％，達成") == "2030年減少42%,達成"

"""A text with some places put otherwise: where each place of one text is in the other."""

from esg.kpi.glossary import Glossary, languages, written
from esg.kpi.numbers import Style
from esg.kpi.rewrite import Term, rewrite


def test_a_place_outside_the_terms_is_found_again():
    old = "Die Emissionen 2023"
    new = rewrite(old, [Term(0, 3, "the"), Term(4, 14, "emissions")])

    assert new.text == "the emissions 2023"
    assert new.here(15, 19) == (14, 18)
    assert new.back(14, 18) == (15, 19)


def test_a_place_within_a_term_is_all_of_it():
    new = rewrite("abcdef", [Term(1, 5, "XYZ")])

    assert new.text == "a XYZ f"
    assert new.here(2, 4) == (2, 5)
    assert new.back(3, 4) == (1, 5)


def test_words_do_not_run_together_and_the_blank_is_nobody_s():
    new = rewrite("範疇一排放", [Term(0, 3, "scope 1"), Term(3, 5, "emissions")])

    assert new.text == "scope 1 emissions"
    assert new.here(0, 3) == (0, 7)
    assert new.here(3, 5) == (8, 17)
    assert new.back(0, 17) == (0, 5)


def test_an_empty_stretch_stays_empty():
    new = rewrite("ab\t\tcd", [Term(0, 2, "long words")])

    start, end = new.here(3, 3)
    assert start == end


def test_the_choices_of_a_phrase_are_written_out():
    assert list(written("direkte(n|) emission(en|)")) == [
        "direkten emissionen",
        "direkten emission",
        "direkte emissionen",
        "direkte emission",
    ]
    assert list(written("a(b(c|d)|e)")) == ["abc", "ae", "abd", "ae"]


def test_the_longest_phrase_counts_and_only_whole_words():
    words = Glossary({"energie": "energy", "energie gesamt": "total energy"}, numerals="", style=Style.COMMA)

    assert [t.text for t in words.find("energie gesamt, energien, energie")] == ["total energy", "energy"]


def test_a_phrase_may_need_a_digit_next_to_it():
    words = Glossary(
        {"gj #": "FY ", "#度": "kWh", "減少": "less", "減少#": "by"}, numerals="", style=Style.POINT
    )

    assert [t.text for t in words.find("gj 2023, gj, 12度, 度, 減少3, 減少")] == ["FY ", "kWh", "by", "less"]


def test_the_languages_of_the_field_are_there():
    assert languages() == {"de", "es", "fr", "id", "it", "sv", "zh"}

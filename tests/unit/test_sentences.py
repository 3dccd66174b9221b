"""Where sentences end in the prose of reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.chunk import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "expected",
    [
        pytest.param(["We report Scope 1.", "We report Scope 2."], id="a number ends a sentence"),
        pytest.param(["It fell by 3.5 % to 1.170.000 t.", "Then it rose."], id="decimals and groups"),
        pytest.param(["See p. 4 and Fig. 3 (cf. No. 5).", "Read on."], id="abbreviations before figures"),
        pytest.param(["We follow e.g. GRI, i.e. its standards.", "All of them."], id="never at e.g."),
        pytest.param(["Our U.S. sites grew.", "Others did not."], id="acronym within"),
        pytest.param(["We left the U.S.", "The plant was sold."], id="acronym at the end"),
        pytest.param(["Acme Inc. Reports and Acme Inc.", "The board met."], id="company forms"),
        pytest.param(["Dr. Smith and J. R. Doe agreed.", "So did we."], id="titles and initials"),
        pytest.param(["It fell.1", "It rose.¹²", "It stayed.[3]", "Done."], id="footnote marks"),
        pytest.param(["1. We act.", "2. We measure."], id="list numbers"),
        pytest.param(["2.1. Targets are set.", "IV. Governance is not."], id="numbered headings"),
        pytest.param(["Bis zum 31. Dezember 2023 sank er.", "Im 2. Quartal stieg er."], id="ordinals"),
        pytest.param(["Is it?", "Yes!", "“We will.”", "They said so (twice.)", "Then …"], id="other marks"),
        pytest.param(
            ["我們承諾2050年淨零排放。", "範疇一為123公噸！", "「是的。」", "下一句"], id="full width"
        ),
        pytest.param(["Our targets:", "• cut energy", "• cut water"], id="bullets"),
        pytest.param(["Contents ........ 12 Climate ...... 14"], id="leaders"),
        pytest.param(["It was sold. atoss did so.", "We did not."], id="not before lower case"),
        pytest.param(["It is 5 MWh.", "2023 was warm."], id="before a year"),
        pytest.param(["Vision v2.0 holds.", "See KPMG No.5 Report."], id="versions and numbers"),
    ],
)
def test_sentences_end_where_a_reader_ends_them(expected: list[str]) -> None:
    assert split(" ".join(expected)) == expected


def test_a_line_break_of_the_page_text_ends_a_sentence() -> None:
    assert split("Our targets\nWe cut emissions by half\n\nScope 1\t12\t13") == [
        "Our targets",
        "We cut emissions by half",
        "Scope 1\t12\t13",
    ]


def test_places_are_those_of_the_whole_text() -> None:
    text = "Not this. One here.  Two here. Not that."

    assert sentences(text, 9, 30) == [(10, 19), (21, 30)]


def test_blanks_alone_are_no_sentence() -> None:
    assert sentences("", 0, 0) == sentences(" \n\t ", 0, 4) == []


@given(st.text(alphabet="aB1 .!?。\n•)\"'…e.g", max_size=80), st.integers(0, 20))
def test_nothing_is_left_out_and_nothing_is_twice(text: str, start: int) -> None:
    start = min(start, len(text))
    places = sentences(text, start, len(text))

    assert "".join("".join(text[a:b].split()) for a, b in places) == "".join(text[start:].split())
    assert all(a < b <= c for (a, b), (c, _) in zip(places, [*places, (len(text), 0)][1:], strict=True))
    assert all(text[a:b] == text[a:b].strip() for a, b in places)

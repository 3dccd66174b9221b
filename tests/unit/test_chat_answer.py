"""A model's answer: what stands of it, and what is dropped and counted."""

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.domain import Proposals
from esg.rubric import Rubric, load
from esg.score import Question
from esg.score.chat.answer import check
from esg.score.chat.sheet import Sheet, sheets
from tests.fakes.passages import neighbours, passage

VALIDATED, PLATFORM = "TSP.4.validated", "DM.3.platform"
APART = (
    "Our near-term target covers scope 1 and 2 emissions.",
    "The SBTi validation was granted in May 2024 after a review at every site.",
    "It took a year.",
)
PASSAGES = [
    *neighbours(*APART, page=1),
    passage("We will explore having our targets validated by the SBTi.", page=2, rank=2),
    passage("80% of our suppliers have targets validated by the SBTi.", page=3, rank=3),
    passage("We committed to the Science Based Targets initiative.", page=4, rank=4),
    passage("Our target has been with the “SBTi” for\u00a0its\nvalidation.", page=5, rank=5),
    passage("Bread is baked in 300 bakeries every morning of the year.", page=6, rank=6),
]


@cache
def rubric() -> Rubric:
    return load("maturity")


def sheet(*names: str) -> Sheet:
    (one,) = sheets([Question(rubric().criterion(n), PASSAGES) for n in names or (VALIDATED,)], year=2024)
    return one


def proposal(span: int, quote: str, *, name: str = VALIDATED, met: bool = True) -> dict[str, object]:
    return {"criteria": [{"id": name, "met": met, "evidence": [{"span": span, "quote": quote}]}]}


def counted(**counts: int) -> Proposals:
    return Proposals(**counts)


def test_words_that_stand_apart_count_where_the_model_says_that_they_belong_together() -> None:
    quote = "SBTi validation was granted in May 2024"

    upheld = check(proposal(2, quote), sheet())

    (finding,) = upheld.findings[VALIDATED]
    assert finding.passage.text[finding.start : finding.end] == quote
    assert finding.strength <= 0.5
    assert upheld.proposals == counted(kept=1)


def test_a_quote_counts_whatever_its_typographic_forms_and_blanks() -> None:
    upheld = check(proposal(7, 'with the "SBTi" for its  validation'), sheet())

    assert upheld.proposals == counted(kept=1)


@pytest.mark.parametrize(
    ("span", "quote", "why"),
    [
        (9, APART[1], "unknown_span"),
        (0, APART[1], "unknown_span"),
        (-1, APART[1], "unknown_span"),
        (2, "the SBTi validated our targets", "not_verbatim"),  # no such words
        (2, "The SBTi validation … in May 2024", "not_verbatim"),  # left out
        (2, "the sbti validation was granted", "not_verbatim"),  # other letters
        (1, APART[1], "not_verbatim"),  # of another passage
        (2, "", "not_verbatim"),
        (2, " \n", "not_verbatim"),
        (2, ".*", "not_verbatim"),  # no pattern
        (8, "Bread is baked in 300 bakeries", "unheard"),
        (6, "We committed to the Science Based Targets initiative.", "unheard"),
        (7, "Our", "unheard"),  # verbatim, but none of the words that count
        (4, "our targets validated by the SBTi", "countered"),  # a plan
        (5, "targets validated by the SBTi", "countered"),  # somebody else's
    ],
)
def test_what_does_not_stand_is_dropped_and_counted(span: int, quote: str, why: str) -> None:
    upheld = check(proposal(span, quote), sheet())

    assert upheld.findings == {}
    assert upheld.proposals == counted(**{why: 1})


def test_a_criterion_that_was_not_asked_has_no_findings() -> None:
    upheld = check(proposal(2, APART[1], name=PLATFORM), sheet())

    assert upheld.findings == {}
    assert upheld.proposals == counted(unknown_span=1)


def test_evidence_of_what_is_not_met_is_not_looked_at() -> None:
    assert check(proposal(2, APART[1], met=False), sheet()).proposals == counted()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([VALIDATED, PLATFORM, "TSP.9.invented"]),
            st.booleans(),
            st.integers(-2, 12),
            st.sampled_from([p.text for p in PASSAGES]) | st.text(max_size=20),
        ),
        max_size=12,
    )
)
def test_whatever_is_answered_only_the_heard_and_verbatim_stands(
    answered: list[tuple[str, bool, int, str]],
) -> None:
    content = {
        "criteria": [
            {"id": name, "met": met, "evidence": [{"span": span, "quote": quote}]}
            for name, met, span, quote in answered
        ]
    }

    upheld = check(json.loads(json.dumps(content)), sheet(VALIDATED, PLATFORM))

    assert set(upheld.findings) <= {VALIDATED}
    found = [finding.passage for finding in upheld.findings.get(VALIDATED, ())]
    assert all(p in (PASSAGES[1], PASSAGES[6]) for p in found)
    assert upheld.proposals.made == sum(met for _, met, _, _ in answered)

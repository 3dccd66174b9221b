"""Terms, and BM25 against its formula."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.retrieve.bm25 import BM25, DIGITS, K1, B
from esg.retrieve.terms import terms

TEXTS = [
    "Scope 1 emissions fell",
    "Scope 2 emissions rose, and emissions of suppliers rose too",
    "The board reviews water risk",
    "",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Targets and policies", ["target", "and", "policy"]),
        ("CO₂e, tCO2e", ["co2e", "tco2e"]),
        ("1,170,000 MWh in 2023", ["1,170,000", "mwh", "in", "2023"]),
        ("50MWh +3.5%", ["50", "mwh", "3.5"]),
        ("net-zero (Scope 1)", ["net", "zero", "scope", "1"]),
        ("shoes cities rates", ["shoes", "city", "rate"]),
        ("gas bus process glass", ["gas", "bus", "process", "glass"]),
        ("Klimaneutralität", ["klimaneutralität"]),
        ("範疇一排放量", ["範疇", "疇一", "一排", "排放", "放量"]),
        ("碳 2050年", ["碳", "2050", "年"]),
        ("ﬁnance １２", ["finance", "12"]),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("emissions", "emission"), ("companies", "company"), ("sources", "source"), ("rates", "rate")],
)
def test_a_plural_finds_its_singular(plural: str, singular: str) -> None:
    assert BM25([f"our {singular} only"]).scores(plural)[0] > 0


def bm25(query: str, place: int) -> float:
    """Compute one score by the book."""
    documents = [terms(text) for text in TEXTS]
    average = sum(map(len, documents)) / len(documents)
    score = 0.0
    for term in set(terms(query)):
        having = sum(term in document for document in documents)
        rarity = math.log(1 + (len(documents) - having + 0.5) / (having + 0.5))
        times = documents[place].count(term)
        norm = K1 * (1 - B + B * len(documents[place]) / average)
        score += rarity * times * (K1 + 1) / (times + norm)
    return score


@pytest.mark.parametrize("query", ["emissions", "scope 2 emissions", "water risk of the board", "nothing"])
def test_scores_are_those_of_the_formula(query: str) -> None:
    expected = [bm25(query, place) for place in range(len(TEXTS))]

    np.testing.assert_allclose(BM25(TEXTS).scores(query), expected, atol=10**-DIGITS)


def test_rare_terms_count_more_than_common_ones() -> None:
    scores = BM25(["energy assurance", "energy use", "energy mix"]).scores("energy assurance")

    assert scores[0] > 2 * scores[1] > 0


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_nothing_scores_nothing(texts: list[str]) -> None:
    assert BM25(texts).scores("scope 1").tolist() == [0] * len(texts)


@given(st.lists(st.text(alphabet="ab1 ", max_size=12), max_size=6), st.permutations(["a", "b", "1", "ab"]))
def test_the_order_of_terms_and_texts_changes_no_score(texts: list[str], query: list[str]) -> None:
    scores = BM25(texts).scores(" ".join(query))

    assert scores.tolist() == BM25(texts).scores("a b 1 ab").tolist()
    assert scores.tolist() == BM25(texts[::-1]).scores("ab 1 b a").tolist()[::-1]

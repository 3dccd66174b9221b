"""What is kept of a document for the next rubric comes back as it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.domain import Box, Claim, Evidence, Kpi
from esg.kpi import Readings, codec
from esg.retrieve import TermCounts, count, counts
from esg.retrieve.bm25 import BM25

KPI = Kpi(
    kpi="scope1",
    raw_value="1,234.5",
    raw_unit="kt CO₂e",
    value=1234500.1,
    unit="tCO2e",
    period="FY23",
    fiscal_year=2023,
    method="",
    boundary="group",
    restated=False,
    page=7,
    quote="Scope 1\t1,234.5",
    start=10,
    end=25,
    boxes=(Box(1.5, 2, 3, 4), Box(0.1, 0.2, 0.3, 0.4)),
    flags=("sum", "ocr"),
    evidence="e1",
)
CLAIM = Claim("sbti_status", "validated", 3, "The SBTi validated our targets.", "e2")
QUOTE = Evidence("e2", "d" * 64, 3, "iii", CLAIM.quote, 0, 31, (Box(1, 2, 3, 4),), "f" * 64, "", None)
READINGS = Readings((KPI,), (CLAIM,), (QUOTE,))


@pytest.mark.parametrize("readings", [READINGS, Readings((), (), ())])
def test_readings_come_back_as_they_were(readings):
    data = codec.encode(readings)

    assert codec.decode(data) == readings
    assert codec.encode(codec.decode(data)) == data


def test_other_bytes_are_no_readings():
    with pytest.raises(ValueError, match="no readings"):
        codec.decode(counts.encode(count(["a"])))
    with pytest.raises(ValueError, match="no counts"):
        counts.decode(codec.encode(READINGS))


def same(left: TermCounts, right: TermCounts) -> bool:
    numbers = ("starts", "places", "times")
    return left.terms == right.terms and all(
        np.array_equal(getattr(left, n), getattr(right, n)) for n in numbers
    )


@given(st.lists(st.text(st.sampled_from("ab1 範疇"), max_size=12), max_size=6))
def test_counts_come_back_and_score_as_the_texts_do(texts):
    kept = counts.decode(counts.encode(count(texts)))

    assert same(kept, count(texts))
    query = "a b ab 1 範疇"
    assert BM25(texts, kept).scores(query).tolist() == BM25(texts).scores(query).tolist()

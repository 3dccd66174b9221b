"""Each criterion knows several phrasings of its fact, and what only sounds like it: phrasings.toml."""

import tomllib
from pathlib import Path

import pytest

from esg.domain import Chunk, ChunkKind, Hit, Retrieval, Span
from esg.rubric import fold, load
from esg.score import LocalJudge, Passage

PHRASINGS = tomllib.loads((Path(__file__).parent / "phrasings.toml").read_text(encoding="utf-8"))
RUBRIC = load("maturity")


def pairs(kind):
    return [(criterion, text) for criterion, texts in PHRASINGS[kind].items() for text in texts]


def passage(text):
    span = Span(1, 0, len(text))
    chunk = Chunk("c", "d", (span,), text, 1, "", ChunkKind.PROSE)
    return Passage(span, fold(text), "", False, Hit(chunk, Retrieval(0, 0, 0, 1)))


def is_met(criterion_id, text):
    theme = next(t for t in RUBRIC.themes if any(c.id == criterion_id for c in t.criteria))
    passages = [passage(text)] if not any(p.search(f" | {text}") for p in theme.ignore) else []
    return LocalJudge().judge(RUBRIC.criterion(criterion_id), passages, year=2023).met


@pytest.mark.parametrize(("criterion", "text"), pairs("met"))
def test_a_phrasing_of_the_fact_meets_its_criterion(criterion, text):
    assert is_met(criterion, text)


@pytest.mark.parametrize(("criterion", "text"), pairs("unmet"))
def test_what_only_sounds_like_the_fact_does_not(criterion, text):
    assert not is_met(criterion, text)


def test_every_criterion_that_counts_has_phrasings():
    counting = {c.id for theme in RUBRIC.themes for c in theme.criteria if c.weight}

    assert counting == set(PHRASINGS["met"])

"""Each criterion knows phrasings of its fact, and what only sounds like it: phrasings.toml, phrasings/."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from esg.domain import Chunk, ChunkKind, Hit, Retrieval, Span
from esg.rubric import fold, load
from esg.score import Passage, Question
from esg.score.local import decide

HERE = Path(__file__).parent
OWN = ""  # the rubric's own language, English
FILES = {OWN: HERE / "phrasings.toml"} | {p.stem: p for p in sorted((HERE / "phrasings").glob("*.toml"))}
PHRASINGS = {code: tomllib.loads(path.read_text(encoding="utf-8")) for code, path in FILES.items()}


def cases(kind):
    return [
        (code, criterion, text)
        for code, phrasings in PHRASINGS.items()
        for criterion, texts in phrasings[kind].items()
        for text in texts
    ]


@cache
def rubric(code):
    return rubric(OWN).speaking([code]) if code != OWN else load("maturity")


def passage(text, code):
    span = Span(1, 0, len(text))
    chunk = Chunk("c", "d", (span,), text, 1, "", ChunkKind.PROSE)
    return Passage(span, fold(text), "", False, Hit(chunk, Retrieval(0, 0, 0, 1)), code)


def is_met(code, criterion_id, text):
    theme = next(t for t in rubric(code).themes if any(c.id == criterion_id for c in t.criteria))
    passages = [passage(text, code)] if not any(p.search(f" | {text}") for p in theme.ignore) else []
    return decide(Question(rubric(code).criterion(criterion_id), passages), year=2023).met


@pytest.mark.parametrize(("code", "criterion", "text"), cases("met"))
def test_a_phrasing_of_the_fact_meets_its_criterion(code, criterion, text):
    assert is_met(code, criterion, text)


@pytest.mark.parametrize(("code", "criterion", "text"), cases("unmet"))
def test_what_only_sounds_like_the_fact_does_not(code, criterion, text):
    assert not is_met(code, criterion, text)


@pytest.mark.parametrize("code", PHRASINGS)
def test_every_criterion_that_counts_has_phrasings(code):
    counting = {c.id for theme in rubric(OWN).themes for c in theme.criteria if c.weight}

    assert counting == set(PHRASINGS[code]["met"])


def test_every_language_of_the_rubric_has_phrasings():
    assert {language.code for language in rubric(OWN).others} == set(PHRASINGS) - {OWN}

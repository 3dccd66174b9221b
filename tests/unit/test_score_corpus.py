"""A corpus knows where a cue is likely, and finds it there as a plain search of every passage does."""

import pytest

from esg.rubric import any_found, load, numbers
from esg.score.corpus import Corpus, retrieved
from esg.score.cues import find_cue
from tests.fakes.passages import passage

RUBRIC = load("maturity")
SENTENCES = [f"{criterion.text} {query}" for criterion in RUBRIC.criteria for query in criterion.queries]
PASSAGES = [
    passage(text, context=SENTENCES[-place], is_row=place % 3 == 0, page=place + 1, rank=place + 1)
    for place, text in enumerate(SENTENCES)
]
CORPUS = Corpus(PASSAGES, RUBRIC.patterns)


def stands(cue, one):
    """Whether every pattern is there, fewer than half of them in the context: searched for plainly."""
    here = [p for p in cue.patterns if any(p.pattern.finditer(one.text))]
    beside = [p for p in cue.patterns if p not in here and p.pattern.search(one.context)]
    return len(here) + len(beside) == len(cue.patterns) and len(beside) <= cue.elsewhere


def test_a_cue_is_likely_wherever_its_patterns_stand():
    found = 0
    for cue in (cue for criterion in RUBRIC.criteria for cue in criterion.cues):
        standing = {n for n, one in enumerate(PASSAGES) if stands(cue, one)}
        found += len(standing)
        assert standing <= set(numbers(CORPUS.likely(cue)))
    assert found > 100


@pytest.mark.parametrize("number", range(0, len(PASSAGES), 20))
def test_a_passage_alone_says_what_it_says_among_others(number):
    alone = Corpus([PASSAGES[number]], ())
    for criterion in RUBRIC.criteria:
        asked = {"within": criterion.within, "year": 2024}
        among = find_cue(criterion.cues, CORPUS, number, **asked)
        assert among == find_cue(criterion.cues, alone, 0, **asked)


@pytest.mark.parametrize("theme", RUBRIC.themes, ids=lambda theme: theme.code)
def test_what_is_ignored_is_found_in_a_passage_or_its_context(theme):
    wholes = [f"{one.context} | {one.text}" for one in PASSAGES]

    ignored = set(numbers(CORPUS.ignored(theme.ignore)))

    assert ignored == {n for n, whole in enumerate(wholes) if any_found(theme.ignore, whole)}


def test_passages_are_those_that_were_retrieved_in_their_order():
    some = [PASSAGES[3], PASSAGES[1], PASSAGES[2]]

    found = retrieved(some, RUBRIC.patterns)

    assert list(found) == some
    assert (len(found), found[1], found[:2]) == (3, some[1], (some[0], some[1]))
    assert [one for _, one in found.among(0b101)] == [some[0], some[2]]
    assert retrieved(found, ()) is found

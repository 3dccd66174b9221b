"""A criterion and a passage → where its cue stands, and whether a counter-cue takes it away."""

import re
from collections.abc import Iterable

from esg.rubric import CounterCues, Criterion, Cue, Sieve, any_found
from esg.score.base import Place
from esg.score.corpus import Corpus
from esg.score.match import match

_CLAUSE = re.compile(r"[;:]|\.\s|, (?:but|while|whereas|although|however)\b|\bbut\b|\bhowever\b")


def find_cue(
    cues: Iterable[Cue], corpus: Corpus, number: int, *, within: int, year: int | None
) -> Place | None:
    """Find the first cue whose patterns are all there; returns where in the passage's text."""
    found = (match(cue, corpus, number, within=within, year=year) for cue in cues)
    return next((place for place in found if place is not None), None)


def is_countered(criterion: Criterion, corpus: Corpus, number: int, place: Place) -> bool:
    """Whether the passage takes away what it says at a place: a negation, a plan, somebody else's doing."""
    told = criterion.counter_cues
    if corpus.having(told) >> number & 1 and any(corpus.is_found(pattern, number) for pattern in told):
        return True
    return any(_near(counter, corpus, number, place) for counter in criterion.excludes)


def _near(counter: CounterCues, corpus: Corpus, number: int, place: Place) -> bool:
    """Look for a counter-cue from its reach before the cue to its reach after, within the cue's clause."""
    if not corpus.having(counter.patterns) >> number & 1:
        return False
    likely = [pattern for pattern in counter.patterns if corpus.texts.may_match(pattern) >> number & 1]
    text, (start, end) = corpus.passages[number].text, place
    clause = _clause_start(text, start, counter.borders or _CLAUSE)
    window = text[max(clause, start - counter.before) : end + counter.after]
    return any_found(likely, window)


def _clause_start(text: str, position: int, borders: Sieve | re.Pattern[str]) -> int:
    return max((m.end() for m in borders.finditer(text, 0, position)), default=0)

"""A criterion and a passage → where its cue stands, and whether a counter-cue takes it away."""

import re

from esg.rubric import CounterCues, Criterion, Sieve, any_found, letters
from esg.score.base import Passage
from esg.score.match import Place, match, may_match

_CLAUSE = re.compile(r"[;:]|\.\s|, (?:but|while|whereas|although|however)\b|\bbut\b|\bhowever\b")


def find_cue(criterion: Criterion, passage: Passage, year: int | None) -> Place | None:
    """Find the first cue whose patterns are all there; returns where in the passage's text."""
    text_letters = letters(passage.text)
    likely = (cue for cue in criterion.cues if may_match(cue, text_letters))
    found = (match(cue, passage, within=criterion.within, year=year) for cue in likely)
    return next((place for place in found if place is not None), None)


def is_countered(criterion: Criterion, passage: Passage, place: Place) -> bool:
    """Whether the passage takes away what it says at a place: a negation, a plan, somebody else's doing."""
    if any_found(criterion.counter_cues, passage.text):
        return True
    return any(_near(counter, passage.text, place) for counter in criterion.excludes)


def _near(counter: CounterCues, text: str, place: Place) -> bool:
    """Look for a counter-cue from its reach before the cue to its reach after, within the cue's clause."""
    start, end = place
    clause = _clause_start(text, start, counter.borders or _CLAUSE)
    window = text[max(clause, start - counter.before) : end + counter.after]
    return any_found(counter.patterns, window)


def _clause_start(text: str, position: int, borders: Sieve | re.Pattern[str]) -> int:
    return max((m.end() for m in borders.finditer(text, 0, position)), default=0)

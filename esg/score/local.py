"""The judge without a language model: cues speak for a criterion, counter-cues take them away."""

import re
from collections.abc import Iterator, Sequence

from esg.rubric import CounterCues, Criterion, Sieve, any_found, letters
from esg.score.base import Finding, Passage, Verdict
from esg.score.match import Place, match, may_match
from esg.score.quotable import count_words

_MAX_FINDINGS = 8
_CLAUSE = re.compile(r"[;:]|\.\s|, (?:but|while|whereas|although|however)\b|\bbut\b|\bhowever\b")


class LocalJudge:
    """Looks at each sentence or row alone, with its heading and table header as context."""

    id = "local-1"

    def judge(self, criterion: Criterion, passages: Sequence[Passage], *, year: int | None) -> Verdict:
        found, countered = [], 0
        for passage in passages:
            worded = criterion.in_language(passage.language)
            place = _cue(worded, passage, year)
            if place is None:
                continue
            if _countered(worded, passage, place):
                countered += 1
            else:
                found.append(Finding(passage, *place, strength=_strength(passage, place)))
        best = tuple(sorted(_distinct(found), key=_rank)[:_MAX_FINDINGS])
        return Verdict(len(best) >= criterion.minimum, best, countered)


def _cue(criterion: Criterion, passage: Passage, year: int | None) -> Place | None:
    """Find the first cue whose patterns are all there; returns where in the passage's text."""
    text_letters = letters(passage.text)
    likely = (cue for cue in criterion.cues if may_match(cue, text_letters))
    found = (match(cue, passage, within=criterion.within, year=year) for cue in likely)
    return next((place for place in found if place is not None), None)


def _countered(criterion: Criterion, passage: Passage, place: Place) -> bool:
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


def _strength(passage: Passage, place: Place) -> float:
    """A cue told in a few words of a readable sentence is plainer than one strewn over a long one."""
    words = count_words(passage.text)
    reach = place[1] - place[0]
    length = 1.0 if 6 <= words <= 45 or passage.is_row else 0.6
    return round(length * (1.0 if reach <= 160 else 0.7), 4)


def _rank(finding: Finding) -> tuple[float, int, int, int]:
    passage = finding.passage
    return (-finding.strength, passage.hit.retrieval.rank, passage.span.page, passage.span.start)


def _distinct(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Drop repeated wording: a sentence printed twice is one piece of evidence."""
    seen: set[str] = set()
    for finding in findings:
        key = " ".join(finding.passage.text.lower().split())
        if key not in seen:
            seen.add(key)
            yield finding

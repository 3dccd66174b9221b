"""The judge without a language model: cues speak for a criterion, counter-cues take them away."""

import re
from collections.abc import Iterator, Sequence

from esg.rubric import CounterCues, Criterion, Cue
from esg.score.base import Finding, Passage, Verdict

_MAX_FINDINGS = 8
_CLAUSE = re.compile(r"[;:]|\.\s|, (?:but|while|whereas|although|however)\b|\bbut\b|\bhowever\b")


class LocalJudge:
    """Looks at each sentence or row alone, with its heading and table header as context."""

    id = "local-1"

    def judge(self, criterion: Criterion, passages: Sequence[Passage]) -> Verdict:
        found, countered = [], 0
        for passage in passages:
            match = _cue(criterion, passage)
            if match is None:
                continue
            if _countered(criterion, passage, match):
                countered += 1
            else:
                found.append(Finding(passage, *match, strength=_strength(passage, match)))
        best = tuple(sorted(_distinct(found), key=_rank)[:_MAX_FINDINGS])
        return Verdict(len(best) >= criterion.minimum, best, countered)


def _cue(criterion: Criterion, passage: Passage) -> tuple[int, int] | None:
    """Find the first cue whose patterns are all there; returns where in the passage's text."""
    return next((m for cue in criterion.cues if (m := _match(cue, passage)) is not None), None)


def _match(cue: Cue, passage: Passage) -> tuple[int, int] | None:
    """One pattern at least must stand in the passage itself; the others may stand in its context."""
    starts, ends = [], []
    for pattern in cue.patterns:
        if match := pattern.search(passage.text):
            starts.append(match.start())
            ends.append(match.end())
        elif not pattern.search(passage.context):
            return None
    return (min(starts), max(ends)) if starts else None


def _countered(criterion: Criterion, passage: Passage, match: tuple[int, int]) -> bool:
    if any(pattern.search(passage.text) for pattern in criterion.counter_cues):
        return True
    return any(_near(counter, passage.text, match) for counter in criterion.excludes)


def _near(counter: CounterCues, text: str, match: tuple[int, int]) -> bool:
    """Look for a counter-cue from its reach before the cue to its reach after, within the cue's clause."""
    start, end = match
    clause = _clause_start(text, start)
    window = text[max(clause, start - counter.before) : end + counter.after]
    return any(pattern.search(window) for pattern in counter.patterns)


def _clause_start(text: str, position: int) -> int:
    return max((m.end() for m in _CLAUSE.finditer(text, 0, position)), default=0)


def _strength(passage: Passage, match: tuple[int, int]) -> float:
    """A cue told in a few words of a readable sentence is plainer than one strewn over a long one."""
    words = len(passage.text.split())
    reach = match[1] - match[0]
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

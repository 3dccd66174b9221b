"""The judge without a language model: cues speak for a criterion, counter-cues take them away."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from esg.score.base import Finding, Judgement, Judging, Passage, Place, Question, Verdict
from esg.score.corpus import retrieved
from esg.score.cues import find_cue, is_countered
from esg.score.quotable import count_words

MAX_FINDINGS = 8


class LocalJudge:
    """Looks at each sentence or row alone, with its heading and table header as context."""

    id = "local-1"

    def judge(self, questions: Sequence[Question], *, year: int | None) -> Judgement:
        return Judgement(tuple(decide(q, year=year) for q in questions), Judging(self.id))


def decide(question: Question, *, year: int | None) -> Verdict:
    """Decide one question by the cues of its criterion, in each passage's own language."""
    criterion = question.criterion
    passages = retrieved(question.passages, criterion.patterns)
    corpus = passages.corpus
    likely = {cue: corpus.likely(cue) for cue in criterion.every_cue}
    found, countered = [], 0
    for number, passage in passages.among(reduce(or_, likely.values(), 0)):
        worded = criterion.in_language(passage.language)
        cues = [cue for cue in worded.cues if likely[cue] >> number & 1]
        place = find_cue(cues, corpus, number, within=worded.within, year=year)
        if place is None:
            continue
        if is_countered(worded, corpus, number, place):
            countered += 1
        else:
            found.append(Finding(passage, *place, strength=strength(passage, place)))
    best = tuple(sorted(distinct(found), key=rank)[:MAX_FINDINGS])
    return Verdict(len(best) >= criterion.minimum, best, countered)


def strength(passage: Passage, place: Place) -> float:
    """A cue told in a few words of a readable sentence is plainer than one strewn over a long one."""
    words = count_words(passage.text)
    reach = place[1] - place[0]
    length = 1.0 if 6 <= words <= 45 or passage.is_row else 0.6
    return round(length * (1.0 if reach <= 160 else 0.7), 4)


def rank(finding: Finding) -> tuple[float, int, int, int]:
    """Order findings, the plainest first, those of the best hit before others."""
    passage = finding.passage
    return (-finding.strength, passage.hit.retrieval.rank, passage.span.page, passage.span.start)


def distinct(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Drop repeated wording: a sentence printed twice is one piece of evidence."""
    seen: set[str] = set()
    for finding in findings:
        key = " ".join(finding.passage.text.lower().split())
        if key not in seen:
            seen.add(key)
            yield finding

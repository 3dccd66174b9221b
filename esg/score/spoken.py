"""pages → the languages that a document is really written in, of those that a rubric has cues for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from esg.domain import Page
from esg.rubric import Language, Rubric

LEAST = 0.1  # of the text of known language; a page or two more may be an imprint or a mistake

OWN = ""  # stands for the rubric's own languages


@dataclass(frozen=True, slots=True)
class Spoken:
    """`shares` of the text by language, the largest first, OWN among them; `pages` are judged by its cues.

    A page that is not in `pages` is judged by the rubric's own.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    pages: Mapping[int, str] = field(default_factory=dict)

    @property
    def others(self) -> tuple[str, ...]:
        """The languages beside the rubric's own."""
        return tuple(code for code in self.shares if code != OWN)

    @property
    def is_own(self) -> bool:
        """Whether part of the document, or all that is known of it, is in the rubric's own language."""
        return OWN in self.shares or not self.shares


def spoken(pages: Sequence[Page], rubric: Rubric) -> Spoken:
    """Weigh the read pages by their letters; a page of no language goes with the document's main one."""
    known = {language.code: language.code for language in rubric.others if language.code in rubric.languages}
    of = {page.number: known.get(page.language, OWN) for page in pages if page.language in rubric.languages}
    lengths = Counter({OWN: 0})
    for page in pages:
        if page.number in of and page.legibility.is_read:
            lengths[of[page.number]] += len(page.text)
    shares = _shares(lengths)
    others = {code for code in shares if code != OWN}
    if not others:
        return Spoken()
    main = next(iter(shares))
    judged = {page.number: of.get(page.number, OWN if page.language else main) for page in pages}
    return Spoken(shares, {number: code for number, code in judged.items() if code in others})


def _shares(lengths: Counter[str]) -> dict[str, float]:
    total = lengths.total()
    ranked = sorted(lengths.items(), key=lambda item: (-item[1], item[0]))
    return {code: length / total for code, length in ranked if total and length / total >= LEAST}


def spoken_together(documents: Sequence[tuple[Spoken, int]]) -> Spoken:
    """Weigh the languages of several documents by their letters; the pages stay with each document."""
    if len(documents) == 1:
        return documents[0][0]  # its shares as they are, unrounded
    lengths: Counter[str] = Counter()
    for one, letters in documents:
        for code, share in (one.shares or {OWN: 1.0}).items():
            lengths[code] += round(share * letters)
    shares = _shares(lengths)
    return Spoken(shares) if any(code != OWN for code in shares) else Spoken()


def lost(rubric: Rubric, spoken: Spoken) -> float:
    """What reading in other languages takes from a level's confidence: each language's loss by its share."""
    losses = {language.code: language.loss for language in rubric.others}
    return sum(losses[code] * spoken.shares[code] for code in spoken.others)


def told(rubric: Rubric, spoken: Spoken) -> list[str]:
    """Say whose cues judged, how much less sure that is, and which criteria no sentence could meet."""
    if not spoken.others:
        return []
    chosen = [language for language in rubric.others if language.code in spoken.others]
    names = {OWN: "the rubric's own", **{language.code: language.name for language in chosen}}
    shares = ", ".join(f"{names[code]} {share:.0%}" for code, share in spoken.shares.items())
    loss = f"this lowers the confidence by {lost(rubric, spoken):.2f}"
    return [
        f"Judged by the cues of the text's languages ({shares}); {loss}.",
        *(_lacking(language) for language in chosen if language.missing),
    ]


def _lacking(language: Language) -> str:
    return f"No cues in {language.name} for {', '.join(language.missing)}."

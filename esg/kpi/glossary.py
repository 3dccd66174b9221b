"""What other languages call things (data/languages/*.toml) → the English words that figures are read by.

A glossary is read word by word, the longest phrase first. A word that it does not know stays as it is, and so
keeps a label from being taken for a KPI: "Scope-1-Emissionen der Flotte" is no scope 1.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from esg.kpi.numbers import Style
from esg.kpi.rewrite import Term

_DATA = Path(__file__).parent / "data" / "languages"
_CHOICE = re.compile(r"\(([^()]*)\)")
_KEY = 2  # letters by which phrases are looked up; those of one letter by that
WIDE = "\u2e80"  # from here on scripts write words without blanks between them


class Glossary:
    """The phrases of one language, each with its English words, by their first letter.

    A phrase that begins or ends with "#" counts only where a digit stands before or behind it.
    `numerals` says how the language groups digits ("blanks") or that they are "han",
    `style` how it usually parts decimals.
    """

    def __init__(self, terms: Mapping[str, str], *, numerals: str, style: Style) -> None:
        self._phrases: dict[str, list[_Phrase]] = {}
        for said in sorted(terms, key=len, reverse=True):  # what needs a digit comes first
            phrase = _Phrase(terms[said], said[0] == "#", said[-1] == "#")
            self._phrases.setdefault(said.strip("#"), []).append(phrase)
        lengths: dict[str, set[int]] = {}
        for said in self._phrases:
            lengths.setdefault(said[:_KEY], set()).add(len(said))
        self._lengths = {key: sorted(of_key, reverse=True) for key, of_key in lengths.items()}
        self.numerals = numerals
        self.style = style

    def find(self, text: str) -> Iterator[Term]:
        """Find the phrases of a text in lower case, none overlapping, the longest first at each place."""
        at = 0
        while at < len(text):
            term = None if _joins(text, at) else self._at(text, at)
            if term:
                yield term
            at = term.end if term else at + 1

    def _at(self, text: str, at: int) -> Term | None:
        for key in (text[at : at + _KEY], text[at]):
            for length in self._lengths.get(key, ()):
                end = at + length
                phrases = self._phrases.get(text[at:end], ())
                if phrases and not _joins(text, end):
                    fitting = (phrase for phrase in phrases if phrase.fits(text, at, end))
                    if phrase := next(fitting, None):
                        return Term(at, end, phrase.english)
        return None


class _Phrase(NamedTuple):
    english: str
    behind_digit: bool
    before_digit: bool

    def fits(self, text: str, start: int, end: int) -> bool:
        """Whether the digit is there that the phrase needs."""
        is_behind = text[max(0, start - 2) : start].rstrip(" ")[-1:].isdigit()
        return (is_behind or not self.behind_digit) and (
            text[end : end + 1].isdigit() or not self.before_digit
        )


def languages() -> frozenset[str]:
    """The languages that figures and claims are read in beside English (ISO 639-1)."""
    return frozenset(path.stem for path in _DATA.glob("*.toml"))


@cache
def glossary(language: str) -> Glossary | None:
    """The glossary of a language; None where there is none, as for English."""
    path = _DATA / f"{language}.toml"
    if language not in languages():
        return None
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    words: Mapping[str, Sequence[str]] = raw["words"]
    terms = {phrase: english for english, said in words.items() for s in said for phrase in written(s)}
    return Glossary(terms, numerals=raw.get("numerals", ""), style=Style(raw["style"]))


def written(phrase: str) -> Iterator[str]:
    """Write out the choices of a phrase, inner ones first: "direkte(n|) emission(en|)" is four phrases."""
    choice = _CHOICE.search(phrase)
    if choice is None:
        yield phrase
        return
    for said in choice[1].split("|"):
        yield from written(f"{phrase[: choice.start()]}{said}{phrase[choice.end() :]}")


def _joins(text: str, at: int) -> bool:
    """Whether a place is inside a word, "tCO2e" being one; in scripts without blanks none is."""
    return 0 < at < len(text) and _is_of_word(text[at - 1]) and _is_of_word(text[at])


def _is_of_word(sign: str) -> bool:
    return sign < WIDE and sign.isalnum()

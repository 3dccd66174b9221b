"""A text in another language → the same with its numerals and the words of a glossary in English."""

import re
from collections.abc import Sequence
from functools import cache

from esg.kpi import lexicon
from esg.kpi.glossary import WIDE, Glossary
from esg.kpi.numerals import numerals
from esg.kpi.rewrite import Rewritten, Term, rewrite

_COMMA, _STOP = "\uff0c", "\uff0e"  # as wide as a letter
_NARROW = {
    chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in (_COMMA, _STOP)
}
_BULLETS = dict.fromkeys("・‧" + _STOP, "•")  # so that a sentence ends before them
_PLAIN = str.maketrans({**_NARROW, **_BULLETS, "\u3000": " ", "﹪": "%", "╱": "/", "∕": "/"})
_IN_WIDE_FIGURE = re.compile(rf"(?<=[０-９])[{_COMMA}{_STOP}](?=[０-９])")
_TYPOGRAPHIC = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "\u2011": "-"})
_BEFORE = 4  # characters before a word in which a sentence's end is looked for
_BLOT = "0"  # a digit, as what it stands for


def in_english(text: str, words: Glossary, company: str) -> tuple[Rewritten, tuple[str, ...]]:
    """Put a text into English as far as its words are known; also say what its terms stand for."""
    terms = _terms(text, words, company)
    return rewrite(plain(text), terms), tuple(text[term.start : term.end] for term in terms)


def _terms(text: str, words: Glossary, company: str) -> list[Term]:
    figures = numerals(plain(text), words.numerals)
    low = "".join(map(_lower, plain(text)))
    known = (t for t in words.find(_without(low, figures)) if not _is_name(text, t, company))
    return sorted([*figures, *(t._replace(text=_cased(t, text)) for t in known)])


def plain(text: str) -> str:
    """Full-width letters, digits and signs as narrow ones; a comma or stop only within a figure."""
    narrow = _IN_WIDE_FIGURE.sub(lambda m: "," if m[0] == _COMMA else ".", text)
    return narrow.translate(_PLAIN)


@cache
def _lower(letter: str) -> str:
    """A letter in lower case that takes no more room, a plain sign for a typographic one."""
    lower = letter.lower()
    return lower.translate(_TYPOGRAPHIC) if len(lower) == 1 else letter


def _without(text: str, terms: Sequence[Term]) -> str:
    for term in terms:
        text = f"{text[: term.start]}{_BLOT * (term.end - term.start)}{text[term.end :]}"
    return text


def _is_name(text: str, term: Term, company: str) -> bool:
    """Whether a word that speaks of a part is one of the company's own name: "Acme Deutschland"."""
    said = text[term.start : term.end]
    is_own = said in (company if said >= WIDE else company.split())
    return is_own and lexicon.names_part(term.text)


def _cased(term: Term, text: str) -> str:
    """The English words, with a capital where a sentence may begin: German writes all nouns with one."""
    before = text[max(0, term.start - _BEFORE) : term.start].rstrip()
    begins = text[term.start].isupper() and not before[-1:].isalnum() and before[-1:] not in (",", "-")
    return term.text[:1].upper() + term.text[1:] if begins else term.text

"""A page in another language → the same page in the words that the readers know, and the way back.

Only what the glossary and the numerals of the language know is put into English, and nothing is told of the
translation: quotes, figures and units are those of the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from esg.domain import Cell, Page, Span, Table, Word
from esg.kpi import lexicon
from esg.kpi.figure import Figure
from esg.kpi.glossary import Glossary, glossary
from esg.kpi.numerals import numerals
from esg.kpi.quote import MAX_WORDS, quote_span
from esg.kpi.rewrite import Rewritten, Term, rewrite

_COMMA, _STOP = "\uff0c", "\uff0e"  # as wide as a letter
_PLAIN = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in (_COMMA, _STOP)},
    ord("\u3000"): " ",
    ord("﹪"): "%",
}
_IN_WIDE_FIGURE = re.compile(rf"(?<=[０-９])[{_COMMA}{_STOP}](?=[０-９])")
_BEFORE = 4  # characters before a word in which a sentence's end is looked for
_LOWER = {ord("’"): "'", ord("\u00a0"): " ", ord("\u202f"): " ", ord("\u2011"): "-"}


@dataclass(frozen=True, slots=True)
class Translation:
    """`page` is the original in English words, `said` what its terms replace."""

    page: Page
    original: Page
    rewritten: Rewritten
    said: tuple[str, ...]

    def figure(self, figure: Figure) -> Figure:
        """A figure of the translation, as the original prints it."""
        value = self._as_printed(figure.raw_value, figure.quote)
        return replace(
            figure,
            quote=self.quote(figure.quote, value),
            raw_value=value,
            raw_unit=self._as_printed(figure.raw_unit, figure.quote),
            period=figure.period._replace(text=self._as_printed(figure.period.text, figure.quote)),
        )

    def quote(self, span: Span, around: str = "") -> Span:
        """The original of a quote, cut around some words of it where it is longer than its translation."""
        start, end = self.rewritten.back(span.start, span.end)
        said = self.original.text[start:end]
        start += len(said) - len(said.lstrip())
        said = said.strip()
        whole = Span(span.page, start, start + len(said))
        if len(said.split()) <= MAX_WORDS:
            return whole
        at = max(0, said.find(around))
        return quote_span(whole, said, at, at + len(around))

    def _as_printed(self, text: str, near: Span) -> str:
        """A text of the translation with the words of the page, those near a place before others."""
        pairs = zip(self.rewritten.places, self.said, strict=True)
        ranked = sorted(pairs, key=lambda pair: not near.start <= pair[0].start < near.end)
        words: dict[str, str] = {}
        for place, said in ranked:
            words.setdefault(place.text.lower(), said)
        known = sorted((re.escape(w) for w in words if w in text.lower()), key=len, reverse=True)
        if not known:
            return text
        return re.sub(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)", lambda m: words[m[0].lower()], text, flags=re.I)


def translate(page: Page, *, language: str, company: str) -> Translation | None:
    """Put a page into English words; None where its language has no glossary, as English has none."""
    words = glossary(language)
    if words is None:
        return None

    @cache
    def english(text: str) -> Rewritten:
        return rewrite(_plain(text), _terms(text, words, company))

    terms = _terms(page.text, words, company)
    rewritten = rewrite(_plain(page.text), terms)
    here = rewritten.here
    translated = replace(
        page,
        text=rewritten.text,
        words=tuple(Word(*here(w.start, w.end), w.box) for w in page.words),
        blocks=tuple(
            b._replace(start=start, end=end) for b in page.blocks for start, end in [here(b.start, b.end)]
        ),
        tables=tuple(
            Table(
                *here(table.start, table.end),
                english(table.caption).text,
                tuple(tuple(_cell(c, rewritten, [english(h).text for h in c.header]) for c in r) for r in table.rows),
            )
            for table in page.tables
        ),
    )
    return Translation(translated, page, rewritten, tuple(page.text[t.start : t.end] for t in terms))


def _cell(cell: Cell, rewritten: Rewritten, header: Sequence[str]) -> Cell:
    return Cell(cell.row, cell.column, *rewritten.here(cell.start, cell.end), tuple(header))


def _terms(text: str, words: Glossary, company: str) -> list[Term]:
    """What to put into English, in order: the numerals, and the words that they leave."""
    plain = _plain(text)
    figures = [t for t in numerals(plain, words.numerals) if t.text != plain[t.start : t.end]]
    low = _blanked("".join(map(_lower, plain)), figures)
    known = (t for t in words.find(low) if not _is_name(text, t, company))
    return sorted([*figures, *(t._replace(text=_cased(t, text)) for t in known)])


def _plain(text: str) -> str:
    """Full-width letters, digits and signs as narrow ones; a comma or stop only within a figure."""
    return _IN_WIDE_FIGURE.sub(lambda m: "," if m[0] == _COMMA else ".", text).translate(_PLAIN)


def _lower(letter: str) -> str:
    """A letter in lower case that takes no more room, a plain sign for a typographic one."""
    lower = letter.lower()
    return lower.translate(_LOWER) if len(lower) == 1 else letter


def _blanked(text: str, terms: Sequence[Term]) -> str:
    for term in terms:
        text = f"{text[: term.start]}{chr(0) * (term.end - term.start)}{text[term.end :]}"
    return text


def _is_name(text: str, term: Term, company: str) -> bool:
    """Whether a word that speaks of a part is one of the company's own name: "Acme Deutschland"."""
    return text[term.start : term.end] in company.split() and lexicon.names_part(term.text)


def _cased(term: Term, text: str) -> str:
    """The English words, with a capital where a sentence may begin: German writes all nouns with one."""
    before = text[max(0, term.start - _BEFORE) : term.start].rstrip()
    begins = text[term.start].isupper() and not before[-1:].isalnum() and before[-1:] not in (",", "-")
    return term.text[:1].upper() + term.text[1:] if begins else term.text

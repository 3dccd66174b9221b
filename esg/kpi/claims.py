"""pages → claims: statements with a value, read by the rules of data/claims.toml."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from esg.chunk import sentences
from esg.domain import BlockKind, Claim, Document, Evidence, Page, Span
from esg.kpi.cite import cite
from esg.kpi.quote import quote_span
from esg.rubric import Sieve, any_found, compile_pattern, fold, in_time, sieve

_DATA = Path(__file__).parent / "data" / "claims.toml"
_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FOOTNOTE)
_LONGEST = 700  # characters of a sentence; what is longer is no sentence


class Reading(NamedTuple):
    """A claim and the quote it was read from."""

    claim: Claim
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    all: tuple[Sieve, ...]
    never: tuple[Sieve, ...]
    value: str


class _Found(NamedTuple):
    rule: int  # its place among the rules
    key: str
    value: str
    page: Page
    span: Span
    start: int  # of the words that decided, in the sentence
    end: int


def read_claims(document: Document, pages: Sequence[Page]) -> list[Reading]:
    """Read statements with a value, each value once, where it is said first."""
    first: dict[tuple[str, str], _Found] = {}
    for page in pages:
        if page.legibility.is_read:
            for found in _on_page(page, document.identity.year):
                first.setdefault((found.key, found.value), found)
    ranked = sorted(first.values(), key=lambda f: (f.rule, f.span))
    return [_reading(f) for f in ranked if f.key not in _keys("single") or _is_first(f, ranked)]


def can_differ(key: str, *, alone: bool) -> bool:
    """Whether two values of a claim can both be true; `alone`: each is the only one its document gives."""
    return key not in _keys("single") and not (alone and key in _keys("single_where_alone"))


def _is_first(one: _Found, ranked: Sequence[_Found]) -> bool:
    """Whether no rule that comes earlier gave the same claim another value."""
    return next(f for f in ranked if f.key == one.key) is one


def _on_page(page: Page, year: int | None) -> Iterator[_Found]:
    for block in page.blocks:
        if block.kind in _PROSE:
            for start, end in sentences(page.text, block.start, block.end):
                if end - start <= _LONGEST:
                    yield from _in_sentence(page, Span(page.number, start, end), year)


def _in_sentence(page: Page, span: Span, year: int | None) -> Iterator[_Found]:
    text = fold(page.text[span.start : span.end])
    spoken: set[str] = set()
    for place, rule in enumerate(_rules()):
        if rule.key not in spoken and (matches := _matches(rule, text, year)):
            spoken.add(rule.key)
            start, end = min(m.start() for m in matches), max(m.end() for m in matches)
            yield _Found(place, rule.key, _value(rule, matches), page, span, start, end)


def _matches(rule: Rule, text: str, year: int | None) -> list[re.Match[str]]:
    """The first match in time of every pattern of the rule, or nothing."""
    matches = []
    for pattern in rule.all:
        match = next((m for m in pattern.finditer(text) if in_time(m, year)), None)
        if match is None:
            return []
        matches.append(match)
    return [] if any_found(rule.never, text) else matches


def _value(rule: Rule, matches: Sequence[re.Match[str]]) -> str:
    """Put the named groups in; a name may end in a digit where alternatives need several."""
    named: dict[str, str] = {}
    for match in matches:
        for name, text in match.groupdict().items():
            if text:
                named.setdefault(name.rstrip("0123456789"), _written(name, text))
    return rule.value.format_map(named)


def _written(name: str, text: str) -> str:
    """A year with all its digits, anything else without line breaks."""
    is_short_year = name.startswith(("future", "past")) and len(text) == len("30")
    return f"20{text}" if is_short_year else " ".join(text.split())


def _reading(found: _Found) -> Reading:
    page, span = found.page, found.span
    quote = quote_span(span, page.text[span.start : span.end], found.start, found.end)
    evidence = cite(page, quote.start, quote.end)
    return Reading(Claim(found.key, found.value, page.number, evidence.quote, evidence.id), evidence)


def named() -> frozenset[str]:
    """The claims that are read."""
    return frozenset(rule.key for rule in _rules())


@cache
def _keys(which: str) -> frozenset[str]:
    """The claims that can have one value only, always (`single`) or where a document gives no other."""
    return frozenset(tomllib.loads(_DATA.read_text(encoding="utf-8"))[which])


@cache
def _rules() -> tuple[Rule, ...]:
    raw = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    words = {name: pattern for name, pattern in raw.items() if isinstance(pattern, str)}
    return tuple(
        Rule(
            rule["key"],
            tuple(sieve(compile_pattern(p, words)) for p in rule["all"]),
            tuple(sieve(compile_pattern(p, words)) for p in rule.get("never", [])),
            rule["value"],
        )
        for rule in raw["claim"]
    )

"""pages → claims: statements with a value, read by the rules of data/claims.toml."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from esg.domain import Claim, Document, Evidence, Page, Span
from esg.kpi.cite import cite
from esg.kpi.prose import places
from esg.kpi.quote import quote_span
from esg.kpi.toml import parsed
from esg.kpi.translate import Translation, Translations, translations
from esg.rubric import Sieve, any_found, compile_pattern, fold, in_time, sieve

_LONGEST = 700  # characters of a sentence; what is longer is no sentence


class Reading(NamedTuple):
    """A claim and the quote it was read from."""

    claim: Claim
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Rule:
    place: int  # among the rules
    key: str
    all: tuple[Sieve, ...]
    never: tuple[Sieve, ...]
    value: str


class _Found(NamedTuple):
    rule: int  # its place among the rules
    key: str
    value: str
    page: Page
    quote: Span


def read_claims(
    document: Document, pages: Sequence[Page], *, translated: Translations | None = None
) -> list[Reading]:
    """Read statements with a value, each value once, where it is said first.

    `translated` are the `translations` of the pages where these are known already.
    """
    if translated is None:
        translated = translations(document, pages)
    first: dict[tuple[str, str], _Found] = {}
    for page in pages:
        if page.legibility.is_read:
            for found in _found(page, translated.get(page.number), document.identity.year):
                first.setdefault((found.key, found.value), found)
    ranked = sorted(first.values(), key=lambda f: (f.rule, f.quote))
    return [_reading(f) for f in ranked if f.key not in _keys("single") or _is_first(f, ranked)]


def can_differ(key: str, *, alone: bool) -> bool:
    """Whether two values of a claim can both be true; `alone`: each is the only one its document gives."""
    return key not in _keys("single") and not (alone and key in _keys("single_where_alone"))


def _is_first(one: _Found, ranked: Sequence[_Found]) -> bool:
    """Whether no rule that comes earlier gave the same claim another value."""
    return next(f for f in ranked if f.key == one.key) is one


def _found(page: Page, translation: Translation | None, year: int | None) -> Iterator[_Found]:
    """Read a page, one in another language by its words in English."""
    if translation is None:
        yield from _on_page(page, year, _rules())
        return
    for found in _on_page(translation.page, year, (*_rules_of_others(), *_rules())):
        yield found._replace(page=page, quote=translation.quote(found.quote))


def _on_page(page: Page, year: int | None, rules: Sequence[Rule]) -> Iterator[_Found]:
    for span in places(page, _LONGEST):
        yield from _in_sentence(page, span, year, rules)


def _in_sentence(page: Page, span: Span, year: int | None, rules: Sequence[Rule]) -> Iterator[_Found]:
    raw = page.text[span.start : span.end]
    text = fold(raw)
    spoken: set[str] = set()
    for rule in rules:
        if rule.key not in spoken and (matches := _matches(rule, text, year)):
            spoken.add(rule.key)
            quote = quote_span(span, raw, min(m.start() for m in matches), max(m.end() for m in matches))
            yield _Found(rule.place, rule.key, _value(rule, matches), page, quote)


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
    evidence = cite(found.page, found.quote.start, found.quote.end)
    return Reading(Claim(found.key, found.value, found.page.number, evidence.quote, evidence.id), evidence)


def named() -> frozenset[str]:
    """The claims that are read."""
    return frozenset(rule.key for rule in _rules())


@cache
def _keys(which: str) -> frozenset[str]:
    """The claims that can have one value only, always (`single`) or where a document gives no other."""
    return frozenset(parsed("claims")[which])


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(_compiled(parsed("claims")["claim"]))


@cache
def _rules_of_others() -> tuple[Rule, ...]:
    """Rules for the English words of sentences in other languages, which come before all others."""
    raw = parsed("order")["claim"]
    return tuple(_compiled(raw, first=-len(raw)))


def _compiled(raw: Sequence[Mapping[str, Any]], first: int = 0) -> Iterator[Rule]:
    words = _words()
    for place, rule in enumerate(raw, first):
        yield Rule(
            place,
            rule["key"],
            tuple(sieve(compile_pattern(p, words)) for p in rule["all"]),
            tuple(sieve(compile_pattern(p, words)) for p in rule.get("never", [])),
            rule["value"],
        )


@cache
def _words() -> dict[str, str]:
    raw = parsed("claims")
    return {name: pattern for name, pattern in raw.items() if isinstance(pattern, str)}

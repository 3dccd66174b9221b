"""A document's company, LEI and address → the company of the register that it is of, or none.

Wrong is worse than unmatched: a report under another company's name is believed, an unmatched one is listed.
So whatever fits two companies fits none.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from esg.register.company import RegisteredCompany
from esg.register.names import bare, key, parts

_WEAK = frozenset({"group", "groupe", "gruppe", "gruppo", "holding", "holdings", "company", "co", "and"})
_NONE: Set[str] = frozenset()
_Shelf = tuple[int, str, str]  # how long a name is, how it begins, how it ends
SHORTEST = 4  # letters that two names without their weak words must have in common
SHORTEST_MISSPELT = 10  # letters of which one may differ: nine in ten are alike


class How(StrEnum):
    """What a document was matched by."""

    HAND = "hand"
    NAME = "name"
    LEI = "lei"
    DOMAIN = "domain"
    LIKENESS = "likeness"  # spelt a little differently


class Match(NamedTuple):
    slug: str
    how: How


class Book:
    """The register, opened at every place where a company may be looked up."""

    def __init__(self, companies: Iterable[RegisteredCompany]) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._bare: dict[str, set[str]] = defaultdict(set)
        self._leis: dict[str, set[str]] = defaultdict(set)
        self._domains: dict[str, set[str]] = defaultdict(set)
        self._companies = {company.slug: company for company in companies}
        for company in self._companies.values():
            self._enter(company)

    def __len__(self) -> int:
        return len(self._companies)

    def get(self, slug: str) -> RegisteredCompany | None:
        return self._companies.get(slug)

    def _enter(self, company: RegisteredCompany) -> None:
        for name in company.names:
            self._keys[key(name)].add(company.slug)
            self._bare[bare(name)].add(company.slug)
        for index, value in ((self._leis, company.lei), (self._domains, company.domain)):
            if value:
                index[value].add(company.slug)

    @cached_property
    def _alike(self) -> dict[_Shelf, list[tuple[str, str]]]:
        """Names, and whose they are, by what those like them share; made where nothing else helps."""
        alike: dict[_Shelf, list[tuple[str, str]]] = defaultdict(list)
        names = ((name, slug) for slug, company in self._companies.items() for name in company.names)
        for name, slug in names:
            squeezed = _squeezed(name)
            for shelf in _shelves(squeezed, len(squeezed)):
                alike[shelf].append((name, slug))
        return alike

    def match(self, name: str, *, lei: str = "", source: str = "") -> Match | None:
        """The company that a name means, else an LEI, else a source's host, else a like name."""
        ways: tuple[tuple[How, Callable[[], Set[str]]], ...] = (
            (How.NAME, lambda: self._keys.get(key(name), _NONE)),
            (How.NAME, lambda: self._bare.get(bare(name), _NONE)),
            (How.LEI, lambda: self._leis.get(lei, _NONE)),
            (How.DOMAIN, lambda: self._of_host(source)),
            (How.LIKENESS, lambda: self._like(name)),
        )
        found = ((look_up(), how) for how, look_up in ways)
        return next((Match(min(slugs), how) for slugs, how in found if len(slugs) == 1), None)

    def _of_host(self, source: str) -> Set[str]:
        host = (urlsplit(source).hostname or "") if "://" in source else ""
        labels = host.lower().split(".")
        return set[str]().union(
            *(self._domains.get(".".join(labels[at:]), set()) for at in range(len(labels)))
        )

    def _like(self, name: str) -> Set[str]:
        squeezed = _squeezed(name)
        shelves = {shelf for off in (-1, 0, 1) for shelf in _shelves(squeezed, len(squeezed) + off)}
        near = {found for shelf in shelves for found in self._alike.get(shelf, ())}
        return {slug for other, slug in near if is_like(name, other)}


def is_like(name: str, other: str) -> bool:
    """Whether two names are one spelt differently: the same without "Group" and blanks, or one letter off.

    Two legal forms that differ, as in Compass, Inc. and Compass Group PLC, tell two companies apart.
    """
    forms, others = parts(name).forms, parts(other).forms
    if forms and others and forms != others:
        return False
    short, long = sorted((_squeezed(name), _squeezed(other)), key=len)
    if short == long:
        return len(short) >= SHORTEST
    return len(short) >= SHORTEST_MISSPELT and is_one_letter_off(short, long)


def is_one_letter_off(one: str, other: str) -> bool:
    """Whether a letter was left out, added, exchanged for another or swapped with the next; digits count."""
    short, long = sorted((one, other), key=len)
    start = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    left, right = short[start:], long[start:]
    odd = (left[:1] + right[:1]) if len(short) == len(long) else right[:1]
    if not right or any(map(str.isdigit, odd)):
        return False
    is_added = len(right) == len(left) + 1 and right[1:] == left
    is_exchanged = len(right) == len(left) and right[1:] == left[1:]
    is_swapped = right[:2] == left[:2][::-1] and right[2:] == left[2:]
    return is_added or is_exchanged or is_swapped


def _squeezed(name: str) -> str:
    """A name's letters alone, without its legal form and words such as Group."""
    words = parts(name).words
    return "".join(word for word in words if word not in _WEAK) or "".join(words)


def _shelves(squeezed: str, length: int) -> Iterator[_Shelf]:
    """Where names of a length are that may be like a name: a letter that is off leaves one half as it is.

    Two letters in the middle may be swapped, so a half is a little less. A short name has to be the same.
    """
    half = (length - 2) // 2
    if length < SHORTEST_MISSPELT:
        yield length, squeezed, ""
    else:
        yield length, squeezed[:half], ""
        yield length, "", squeezed[-half:]

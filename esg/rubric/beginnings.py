"""A pattern → the strings of which every match begins with one, read off the pattern itself.

A pattern that is blind to case is tried by `re` at every character of a text. Where its matches begin with
one of a few strings, those are found much faster, and it is tried only there.
"""

from typing import NamedTuple

from esg.rubric.syntax import Group, Part, Sequence, Unknown, parse

_MOST = 96  # strings: to look for more costs as much as trying everywhere
_ENOUGH_LETTERS = 9

Strings = frozenset[str]
_NONE: Strings = frozenset()
_EMPTY: Strings = frozenset({""})


class _Start(NamedTuple):
    """How a match may start: with all of a part, being one of `whole`, or with one of `cut` and more."""

    whole: Strings
    cut: Strings

    @property
    def every(self) -> Strings:
        return self.whole | self.cut


def beginnings(pattern: str) -> tuple[str, ...]:
    """Give strings in lower case of which every match, lower-cased, begins with one.

    The pattern is one without flags but IGNORECASE. Empty where nothing is known, or too little to be of use.
    Where a text has İ, ı or ſ for i and s, the strings have i and s.
    """
    try:
        found = _of_group(parse(pattern)).every
    except Unknown:
        return ()
    if len(found) > _MOST or any(map(_is_common, found)):
        return ()
    return tuple(sorted(text for text in found if not any(map(text.startswith, found - {text}))))


def _of_group(group: Group) -> _Start:
    starts = [_of_sequence(parts) for parts in group]
    return _Start(_NONE.union(*(s.whole for s in starts)), _NONE.union(*(s.cut for s in starts)))


def _of_sequence(parts: Sequence) -> _Start:
    """Read on as long as it is known how far a match has come."""
    whole, cut = _EMPTY, _NONE
    for part in parts:
        if min(map(len, whole), default=_ENOUGH_LETTERS) >= _ENOUGH_LETTERS:
            return _Start(_NONE, whole | cut)
        next_ = _of_part(part)
        if len(whole) * len(next_.every) > _MOST:
            return _Start(_NONE, whole | cut)
        whole, cut = _joined(whole, next_.whole), cut | _joined(whole, next_.cut)
    return _Start(whole, cut)


def _of_part(part: Part) -> _Start:
    """What a part starts with, once, not at all or several times over."""
    if part.is_around:
        return _Start(_EMPTY, _NONE)
    if part.letter:
        once = _Start(frozenset({part.letter}), _NONE)
    else:
        once = _of_group(part.group) if part.group else _Start(_NONE, _EMPTY)
    if part.is_repeated:
        once = _Start(_NONE, once.every)
    return _Start(once.whole | _EMPTY, once.cut) if part.is_optional else once


def _is_common(string: str) -> bool:
    """Whether it is in every other text: nothing, or one letter or figure."""
    return not string or (len(string) == 1 and string.isalnum())


def _joined(firsts: Strings, lasts: Strings) -> Strings:
    return frozenset(first + last for first in firsts for last in lasts)

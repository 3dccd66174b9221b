"""A pattern → its parts, for whoever wants to know something of what it matches without matching anything.

Patterns are those without flags but IGNORECASE; a construct that is not known here raises `Unknown`.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_ZERO_WIDTH = re.compile(r"\\[AbBZ]|[\^$]")
_CLASS = re.compile(r"\\[dDsSwWnrtfv]|\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_LITERAL = re.compile(r"\\(?P<escaped>[^\w\s])|(?P<plain>[^\\.^$*+?{}\[\]()|])")
_GROUP = re.compile(r"\((?P<around>\?<?[=!])|\((?:\?:|\?P<\w+>|(?!\?))")
_TIMES = re.compile(r"(?:(?P<none>[?*]|\{0*(?:,\d*)?\})|\+|\{\d+(?:,\d*)?\})[?+]?")


class Unknown(Exception):
    """A construct that is not known here."""


class Part(NamedTuple):
    """A letter in lower case, or a group of alternatives, or, without either, some character."""

    letter: str = ""
    group: "Group" = ()
    is_around: bool = False  # the group only looks around, or away from what it names
    is_optional: bool = False
    is_repeated: bool = False  # or may be


Sequence = tuple[Part, ...]  # of parts that follow each other; what is zero wide is left out
Group = tuple[Sequence, ...]  # of alternatives


@lru_cache(maxsize=1)
def parse(pattern: str) -> Group:
    """Part a pattern, once for all that is asked of it in a row; raises Unknown."""
    reader = _Reader(pattern)
    group = reader.alternatives()
    if reader.at < len(pattern):
        raise Unknown
    return group


class _Reader:
    """Reads a pattern from left to right; `at` is how far it has come."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> Group:
        """Read up to the end of a group."""
        found = [self._sequence()]
        while self._take_text("|"):
            found.append(self._sequence())
        return tuple(found)

    def _sequence(self) -> Sequence:
        parts = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            if self._take(_ZERO_WIDTH):
                continue
            part = self._atom()
            if times := self._take(_TIMES):
                is_optional = times["none"] is not None
                part = part._replace(is_optional=is_optional, is_repeated=not times[0].startswith("?"))
            parts.append(part)
        return tuple(parts)

    def _atom(self) -> Part:
        if literal := self._take(_LITERAL):
            letter = (literal["escaped"] or literal["plain"]).lower()
            return Part(letter if _is_plain(letter) else "")
        if self._take(_CLASS):
            return Part()
        if opening := self._take(_GROUP):
            group = self.alternatives()
            if not self._take_text(")"):
                raise Unknown
            return Part(group=group, is_around=opening["around"] is not None)
        raise Unknown

    def _take(self, part: re.Pattern[str]) -> re.Match[str] | None:
        found = part.match(self.pattern, self.at)
        if found:
            self.at = found.end()
        return found

    def _take_text(self, text: str) -> bool:
        is_there = self.pattern.startswith(text, self.at)
        self.at += len(text) * is_there
        return is_there


def _is_plain(letter: str) -> bool:
    """Whether `lower` makes one letter of all forms that a pattern blind to case takes for this one.

    True of Latin letters but for three, and of letters without case; others have forms that stay apart.
    """
    if letter in ("µ", "ı", "ſ") or len(letter) > 1:
        return False
    return letter < "\u0180" or letter.lower() == letter.upper()

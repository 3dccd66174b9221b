"""A pattern → letters of which every text that it matches has some, read off the pattern itself.

To look for a few strings costs a quarter of a search with the pattern, and most patterns find nothing in most
sentences. Whatever is not understood here needs nothing: the pattern then has to be tried.
"""

import re
from collections.abc import Iterable

_ZERO_WIDTH = re.compile(r"\\[AbBZ]|[\^$]")
_CLASS = re.compile(r"\\[dDsSwWnrtfv]|\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
_LITERAL = re.compile(r"\\(?P<escaped>[^\w\s])|(?P<plain>[^\\.^$*+?{}\[\]()|])")
_GROUP = re.compile(r"\((?P<around>\?<?[=!])|\((?:\?:|\?P<\w+>|(?!\?))")
_TIMES = re.compile(r"(?:(?P<none>[?*]|\{0*(?:,\d*)?\})|\+|\{\d+(?:,\d*)?\})[?+]?")
_SHORT = 3  # characters; what is shorter than this is in every other sentence

Choice = tuple[str, ...]  # of which a text has one at least
ANY: Choice = ("",)  # every text has it
Needed = tuple[Choice, ...]  # of which a text has all, the rarest first


def needed(pattern: str) -> Needed:
    """Give strings in lower case of which every text, lower-cased, that the pattern matches has some.

    The pattern is one without flags but IGNORECASE. Empty where nothing is known. Where a text has İ, ı or ſ
    for i and s, the strings have i and s.
    """
    reader = _Reader(pattern)
    try:
        found = reader.alternatives()
    except _Unknown:
        return ()
    return found if reader.at == len(pattern) else ()


class _Unknown(Exception):
    """A construct that this reader does not know."""


class _Reader:
    """Reads a pattern from left to right; `at` is how far it has come."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def alternatives(self) -> Needed:
        """Read up to the end of a group: of several alternatives, one of all that they need most."""
        found = [self._sequence()]
        while self._take_text("|"):
            found.append(self._sequence())
        if len(found) == 1:
            return found[0]
        return (_union(choices[0] for choices in found),) if all(found) else ()

    def _sequence(self) -> Needed:
        """Read what must be found in a row: all that its parts need."""
        choices: set[Choice] = set()
        run = ""
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            if self._take(_ZERO_WIDTH):
                continue
            letter, needs, is_around = self._atom()
            times = self._take(_TIMES)
            is_optional = times is not None and times["none"] is not None
            if letter and not is_optional:
                run += letter
            if times or not (letter or is_around):
                choices |= _of(run)
                run = ""
            if not is_optional:
                choices |= set(needs)
        return tuple(sorted(choices | _of(run), key=_commonness))

    def _atom(self) -> tuple[str, Needed, bool]:
        """Read one part: a letter, or what a group needs; whether it only looks around."""
        if literal := self._take(_LITERAL):
            letter = (literal["escaped"] or literal["plain"]).lower()
            return letter if _is_plain(letter) else "", (), False
        if self._take(_CLASS):
            return "", (), False
        if opening := self._take(_GROUP):
            needs = self.alternatives()
            if not self._take_text(")"):
                raise _Unknown
            is_around = opening["around"] is not None
            return "", () if is_around else needs, is_around
        raise _Unknown

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


def _of(run: str) -> set[Choice]:
    return {(run,)} if run else set()


def _union(choices: Iterable[Choice]) -> Choice:
    return tuple(sorted({letters for choice in choices for letters in choice}))


def _commonness(choice: Choice) -> tuple[bool, int, int, Choice]:
    """The less, the fewer texts have it: nothing short in it, then the fewer strings, then the longer."""
    shortest = min(map(len, choice))
    return shortest < _SHORT, len(choice), -shortest, choice

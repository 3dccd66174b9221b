"""Printed figures → numbers: "1,234.5", "1.234,5", "1 170 000", "(12)", "6.032" as the document means it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

BLANKS = "\u00a0\u2007\u2009\u202f"  # blanks that never part two figures
_GROUP = rf"[ .,'’{BLANKS}]"
NUMBER = rf"\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_PROSE_GROUP = rf"[.,'’{BLANKS}]"
_PROSE = re.compile(rf"(?<![\w.,-])(?:\d{{1,3}}(?:{_PROSE_GROUP}\d{{3}})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?)")
_CELL = re.compile(rf"(?P<open>\()?(?P<sign>[-–−+])?\s?(?P<number>{NUMBER})(?P<close>\))?")
_GROUP_BEHIND = re.compile(r" \d{3}(?!\d)")
_SEPARATOR = re.compile(r"[.,]")
_LONGEST = 40  # characters; a longer run of digits is no figure, and a float may not hold it
_CLEAR = 2  # times as many figures that part decimals in one way as in the other
_NOT_DIGITS = re.compile(rf"[ '’{BLANKS}]")


class Style(StrEnum):
    """Which sign parts decimals: a point (1,234.5), a comma (1.234,5), or now this and now that."""

    POINT = "point"
    COMMA = "comma"
    MIXED = "mixed"


class Number(NamedTuple):
    """A figure and its place in the text it was found in."""

    value: float
    text: str
    start: int
    end: int
    is_ambiguous: bool  # one separator before three digits: "6.032" is 6032 or about 6


def parse(text: str, style: Style | None) -> tuple[float, bool] | None:
    """Read a run of digits and separators; None where it is no number.

    True where it can be read two ways and no style is known: "6.032" then is about six. "6,032" is then six
    thousand without doubt: no text in English parts decimals by a comma, and others show it elsewhere.
    """
    bare = _NOT_DIGITS.sub("", text)
    signs = _SEPARATOR.findall(bare)
    if not bare or not bare[0].isdigit() or len(bare) > _LONGEST:
        return None
    decimal, ambiguous = _decimal_sign(bare, signs, style)
    if decimal:
        whole, _, part = bare.rpartition(decimal)
        return float(f"{_SEPARATOR.sub('', whole)}.{part}"), ambiguous
    return float(_SEPARATOR.sub("", bare)), ambiguous


def _decimal_sign(bare: str, signs: list[str], style: Style | None) -> tuple[str, bool]:
    """The sign that parts decimals ("" for none), and whether the figure alone could not tell."""
    if not signs:
        return "", False
    if len(set(signs)) == 2:
        return signs[-1], False
    if len(signs) > 1:
        return "", False
    whole, _, part = bare.partition(signs[0])
    if len(part) != 3 or len(whole) > 3 or whole.startswith("0"):
        return signs[0], False
    own = "," if style is Style.COMMA else "."
    is_ambiguous = style is Style.MIXED or (style is None and signs[0] == ".")
    return (own if signs[0] == own else ""), is_ambiguous


def in_cell(text: str, style: Style | None) -> Number | None:
    """Read a table cell that holds one figure and nothing but marks, footnotes and a unit around it."""
    match = _CELL.search(text)
    if match is None or (read := parse(match["number"], style)) is None:
        return None
    value, ambiguous = read
    negative = match["sign"] in ("-", "–", "−") or (match["open"] and match["close"])
    return Number(-value if negative else value, match["number"], *match.span("number"), ambiguous)


def in_prose(text: str, style: Style | None) -> Iterator[Number]:
    """Find the figures of a sentence; blanks group digits only if they are of the unbreakable kind.

    Digits next to a group of three across a plain blank are left out: "Scope 1 170 000" can be two things.
    """
    for match in _PROSE.finditer(text):
        if not _is_in_group(text, match) and (read := parse(match[0], style)) is not None:
            yield Number(read[0], match[0], *match.span(), read[1])


def _is_in_group(text: str, match: re.Match[str]) -> bool:
    is_group = re.match(r"\d{3}(?!\d)", match[0]) and re.search(r"\d $", text[: match.start()])
    return bool(is_group or _GROUP_BEHIND.match(text, match.end()))


def only(text: str, style: Style | None) -> Number | None:
    """Read a text that is a figure, but for a sign of per cent; blanks of any kind group digits in threes."""
    bare = text.rstrip("% ").removesuffix("per cent").removesuffix("percent").rstrip()
    is_figure = re.fullmatch(NUMBER, bare.replace("\n", " "))
    read = parse(bare, style) if is_figure else None
    return read and Number(read[0], bare, 0, len(bare), read[1])


def whole(number: Number) -> float:
    """Read what cannot have decimals: "6.032" people are six thousand."""
    is_grouped = number.is_ambiguous or (number.value % 1 and re.fullmatch(r"\d{1,3}\.\d{3}", number.text))
    return float(re.sub(r"\D", "", number.text)) if is_grouped else number.value


def style_of(texts: Iterable[str]) -> Style | None:
    """Let the figures vote that can only be read one way; None where none or as many speak for both."""
    votes = Counter(vote for text in texts for m in _PROSE.finditer(text) if (vote := _vote(m[0])))
    point, comma = votes[Style.POINT], votes[Style.COMMA]
    if point == comma:
        return None
    return Style.POINT if point > comma else Style.COMMA


def style_in(texts: Iterable[str], usual: Style) -> Style:
    """The same in a language with a usual way: that where no figure speaks, mixed where they differ.

    Against the usual way only what is a figure without doubt speaks: "3.1" may be a chapter or a category.
    In a language that is written in both ways (the usual one then is mixed) a comma is one.
    """
    sure = (usual, Style.COMMA) if usual is Style.MIXED else (usual,)
    votes = Counter(
        vote
        for text in texts
        for match in _PROSE.finditer(text)
        if (vote := _vote(match[0])) and (vote in sure or _is_figure(text, match))
    )
    (style, most), *others = [*votes.most_common(), (usual, 0)]
    return style if most > _CLEAR * sum(count for _, count in others) or not votes else Style.MIXED


def _is_figure(text: str, match: re.Match[str]) -> bool:
    """Whether digits have several signs between them ("1,234.5") or are a percentage."""
    return len(_SEPARATOR.findall(match[0])) > 1 or text[match.end() :][:2].lstrip()[:1] == "%"


def _vote(text: str) -> Style | None:
    bare = _NOT_DIGITS.sub("", text)
    signs = _SEPARATOR.findall(bare)
    if not signs or parse(text, Style.POINT) != parse(text, Style.COMMA):
        return None
    decimal, _ = _decimal_sign(bare, signs, Style.POINT)
    if decimal:
        return Style.POINT if decimal == "." else Style.COMMA
    return Style.COMMA if signs[0] == "." else Style.POINT

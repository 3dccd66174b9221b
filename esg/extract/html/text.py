"""Runs of inline text → the text of a block, its white space as a browser shows it."""

import re
from typing import NamedTuple

LINE_BREAK = "\u2028"  # <br> while the runs are still apart
_BLANKS = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_GLUED_BULLET = re.compile(r"^([•·▪■□◦●○‣➢✓])(?=\w)")  # set apart by a margin, not by a blank
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x00"))
_RAISED = str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")
_RAISABLE = re.compile(r"[\d\s(),]+")


class Run(NamedTuple):
    text: str
    size: float
    bold: bool
    tags: tuple[int, ...] = ()  # of inline XBRL that stand around it


def fold(text: str) -> str:
    """A text without what is not printed, its white space of any kind and length one blank."""
    return _BLANKS.sub(" ", text.translate(_INVISIBLE))


def raise_digits(text: str) -> str:
    """Write the digits of a footnote mark or an exponent as what they are: 12³, not 123."""
    return text.translate(_RAISED) if _RAISABLE.fullmatch(text) else text


def collapse(text: str) -> str:
    """One blank where there were some, none at the ends, "\\n" where a line was broken."""
    text = text.translate(_INVISIBLE)
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split(LINE_BREAK))
    return "\n".join(lines).strip("\n")


def on_one_line(text: str) -> str:
    return collapse(text).replace("\n", " ")


def paragraphs(text: str) -> list[str]:
    """Split a block where an empty line stands; a single break stays a line break."""
    return [_GLUED_BULLET.sub(r"\1 ", part) for part in re.split(r"\n{2,}", collapse(text)) if part]


def dominant(runs: list[Run]) -> tuple[float, bool]:
    """The size and weight of most letters of a block."""
    letters: dict[tuple[float, bool], int] = {}
    for run in runs:
        key = (run.size, run.bold)
        letters[key] = letters.get(key, 0) + len(run.text.strip())
    return max(letters, key=lambda key: letters[key])

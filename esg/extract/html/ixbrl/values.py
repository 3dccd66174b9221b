"""The text inside a tag → the value that it stands for: format, scale and sign (Inline XBRL 1.1, 10 and 11).

The formats are those of Arelle's registry (docs/adr/ixbrl.md). It is loaded with the first fact that has one:
a third of a second, which pages without inline XBRL do not pay.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import NamedTuple

_LONGEST_NUMBER = 200  # characters of a tagged figure; a longer text is none
_LONGEST_FORMATTED = 5000
_MOST_ZEROS = 30  # of a scale
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")

Format = Callable[[str], str]


class Value(NamedTuple):
    """A value as XBRL writes it and, of a figure, as a number; `flag` says what is wrong with it."""

    text: str
    number: float | None
    flag: str = ""


def read_number(text: str, *, format_: tuple[str, str] | None, scale: str, sign: str) -> Value:
    """Read a tagged figure; `format_` is (namespace, name), None for a figure as XBRL writes it."""
    formatted = apply(text, format_)
    if formatted.flag:
        return formatted
    if len(formatted.text) > _LONGEST_NUMBER or not _PLAIN.fullmatch(formatted.text):
        return Value("", None, "bad_format")
    zeros = _zeros(scale)
    if zeros is None or sign not in ("", "-"):
        return Value("", None, "bad_scale" if zeros is None else "bad_sign")
    try:
        number = Decimal(formatted.text).scaleb(zeros)
    except InvalidOperation:  # more digits than arithmetic has
        return Value("", None, "bad_format")
    number = -number if sign == "-" else number
    return Value(f"{number.normalize() + 0:f}", float(number))


def apply(text: str, format_: tuple[str, str] | None) -> Value:
    """Turn a text as its format says; a text of another form is flagged and has no value."""
    if format_ is None:
        return Value(text, None)
    turn = _formats(format_[0]).get(format_[1])
    if turn is None:
        return Value("", None, "unknown_format")
    if len(text) > _LONGEST_FORMATTED:
        return Value("", None, "bad_format")
    try:
        return Value(turn(text), None)
    except Exception:  # the registry raises errors of its own and, at odd texts, any other
        return Value("", None, "bad_format")


def _zeros(scale: str) -> int | None:
    try:
        zeros = int(scale or "0")
    except ValueError:
        return None
    return zeros if abs(zeros) <= _MOST_ZEROS else None


@cache
def _formats(namespace: str) -> Mapping[str, Format]:
    from arelle.FunctionIxt import ixtNamespaceFunctions

    formats: Mapping[str, Format] = ixtNamespaceFunctions.get(namespace, {})
    return formats

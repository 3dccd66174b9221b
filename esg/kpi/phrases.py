"""The words around figures in running text (data/sentences.toml)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from esg.kpi import periods
from esg.kpi.glossary import glossary
from esg.kpi.numbers import Number
from esg.kpi.toml import parsed
from esg.rubric import Sieve, compile_pattern, sieve

_NUMBER = r"\d{1,3}(?:[.,'\s]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_WORDS = {"number": _NUMBER, "share": r"\d{1,3}(?:[.,]\d+)? ?(?:%|per ?cent)"}
_THOUSAND = 1000.0
_NEAR = 40  # characters behind a figure in which its year may stand
_TOKEN = re.compile(r"\w+(?:[.,]\d+)?")
_JOINERS = re.compile(r"[\s\w:(),=~≈–-]*")
_BY_SHARE = re.compile(
    r"\bby (?:about |around |approximately |nearly |over )?[\d.,]+ ?(?:%|per ?cent)", re.IGNORECASE
)
_DATED = (
    r"(?:(?:the\s)?(?:(?:financial|fiscal|calendar|reporting)\s(?:year\s)?)?20[0-2]\d(?:\s?[/–-]\s?\d\d)?"
    r"|fy\s?(?:20)?\d\d(?:/\d\d)?)"
)
_OPENING = re.compile(r"(?:in|at|across|within|among|for|on)\s(?P<where>[^,.;]{2,60}),\s", re.IGNORECASE)
_EARLIER = rf"(?:(?:the\s)?(?:previous|prior|last)\s(?:financial\s|fiscal\s|reporting\s)?year|py|{_DATED})"
_AGO = r"(?:a\syear\s(?:earlier|ago|before)|the\syear\sbefore|one\syear\searlier)"
_FIGURE = r"\d[\d.,'\s]*\d|\d"
_UNIT = r"(?:co2|\d\.\d|[^\d.;()])"  # a character of the unit between a figure and its year
_ROUGHLY = r"(?:about\s|around\s|approximately\s|some\s|nearly\s|just\s|over\s)?"
_PREVIOUS = re.compile(
    rf"""
      (?:[^.;(]{{0,40}}|[^.;(\d]{{0,100}})\((?:in\s)?(?P<period>{_EARLIER}):?\s?(?P<number>{_FIGURE})
    | ,?(?:\s(?:\w+|200,000|1,000,000)){{0,9}},?\s
      (?:after|compared\s(?:with|to)|versus|up\sfrom|down\sfrom|against|from|on)\s
      {_ROUGHLY}(?P<number2>{_FIGURE}){_UNIT}{{0,40}}?
      (?:(?:\s(?:in|for|during)\s|\s\()(?P<period2>{_EARLIER})|\s(?P<ago>{_AGO}))
    | [^.;()\d]{{0,30}}[\d.,]+\s?(?:%|per\s?cent)[^.;()\d]{{0,30}}\s(?:on|from|versus|compared\s(?:with|to))\s
      (?P<period3>{_EARLIER})\s\((?P<number3>{_FIGURE})
    | \s?\((?:in\s)?{_DATED}\)(?:,|\sand|;)\s(?P<number4>{_FIGURE}){_UNIT}{{0,30}}?
      \((?:in\s)?(?P<period4>{_EARLIER})\)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_PERIODS = ("period", "period2", "period3", "period4")
_FROM_TO = re.compile(
    rf"""
      \bfrom\s{_ROUGHLY}(?P<number>{_FIGURE}){_UNIT}{{0,40}}?
      (?:\s(?:in|for|at\sthe\send\sof|during)\s(?P<period>{_EARLIER})|\s(?P<ago>{_AGO}))?,?\sto\s{_ROUGHLY}(?=\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Earlier(NamedTuple):
    """The figure of an earlier year in a sentence: its digits, where they end, what the year is called."""

    digits: str
    end: int
    period: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with a group `number`, and one with which a sentence speaks of something else."""

    key: str
    pattern: Sieve
    never: re.Pattern[str]


def is_of_else(text: str) -> bool:
    return bool(_pattern("else").search(text))


def is_difference(text: str, end: int) -> bool:
    """Whether a figure that ends here is how much lower or higher something is."""
    return bool(_pattern("difference").match(text, end))


def is_of_site(text: str) -> bool:
    return bool(_pattern("site").search(text))


def is_elsewhere(text: str) -> bool:
    """Whether a sentence begins with a place or part of the group: "In Germany, …", "At our plant, …"."""
    opening = _OPENING.match(text)
    return bool(opening and not _pattern("whole").fullmatch(periods.without(opening["where"]).strip(" ,")))


def is_smaller(before: str) -> bool:
    """Whether the words before a figure make it a part or a difference."""
    return bool(_pattern("smaller").search(before[-60:]))


def is_behind(between: str) -> bool:
    """Whether a year stands so near behind a figure that it is the figure's own: " for the group in 2023"."""
    return len(between) <= _NEAR and not re.search(r"[(;\d]", between)


def is_compared(text: str, start: int, end: int) -> bool:
    """Whether a year is only what a figure is compared to: "a 27% reduction from the 2019 baseline"."""
    return bool(_pattern("compared_before").search(text[max(0, start - 40) : start])) or bool(
        _pattern("compared_after").match(text, end)
    )


def is_earlier(text: str, figure_end: int, start: int, end: int) -> bool:
    """Whether a year is of another figure, for comparison: "1,236 t (2022: 1,518)", "from 1,518 in 2022"."""
    between = text[figure_end:start]
    return bool(
        start >= figure_end
        and (_pattern("earlier_between").search(between) or _pattern("earlier_behind").match(text, end))
    )


def is_unit(text: str, number: Number) -> bool:
    """Whether a thousand is the unit's own: "emissions, in 1,000 tonnes"."""
    return number.value == _THOUSAND and bool(re.search(r"\b(?:in|x|×) ?$", text[: number.start]))


def links(between: str) -> bool:
    """Whether a figure belongs to the name before it: nothing but linking words between, and no new item."""
    bare = periods.without(_BY_SHARE.sub(" ", _FROM_TO.sub(" to ", f"{between}0")[:-1]))
    return ", and" not in between and _are(bare, "linking")


def links_back(between: str) -> bool:
    """Whether a figure belongs to the name behind it."""
    return "," not in between and _are(between, "behind")


def previous(text: str, start: int, end: int) -> Earlier | None:
    """Find the figure of an earlier year right behind another, or before it: "rose from 12 in 2022 to"."""
    match = _PREVIOUS.match(text, end)
    if match:
        group = next(name for name in ("number", "number2", "number3", "number4") if match[name])
        return _earlier(match, group, next(filter(None, map(match.group, _PERIODS)), None))
    before = next(
        (m for m in _FROM_TO.finditer(text, 0, start + 1) if m.end() == start and (m["period"] or m["ago"])),
        None,
    )
    return before and _earlier(before, "number", before["period"])


def _earlier(match: re.Match[str], group: str, period: str | None) -> Earlier:
    return Earlier(
        match[group].rstrip(" ,.'"), match.start(group) + len(match[group]), period or match["ago"] or ""
    )


def is_left_behind(text: str, start: int) -> bool:
    """Whether a year is that of the first of two figures: "rose from 12 t in 2022 to 14 t"."""
    return any(m.start("period") <= start < m.end("period") for m in _FROM_TO.finditer(text) if m["period"])


def _are(between: str, name: str) -> bool:
    if not _JOINERS.fullmatch(between):
        return False
    return all(_pattern(name).fullmatch(token) for token in _TOKEN.findall(between))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    value = parsed("sentences")[name]
    return compile_pattern(value if isinstance(value, str) else "|".join(value), _WORDS)


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for a page's sentences; those of another language have its words in another order, too."""
    return _rules() if glossary(language) is None else (*_rules(), *_rules_of_others())


@cache
def _rules() -> tuple[Rule, ...]:
    data = parsed("sentences")
    return tuple(_compiled(data["rule"], data["words"]))


@cache
def _rules_of_others() -> tuple[Rule, ...]:
    words = parsed("sentences")["words"]
    order = parsed("order")
    return tuple(_compiled(order["rule"], {**words, **order["words"]}))


def _compiled(raw: Sequence[Mapping[str, str]], words: Mapping[str, str]) -> Iterator[Rule]:
    known = {**_WORDS, **words}
    for rule in raw:
        pattern = sieve(compile_pattern(rule["pattern"], known))
        yield Rule(rule["key"], pattern, compile_pattern(rule["never"], known))

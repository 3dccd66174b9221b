"""The words around figures in running text (data/sentences.toml)."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from esg.kpi.glossary import glossary
from esg.kpi.numbers import Number
from esg.rubric import compile_pattern

_DATA = Path(__file__).parent / "data" / "sentences.toml"
_ORDER = Path(__file__).parent / "data" / "order.toml"
_NUMBER = r"\d{1,3}(?:[.,'\s]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_WORDS = {"number": _NUMBER, "share": r"\d{1,3}(?:[.,]\d+)? ?(?:%|per ?cent)"}
_THOUSAND = 1000.0
_NEAR = 40  # characters behind a figure in which its year may stand
_TOKEN = re.compile(r"\w+(?:[.,]\d+)?")
_JOINERS = re.compile(r"[\s\w:(),=~≈–-]*")
_BY_SHARE = re.compile(
    r"\bby (?:about |around |approximately |nearly |over )?[\d.,]+ ?(?:%|per ?cent)", re.IGNORECASE
)
_EARLIER = r"(?:(?:the\s)?(?:previous|prior|last)\syear|py|20[0-2]\d|fy\s?(?:20)?\d\d)"
_FIGURE = r"\d[\d.,'\s]*\d|\d"
_PREVIOUS = re.compile(
    rf"""
      (?:[^.;(]{{0,40}}|[^.;(\d]{{0,100}})\((?P<period>{_EARLIER}):?\s?(?P<number>{_FIGURE})
    | (?:\s\w+){{0,6}},?\s(?:after|compared\s(?:with|to)|up\sfrom|down\sfrom|against|from)\s
      (?P<number2>{_FIGURE})(?:co2|[^\d.]){{0,16}}\sin\s(?P<period2>{_EARLIER})
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern with a group `number`, and one with which a sentence speaks of something else."""

    key: str
    pattern: re.Pattern[str]
    never: re.Pattern[str]


def is_of_else(text: str) -> bool:
    return bool(_pattern("else").search(text))


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
    return ", and" not in between and _are(_BY_SHARE.sub(" ", between), "linking")


def links_back(between: str) -> bool:
    """Whether a figure belongs to the name behind it."""
    return "," not in between and _are(between, "behind")


def previous(text: str, position: int) -> tuple[str, str] | None:
    """Find the figure of the year before right behind another one: its digits and what the year is called."""
    match = _PREVIOUS.match(text, position)
    return match and (match["number"] or match["number2"], match["period"] or match["period2"])


def _are(between: str, name: str) -> bool:
    if not _JOINERS.fullmatch(between):
        return False
    return all(_pattern(name).fullmatch(token) for token in _TOKEN.findall(between))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    value = tomllib.loads(_DATA.read_text(encoding="utf-8"))[name]
    return compile_pattern(value if isinstance(value, str) else "|".join(value), _WORDS)


def rules(language: str) -> tuple[Rule, ...]:
    """The rules for a page's sentences; those of another language have its words in another order, too."""
    return _rules() if glossary(language) is None else (*_rules(), *_rules_of_others())


@cache
def _rules() -> tuple[Rule, ...]:
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return tuple(_compiled(data["rule"], data["words"]))


@cache
def _rules_of_others() -> tuple[Rule, ...]:
    words = tomllib.loads(_DATA.read_text(encoding="utf-8"))["words"]
    order = tomllib.loads(_ORDER.read_text(encoding="utf-8"))
    return tuple(_compiled(order["rule"], {**words, **order["words"]}))


def _compiled(raw: Sequence[Mapping[str, str]], words: Mapping[str, str]) -> Iterator[Rule]:
    known = {**_WORDS, **words}
    for rule in raw:
        yield Rule(
            rule["key"], compile_pattern(rule["pattern"], known), compile_pattern(rule["never"], known)
        )

"""The front of a report → the company whose report it is.

Names are collected where companies are named (before a legal form, on the cover, in running heads, in the
metadata), cleaned of what reports are called, and given points for where and how often they stand. The winner
is written with its legal form where the report ever does so.
"""

from collections import Counter
from typing import NamedTuple

from esg.extract.identity.front import Front
from esg.extract.identity.names import (
    core,
    has_legal_form,
    is_generic,
    is_outsider,
    spell_out,
    title_names,
)
from esg.extract.identity.places import read_places

_MOST_NAMES = 60  # of each kind
_MOST_USED = 20
_COVER_LINES = 40


class _Names(NamedTuple):
    """Names as they were found, each with how often."""

    legal: Counter[str]  # with their legal form
    titles: Counter[str]  # in titles, running heads and metadata
    used: Counter[str]  # inside sentences


def guess_company(front: Front) -> str:
    """Name the company, "" where no name is found."""
    names = _read_names(front)
    places = read_places(front, used=names.used)
    forms = Counter(dict.fromkeys(_candidates(names), 0))
    for full, count in names.legal.items():
        forms[core(full)] += count * has_legal_form(full)
    scored = {name: places.points(name, legal_forms=forms[name]) for name in _candidates(names)}
    ranked = sorted(scored, key=lambda name: (scored[name], len(name), name), reverse=True)
    likely = (name for name in ranked if scored[name] > 0 and not places.is_third_party(name))
    best = next(likely, "")
    return _in_full(best, names, front) if best else ""


def _read_names(front: Front) -> _Names:
    lines = [*front.titles[:_COVER_LINES], front.title, front.author, *Counter(front.running)]
    return _Names(
        legal=Counter(front.legal),
        titles=Counter(name for line in lines for name in title_names(line)),
        used=Counter(front.used),
    )


def _candidates(names: _Names) -> list[str]:
    """Names that might be the company's; a registered one may be of general words (Bank Central Asia)."""
    found = [
        *(core(name) for name, _ in names.legal.most_common(_MOST_NAMES)),
        *(core(name) for name, _ in names.titles.most_common(_MOST_NAMES)),
        *(name for name, _ in names.used.most_common(_MOST_USED)),
    ]
    registered = [name for name, count in names.legal.items() if count > 2 and has_legal_form(name)]
    telling = [name for name in found if not is_generic(name)]
    return list(dict.fromkeys([*telling, *(core(name) for name in registered if " " in core(name))]))


def _in_full(name: str, names: _Names, front: Front) -> str:
    """The name as the report writes it in full: with its legal form, an acronym spelled out."""
    legal = {full: count for full, count in names.legal.items() if _extends(full, name)}
    if legal:
        return max(legal, key=lambda full: (has_legal_form(full), legal[full], core(full) == name, full))
    stated = [full for line in (front.author, front.title) for full in title_names(line)]
    longer = [full for full in stated if full != name and _extends(full, name)]
    return next(iter(longer), "") or spell_out(name, "\n".join(front.texts)) or name


def _extends(full: str, name: str) -> bool:
    """Whether a longer name is this one, or this one with words put in or added."""
    long, short = core(full).lower().split(), name.lower().split()
    words = iter(long)
    return long[0] == short[0] and all(word in words for word in short) and not is_outsider(full)

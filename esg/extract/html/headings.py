"""Prose → headings among it, by tag where there is one, else by size and weight against the body text."""

import re
from collections import Counter
from collections.abc import Sequence

from esg.domain import BlockKind
from esg.extract.html.figures import is_mark
from esg.extract.html.flow import Item, Prose

_LARGER = 1.15  # times the body's size
_LONGEST = 200  # characters of a heading
_LONGEST_BOLD = 120  # of one that is only bold
_LEVELS = 6
_ENDS_A_SENTENCE = re.compile(r"[.;:,]$")
_OPENS_A_LIST = re.compile(r"[•·▪■□◦●○‣➢✓]\s")


def mark_headings(items: Sequence[Item]) -> list[Item]:
    """Give headings and list items their kind, and headings their level: 1 is the largest size in use."""
    body = _body_size(items)
    sizes = sorted(
        {prose.size for prose in items if isinstance(prose, Prose) and _is_heading(prose, body)}, reverse=True
    )
    return [_marked(item, body, sizes) if isinstance(item, Prose) else item for item in items]


def _body_size(items: Sequence[Item]) -> float:
    """The size of most letters."""
    letters: Counter[float] = Counter()
    for item in items:
        if isinstance(item, Prose) and not item.level:
            letters[item.size] += len(item.text)
    return max(letters, key=lambda size: (letters[size], -size), default=12.0)


def _marked(prose: Prose, body: float, sizes: list[float]) -> Prose:
    if prose.level:
        return prose
    if _is_heading(prose, body):
        return prose._replace(kind=BlockKind.HEADING, level=min(sizes.index(prose.size) + 1, _LEVELS))
    first = prose.text.split(" ", 1)[0]
    if prose.kind is BlockKind.PARAGRAPH and (
        _OPENS_A_LIST.match(prose.text) or (is_mark(first) and not first.isdigit())
    ):
        return prose._replace(kind=BlockKind.LIST)
    return prose


def _is_heading(prose: Prose, body: float) -> bool:
    """Whether an untagged paragraph looks like one: letters, short, larger or bold."""
    text = prose.text
    if prose.level or prose.kind is not BlockKind.PARAGRAPH or not any(map(str.isalpha, text)):
        return False
    if prose.size >= _LARGER * body:
        return len(text) <= _LONGEST
    return prose.bold and len(text) <= _LONGEST_BOLD and not _ENDS_A_SENTENCE.search(text)

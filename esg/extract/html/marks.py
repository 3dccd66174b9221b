"""Runs of tagged text → where in a block the text of each tag stands.

White space is folded, blocks are split and cells joined after the runs are read, so a place is counted in
letters, which none of that changes; only the finished text turns letters into offsets.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from esg.extract.html.style import Style
from esg.extract.html.text import Run, fold
from esg.extract.html.walk import walk

MOST_OPEN = 32  # tags inside one another that a text is taken to belong to
Tags = Mapping[int, int]  # a node's place in memory → the number of the tag that it is
_LETTER = re.compile(r"\S")


class Mark(NamedTuple):
    """The `tag`th tag of the document stands around the letters [start, end) of a text."""

    tag: int
    start: int
    end: int


def tagged(style: Style, node: LexborNode, tags: Tags) -> Style:
    """The style of what is inside a node, which may be a tag."""
    number = tags.get(node.mem_id) if tags else None
    return style if number is None else style._replace(tags=(*style.tags, number)[-MOST_OPEN:])


def letters(text: str) -> int:
    """How many characters of a text are printed."""
    return len(fold(text).replace(" ", ""))


def letters_below(node: LexborNode, *, without: Container[str]) -> int:
    """How many characters a node's text would print, elements of these tags left out."""
    found: list[str] = []

    def enter(inner: LexborNode) -> bool:
        if inner.tag == "-text":
            found.append(inner.text_content or "")
        return inner.tag not in without

    walk(node, enter, lambda _: None)
    return letters("".join(found))


def marks_of(runs: Sequence[Run]) -> tuple[Mark, ...]:
    """Where the tags stand in the text of the runs; tags without a letter are left out."""
    if not any(run.tags for run in runs):
        return ()
    found: dict[int, Mark] = {}
    at = 0
    for run in runs:
        following = at + letters(run.text)
        for tag in run.tags if following > at else ():
            found[tag] = Mark(tag, found[tag].start if tag in found else at, following)
        at = following
    return tuple(found.values())


def behind(text: str, marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """The marks of a text that is set behind another one."""
    if not marks:
        return ()
    before = letters(text)
    return tuple(Mark(tag, start + before, end + before) for tag, start, end in marks)


def parted(marks: Sequence[Mark], texts: Sequence[str]) -> list[tuple[Mark, ...]]:
    """The marks of each part of a text that is split into some."""
    if not marks:
        return [()] * len(texts)
    parts, at = [], 0
    for text in texts:
        following = at + letters(text)
        parts.append(tuple(_within(marks, at, following)))
        at = following
    return parts


def _within(marks: Iterable[Mark], start: int, end: int) -> Iterable[Mark]:
    for mark in marks:
        if mark.start < end and mark.end > start:
            yield Mark(mark.tag, max(mark.start, start) - start, min(mark.end, end) - start)


def places(text: str, marks: Sequence[Mark]) -> list[tuple[int, int, int]]:
    """(tag, start, end) of each mark, as offsets into the finished text."""
    if not marks:
        return []
    offsets = [match.start() for match in _LETTER.finditer(text)]
    return [(mark.tag, offsets[mark.start], offsets[mark.end - 1] + 1) for mark in marks]

"""A finding → the words to quote: the whole sentence or row where it is short enough, else its clauses."""

import re

from esg.domain import Span

MAX_WORDS = 30
_WORD = re.compile(r"\S+")


def quote_span(span: Span, text: str, start: int, end: int) -> Span:
    """Cut a passage to at most 30 words around text[start:end], whole where it fits.

    `text` is the page's text at `span`. Grows from the cue to both sides word by word, the left side first
    stopping at a clause's beginning; the result begins and ends with a word.
    """
    words = [m.span() for m in _WORD.finditer(text)]
    if not words:
        return span
    if len(words) <= MAX_WORDS:
        return _cut(span, words[0][0], words[-1][1])
    first, last = _window(text, words, start, end)
    return _cut(span, words[first][0], words[last][1])


def _window(text: str, words: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """Indexes of the first and last word: the cue's words, then as much of the sentence as fits."""
    first = next((i for i, (_, e) in enumerate(words) if e > start), 0)
    last = max((i for i, (s, _) in enumerate(words) if s < end), default=first)
    last = min(max(last, first), first + MAX_WORDS - 1)
    if last < MAX_WORDS:  # the sentence's beginning still fits
        return 0, MAX_WORDS - 1
    if len(words) - first <= MAX_WORDS:  # so does its end
        return len(words) - MAX_WORDS, len(words) - 1
    room = MAX_WORDS - (last - first + 1)
    first -= _to_clause(text, words, first, room)
    return first, min(first + MAX_WORDS - 1, len(words) - 1)


def _to_clause(text: str, words: list[tuple[int, int]], first: int, room: int) -> int:
    """How many words to take on the left: back to the nearest clause mark, or half the room."""
    for back in range(min(room, first) + 1):
        if text[words[first - back - 1][1] - 1] in ",;:–—(" if first - back > 0 else True:
            return back
    return min(room // 2, first)


def _cut(span: Span, start: int, end: int) -> Span:
    return Span(span.page, span.start + start, span.start + end)

"""text + query → the text in pieces, those that the query's words found marked."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from esg.retrieve import terms

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")


class Piece(NamedTuple):
    words: str
    is_found: bool


def pieces(text: str, query: str) -> list[Piece]:
    """Cut a text where it should be marked: at words that retrieval takes for words of the query."""
    return list(_pieces(text, set(terms(query))))


def _pieces(text: str, wanted: set[str]) -> Iterator[Piece]:
    done = 0
    for word in _WORD.finditer(text):
        if wanted.intersection(terms(word[0])):
            if done < word.start():
                yield Piece(text[done : word.start()], False)
            yield Piece(word[0], True)
            done = word.end()
    if done < len(text):
        yield Piece(text[done:], False)

"""Which passages can stand alone as a quote."""

from esg.score.base import Passage

_WORDS, _ROW_WORDS = 4, 1  # that begin with a letter, in a sentence and in a row of figures


def is_quotable(passage: Passage) -> bool:
    """A stray word or a chart's label proves nothing by itself."""
    words = sum(word[:1].isalpha() for word in passage.text.split())
    return words >= (_ROW_WORDS if passage.is_row else _WORDS)

"""Which passages can stand alone as a quote."""

import re
from operator import itemgetter

from esg.score.base import Passage

_WORDS, _ROW_WORDS = 4, 1  # that begin with a letter, in a sentence and in a row of figures
_IDEOGRAPH = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_IDEOGRAPHS_A_WORD = 2  # most words of written Chinese have two


def is_quotable(passage: Passage) -> bool:
    """A stray word or a chart's label proves nothing by itself."""
    begun = map(itemgetter(0), passage.text.split())
    words = sum(map(str.isalpha, begun)) + _unparted(passage.text)
    return words >= (_ROW_WORDS if passage.is_row else _WORDS)


def count_words(text: str) -> int:
    """Count the words of a text, in scripts that part them and in those that do not."""
    return len(text.split()) + _unparted(text)


def _unparted(text: str) -> int:
    """How many words there are that no blank parts."""
    return 0 if text.isascii() else len(_IDEOGRAPH.findall(text)) // _IDEOGRAPHS_A_WORD

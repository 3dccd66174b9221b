"""text -> the terms that are looked up: words, figures as printed, pairs of ideographs."""

import re
import unicodedata
from collections.abc import Iterator

_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"  # kana, ideographs, Hangul
_TERM = re.compile(rf"[{_WIDE}]+|\d+(?:[.,]\d+)*|[^\W\d_{_WIDE}][^\W_{_WIDE}]*")
_IS_WIDE = re.compile(f"[{_WIDE}]")


def terms(text: str) -> list[str]:
    """Give the terms in order: lower-cased, plurals cut, "CO₂" as "co2", ideographs as overlapping pairs."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return [term for word in _TERM.findall(plain) for term in _cut(word)]


def _cut(word: str) -> Iterator[str]:
    if _IS_WIDE.match(word):
        yield from (word[i : i + 2] for i in range(max(1, len(word) - 1)))
    else:
        yield _singular(word)


def _singular(word: str) -> str:
    """Cut an English plural: the s-stemmer of Harman (1991), the lightest there is."""
    if len(word) < 4 or not word.endswith("s") or word[-2] in "us":
        return word
    if word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if word.endswith("es") and word[-3] in "aeo":
        return word
    return word[:-1]

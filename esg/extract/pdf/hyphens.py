"""Two lines → how they are joined: one word taken apart, a compound, or two words.

Which it is, the report says itself: the word that also stands inside a line, joined or with its hyphen.
"""

import re
from collections.abc import Iterable, Set

SUSPENDED = frozenset(
    ("and", "or", "to", "und", "oder", "bis", "et", "ou", "e", "o", "y", "och", "dan", "atau")
)
_ENDS = re.compile(r"[^\W_]-\Z")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def vocabulary(words: Iterable[str]) -> frozenset[str]:
    """Collect words as they stand inside lines, in lower case, without punctuation at their ends."""
    return frozenset(word.strip(".,;:()[]“”\"'’‘").lower() for word in set(words))


def join(before: str, after: str, known: Set[str]) -> tuple[str, str]:
    """Say how the last word of a line reads, and what stands between it and the first word of the next.

    >>> join("emis-", "sions", frozenset())
    ('emis', '')
    >>> join("long-", "term", frozenset({"long-term"}))
    ('long-', '')
    """
    if not _ENDS.search(before):
        cjk = _CJK.match(before[-1:]) and _CJK.match(after[:1])
        return before, "" if cjk else " "
    stem = before[:-1]
    if after.strip(".,;:").lower() in SUSPENDED:
        return stem + "-", " "
    if _keeps_hyphen(stem, after, known):
        return stem + "-", ""
    return stem, ""


def _keeps_hyphen(stem: str, after: str, known: Set[str]) -> bool:
    if not (after[:1].islower() or (stem[-2:].isupper() and after[:2].isupper())):
        return True
    left, right = stem.strip("(“\"'‘").lower(), after.strip(".,;:)]”\"'’").lower()
    if left + right in known:
        return False
    return f"{left}-{right}" in known

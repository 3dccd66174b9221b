"""Texts → parts for cross-validation, texts that are nearly the same in one part."""

import random
import re
from collections.abc import Sequence

ALIKE = 0.5  # of the words two texts have together; from then on they are not parted
_WORD = re.compile(r"\w+")


def parts(texts: Sequence[str], *, count: int, seed: int) -> list[list[int]]:
    """Deal the places of texts into `count` parts of nearly equal size."""
    groups = _groups(texts)
    random.Random(seed).shuffle(groups)  # noqa: S311  # nosec B311  # a repeatable draw is what is wanted
    dealt: list[list[int]] = [[] for _ in range(count)]
    for group in groups:
        min(dealt, key=len).extend(group)
    return [sorted(part) for part in dealt]


def _groups(texts: Sequence[str]) -> list[list[int]]:
    """Join each text to the first group that has one like it."""
    words = [frozenset(_WORD.findall(text.lower())) for text in texts]
    groups: list[list[int]] = []
    for place, own in enumerate(words):
        like = [group for group in groups if any(_are_alike(own, words[other]) for other in group)]
        joined = sorted([place, *(other for group in like for other in group)])
        groups = [group for group in groups if group not in like] + [joined]
    return groups


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * max(1, len(one | other))

"""Texts in reading order → halves to learn from and to be read: how a text is met that was not taught.

Where a text is read among its neighbours, these must not have been taught either: a half is read by itself.
"""

from collections.abc import Iterator, Sequence

from esg.evaluate.alike import parts
from esg.evaluate.bootstrap import SEED

ROUNDS = 5  # one split in two moves an accuracy by .01


def halves(texts: Sequence[str]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places to learn from and those to read, in order; each text is read once in every round.

    The file is split at random, near-duplicates staying together.
    """
    for seed in range(SEED, SEED + ROUNDS):
        one, other = parts(texts, count=2, seed=seed)
        yield one, other
        yield other, one

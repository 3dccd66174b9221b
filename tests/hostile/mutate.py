"""Bytes → bytes that are nearly the same: flips, cuts, copies, splices, words with a meaning there."""

import random
import re
from collections.abc import Callable, Sequence

LONGEST = 60_000  # bytes of a mutant
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"1e38",
    b".00001",
    b"99999999999999999999",
)
_TOKEN = re.compile(rb"[A-Za-z][A-Za-z0-9:_-]{2,30}")


def mutated(data: bytes, random: random.Random, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Change a few things, mostly one; `others` lend pieces, `words` are the target's own."""
    for _ in range(1 + int(random.expovariate(1.0))):
        data = random.choice(_WAYS)(data, random, others, words)
    return data[:LONGEST]


def words_of(seeds: Sequence[bytes]) -> list[bytes]:
    """The names that occur in the seeds, to be put where others stand."""
    found = {match for data in seeds for match in _TOKEN.findall(data[:LONGEST])}
    return sorted(found)[:4000] or [b"x"]


Way = Callable[[bytes, random.Random, Sequence[bytes], Sequence[bytes]], bytes]


def _place(data: bytes, random: random.Random) -> int:
    return random.randrange(len(data) + 1)


def _flip(data: bytes, random: random.Random, *_: Sequence[bytes]) -> bytes:
    at = _place(data, random)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _cut(data: bytes, random: random.Random, *_: Sequence[bytes]) -> bytes:
    at = _place(data, random)
    return data[:at] + data[at + int(random.expovariate(1 / 20)) :]


def _copy(data: bytes, random: random.Random, *_: Sequence[bytes]) -> bytes:
    at = _place(data, random)
    piece = data[at : at + int(random.expovariate(1 / 60))]
    return data[:at] + piece * random.choice((2, 2, 3, 50)) + data[at:]


def _splice(data: bytes, random: random.Random, others: Sequence[bytes], _: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    at, there = _place(data, random), _place(other, random)
    return data[:at] + other[there : there + int(random.expovariate(1 / 200))] + data[at:]


def _word(data: bytes, random: random.Random, _: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    found = list(_TOKEN.finditer(data))
    if not found:
        return data + random.choice(words)
    match = random.choice(found)
    return data[: match.start()] + random.choice(words) + data[match.end() :]


def _number(data: bytes, random: random.Random, *_: Sequence[bytes]) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return data
    match = random.choice(found)
    return data[: match.start()] + random.choice(_NUMBERS) + data[match.end() :]


_WAYS: tuple[Way, ...] = (_flip, _cut, _copy, _splice, _word, _word, _number, _number)

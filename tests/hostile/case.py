"""A hostile input: what it is sent to, and what it is aimed at."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """`make` builds the bytes when they are needed: some are large."""

    name: str
    aim: str
    make: Callable[[], bytes]


def case(name: str, aim: str, data: bytes | str | Callable[[], bytes]) -> Case:
    if callable(data):
        return Case(name, aim, data)
    raw = data.encode() if isinstance(data, str) else data
    return Case(name, aim, lambda: raw)

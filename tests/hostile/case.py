"""A hostile input: what it is sent to, and what it is aimed at."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """`make` builds the bytes when they are needed: of a bomb they are many, so it is no seed of mutants."""

    name: str
    aim: str
    make: Callable[[], bytes]
    is_bomb: bool = False


def case(name: str, aim: str, data: bytes | str | Callable[[], bytes | str]) -> Case:
    if callable(data):
        return Case(name, aim, lambda: _encoded(data()), is_bomb=True)
    return Case(name, aim, lambda: _encoded(data))


def _encoded(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data

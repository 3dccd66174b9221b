"""Many byte strings ↔ one: each after its length."""

import struct
from collections.abc import Iterable

_LENGTH = struct.Struct(">I")


def pack(pieces: Iterable[bytes]) -> bytes:
    return b"".join(_LENGTH.pack(len(piece)) + piece for piece in pieces)


def unpack(data: bytes) -> list[bytes]:
    """Undo `pack`; raises `ValueError` for anything else."""
    pieces: list[bytes] = []
    at = 0
    while at < len(data):
        if at + _LENGTH.size > len(data):
            raise ValueError("a length is cut off")
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        if at + length > len(data):
            raise ValueError("a piece is cut off")
        pieces.append(data[at : at + length])
        at += length
    return pieces

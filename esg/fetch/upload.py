"""An open file → what came in it, read in pieces: an upload need not fit into memory."""

import hashlib
import os
from datetime import UTC, datetime
from typing import BinaryIO

from esg.domain import Arrival
from esg.fetch.sniff import HEAD_BYTES, sniff


def from_file(file: BinaryIO, *, name: str) -> Arrival:
    """Take an upload; `name` is what the sender calls it. Raises `Rejected` as `fetch` does."""
    size = file.seek(0, os.SEEK_END)
    media_type = sniff(_ends(file, size), name=name)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # it reads in pieces
    return Arrival(digest, size, name, media_type, datetime.now(UTC))


def _ends(file: BinaryIO, size: int) -> bytes:
    """All that says what a file is: its first and last bytes, where it is long."""
    file.seek(0)
    if size <= 2 * HEAD_BYTES:
        return file.read()
    head = file.read(HEAD_BYTES)
    file.seek(size - HEAD_BYTES)
    return head + file.read()

"""A body that was compressed though nobody asked for it → the document, never larger than the cap."""

import zlib

from esg.errors import Rejected, Transient
from esg.fetch.file import too_big

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS  # the header says which


def inflate(body: bytes, encoding: str, name: str, max_bytes: int) -> bytes:
    """Undo a Content-Encoding; raises `Rejected` for a bomb, for damage and for one not asked for,
    `Transient` where its end is missing."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip" | "x-gzip" | "deflate":
            return _unzipped(body, name, max_bytes)
        case other:
            raise _unreadable(name, f"compressed as {other}")


def _unzipped(body: bytes, name: str, max_bytes: int) -> bytes:
    decompressor = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        data = decompressor.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise _unreadable(name, "damaged on its way") from error
    if len(data) > max_bytes:
        raise too_big(name, max_bytes)
    if not decompressor.eof:
        raise Transient(
            f"{name} came only in part.", next_step="Try again, or download it and give the file."
        )
    return data


def _unreadable(name: str, why: str) -> Rejected:
    return Rejected(f"{name} came {why}.", code="http_error", next_step="Download it and give the file.")

"""bytes of a web page → text, as browsers decide it (WHATWG Encoding): mark, then declaration, then trial."""

import codecs
import re

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}\bencoding\s*=\s*["']?([\w.:-]+)|<meta[^>]{0,500}\bcharset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE,
)
_DECLARED_WITHIN_BYTES = 4096
# Pages that say Latin-1 or ASCII mean Windows-1252; a page whose declaration can be read is not UTF-16.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


def decode(data: bytes, *, charset: str = "") -> str:
    """Decode a page; `charset` is what its sender said, "" for nothing. Never fails: a bad byte becomes �."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    declared = _known(charset) or _known(_declaration(data))
    if declared:
        return data.decode(declared, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _declaration(data: bytes) -> str:
    match = _DECLARED.search(data[:_DECLARED_WITHIN_BYTES])
    return (match[1] or match[2]).decode("ascii", "replace") if match else ""


def _known(charset: str) -> str:
    """Name the codec of a text encoding that Python knows, else ""."""
    try:
        found = codecs.lookup(charset) if charset else None
    except LookupError:
        return ""
    # Python also registers codecs that are no encodings of text (zip, base64 …).
    if found is None or not getattr(found, "_is_text_encoding", True):
        return ""
    return _MEANT.get(found.name, found.name)

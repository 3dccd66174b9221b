"""A part's XML → its elements, one after the other: no tree, so that neither size nor depth costs memory.

Names lose their namespace and keep a prefix where it is one whose text is read: `w:` for WordprocessingML,
transitional or strict, `m:` for formulas, `mc:` for alternatives; what belongs to another one has none.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import IO, Final, Protocol
from xml.parsers import expat  # nosec B407  # inside the sandbox, and a document type is refused

Attributes = dict[str, str]
_PIECE_BYTES: Final = 256 * 1024
_PREFIXES: Final = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w:",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
}


class Target(Protocol):
    def start(self, tag: str, attributes: Attributes) -> None: ...

    def end(self, tag: str) -> None: ...

    def text(self, data: str) -> None: ...


def feed(stream: IO[bytes], target: Target, *, most_bytes: int) -> None:
    """Tell a target what is in a stream; raises `ValueError` beyond `most_bytes` or for a document type."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = _starting(target)
    parser.EndElementHandler = lambda name: target.end(_short(name))
    parser.CharacterDataHandler = target.text
    left = most_bytes
    while piece := stream.read(_PIECE_BYTES):
        left -= len(piece)
        if left < 0:
            raise ValueError(f"a part of it is longer than {most_bytes:,} bytes")
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _starting(target: Target) -> Callable[[str, Attributes], None]:
    def start(name: str, attributes: Attributes) -> None:
        target.start(_short(name), {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    return start


@lru_cache(maxsize=4096)
def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return _PREFIXES.get(space, "") + local


def _refuse(*_: object) -> None:
    """No Word document has a document type, and entities are how XML bombs are made."""
    raise ValueError("it has a document type")

"""A Word file's package (ISO/IEC 29500-2, Open Packaging Conventions): its parts, found by relationships.

Nothing is unpacked to disk, and a part is read as a stream that ends at a limit: what is in it may be a bomb.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from xml.parsers import expat  # nosec B407  # inside the sandbox, and a document type is refused

from esg.errors import Rejected
from esg.extract.docx.xml import Attributes, Target, feed

MOST_BYTES: Final = 512 * 1024**2  # of a part, unpacked; the longest reports have ten million
MOST_PARTS: Final = 20_000  # as many pictures are in no report
_IS_ENCRYPTED = 0x1
_UNREADABLE = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, ValueError)


class Package:
    """The parts of an open file by name; `main` is the document's own."""

    def __init__(self, data: bytes) -> None:
        """Raises `Rejected`: corrupt, encrypted."""
        with told():
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            if len(self._archive.infolist()) > MOST_PARTS:
                raise zipfile.BadZipFile("too many parts")
        self._sizes = {info.filename: info for info in self._archive.infolist()}
        found = self._related("_rels/.rels", "").get("officeDocument", "")
        if found not in self._sizes:
            raise damaged("it names no document")
        self.main = found
        folder, name = posixpath.split(found)
        self._parts = self._related(f"{folder}/_rels/{name}.rels", folder)
        self._about = self._related("_rels/.rels", "")

    def part(self, kind: str) -> str:
        """Name the part that the document uses as `styles`, `footnotes` …, "" for none."""
        return self._parts.get(kind, "") or self._about.get(kind, "")

    def read(self, name: str, target: Target) -> None:
        """Tell a part's elements to `target`; a part that is not there tells nothing."""
        info = self._sizes.get(name)
        if info is None:
            return
        if info.flag_bits & _IS_ENCRYPTED:
            raise encrypted()
        with told(), self._archive.open(info) as stream:
            feed(stream, target, most_bytes=MOST_BYTES)

    def _related(self, name: str, folder: str) -> dict[str, str]:
        relations = _Relations(folder)
        self.read(name, relations)
        return relations.targets


class _Relations:
    """The targets of relationships by the last word of their type, which both editions share."""

    def __init__(self, folder: str) -> None:
        self.targets: dict[str, str] = {}
        self._folder = folder

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            place = posixpath.join("/", self._folder, attributes.get("Target", ""))
            self.targets.setdefault(kind, posixpath.normpath(place).lstrip("/"))

    def end(self, tag: str) -> None:
        """Nothing is held open."""

    def text(self, data: str) -> None:
        """Relationships hold none."""


@contextmanager
def told() -> Iterator[None]:
    """Say of a file that cannot be read what is wrong with it."""
    try:
        yield
    except _UNREADABLE as error:
        raise damaged(str(error)) from error
    except RuntimeError as error:  # how zipfile says that a password is asked for
        raise encrypted() from error


def damaged(why: str) -> Rejected:
    return Rejected(
        f"The Word document is damaged: {why}.",
        code="corrupt",
        next_step="Open it in Word or LibreOffice, save it again, or send it as PDF.",
    )


def encrypted() -> Rejected:
    return Rejected(
        "The Word document is encrypted and asks for a password.",
        code="encrypted",
        next_step="Save a copy without a password and send that.",
    )

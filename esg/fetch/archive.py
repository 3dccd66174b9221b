"""A ZIP → the files in it, one after the other on disk, each or a reason why not; bombs end at the limits."""

import os
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import BinaryIO

from esg.errors import Rejected
from esg.fetch.file import too_big
from esg.fetch.limits import MEBIBYTE

_PIECE_BYTES = 256 * 1024
_END = struct.Struct("<4s4H2LH")  # end of central directory (APPNOTE 4.3.16)
_END_MARK, _ZIP64_MARK, _ZIP64_LOCATOR_BYTES = b"PK\x05\x06", b"PK\x06\x07", 20
_LONGEST_COMMENT = 0xFFFF
_LONGEST_RECORD_BYTES = 1024  # of a file in the directory: 46 and its name, as a reader holds them all
_MAY_BE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 0x1
_UNREADABLE = (  # what zipfile raises at a directory that lies; ValueError at a place before the file
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, OSError, ValueError),
)


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    max_files: int
    max_file_bytes: int
    max_bytes: int  # of all files, unpacked
    max_ratio: int = 200  # of a file, unpacked to packed; a PDF seldom has 2, a web page 20


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file of an archive: open until the next one is asked for, or refused."""

    name: str
    file: BinaryIO | None = None
    refusal: Rejected | None = None


def unpack(archive: BinaryIO, *, limits: ArchiveLimits) -> Iterator[Unpacked]:
    """Give every file of a ZIP in its order; folders are left out.

    Raises `Rejected` for what is no ZIP that is read here: not_an_archive, archive_too_big.
    """
    _check_directory(archive, limits)
    try:
        opened = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _no_archive() from error
    with opened:
        left = limits.max_bytes
        for info in opened.infolist():
            if info.is_dir():
                continue
            with tempfile.TemporaryFile() as file:
                try:
                    _check(info, limits, left)
                    left -= _copy(opened, info, file)
                except Rejected as refusal:
                    yield Unpacked(info.filename, refusal=refusal)
                else:
                    yield Unpacked(info.filename, file)


def _check_directory(archive: BinaryIO, limits: ArchiveLimits) -> None:
    """Look at the end of the file before anybody reads the directory: it may name millions of files."""
    size = archive.seek(0, os.SEEK_END)
    archive.seek(max(0, size - _END.size - _LONGEST_COMMENT - _ZIP64_LOCATOR_BYTES))
    tail = archive.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) < at + _END.size:
        raise _no_archive()
    if tail[max(0, at - _ZIP64_LOCATOR_BYTES) : at].startswith(_ZIP64_MARK):
        raise Rejected(
            "It is a ZIP64 archive.", code="not_an_archive", next_step="Pack fewer or smaller files."
        )
    _, _, _, _, files, directory_bytes, _, _ = _END.unpack_from(tail, at)
    if files > limits.max_files or directory_bytes > limits.max_files * _LONGEST_RECORD_BYTES:
        raise Rejected(
            f"It names more than {limits.max_files:,} files.",
            code="archive_too_big",
            next_step="Send it in parts.",
        )


def _check(info: zipfile.ZipInfo, limits: ArchiveLimits, left: int) -> None:
    """Refuse by what the directory says; what it says is held to when the file is read."""
    if _is_trick(info.orig_filename):
        raise Rejected(
            "Its path leads out of the archive.",
            code="bad_path",
            next_step="Pack it by a plain name.",
        )
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Rejected("It is a link or a device.", code="unsupported_source", next_step="Pack the file.")
    if info.flag_bits & _IS_ENCRYPTED:
        raise Rejected("It needs a password.", code="encrypted", next_step="Pack it without one.")
    if info.compress_type not in _MAY_BE:
        raise Rejected("It is packed in an unusual way.", code="unsupported_type", next_step="Use deflate.")
    if info.file_size > limits.max_file_bytes:
        raise too_big(info.filename, limits.max_file_bytes)
    if info.file_size > limits.max_ratio * max(info.compress_size, 1):
        raise Rejected(
            f"It unpacks to more than {limits.max_ratio} times its size.",
            code="archive_bomb",
            next_step="Send it by itself.",
        )
    if info.file_size > left:
        raise Rejected(
            f"The archive unpacks to more than {limits.max_bytes // MEBIBYTE:,} MiB.",
            code="archive_too_big",
            next_step="Send it in parts.",
        )


def _is_trick(name: str) -> bool:
    paths = (PurePosixPath(name), PureWindowsPath(name))
    return "\0" in name or "\\" in name or any(".." in p.parts or p.anchor for p in paths)


def _copy(opened: zipfile.ZipFile, info: zipfile.ZipInfo, file: BinaryIO) -> int:
    """Unpack a file; the reader ends at the size the directory says, and holds it to its checksum."""
    size = 0
    try:
        with opened.open(info) as source:
            while piece := source.read(_PIECE_BYTES):
                size += file.write(piece)
    except _UNREADABLE as error:
        raise Rejected("It is damaged.", code="damaged", next_step="Pack it again.") from error
    return size


def _no_archive() -> Rejected:
    return Rejected("It is not a whole ZIP archive.", code="not_an_archive", next_step="Send a ZIP.")

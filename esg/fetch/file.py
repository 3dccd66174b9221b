"""path → bytes, and folder → paths."""

import os
import re
import stat
from pathlib import Path

from esg.domain import MediaType
from esg.errors import Rejected
from esg.fetch.sniff import HEAD_BYTES, recognise

_EXTENSIONS = frozenset({".pdf", ".html", ".htm", ".xhtml", ".docx"})
_ENDING = re.compile(r"\.[a-z]\w*", re.IGNORECASE)  # not that of "page.html.1" or "Acme Inc. 2024"


def expand(source: str) -> list[str]:
    """List the documents in a folder and the folders below it, sorted; anything else is its own list."""
    folder = Path(source)
    if not source.strip() or not folder.is_dir():  # "" is nothing, not the current folder
        return [source]
    return sorted(str(path) for path in folder.rglob("*") if _is_document(path, folder))


def expand_asked(source: str) -> list[str]:
    """The same for a person's answer: a folder without documents stays, so that somebody says so."""
    return expand(source) or [source]


def _is_document(path: Path, folder: Path) -> bool:
    """A broken .pdf counts, so that somebody is told; other names count by their content.

    A PDF is one under any name. Markup is a report where no ending says that it is something else: templates
    and programs begin like pages, too.
    """
    if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
        return False
    if path.suffix.lower() in _EXTENSIONS:
        return True
    found = recognise(_head(path))
    return found is MediaType.PDF or (found is not None and not _ENDING.fullmatch(path.suffix))


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError:
        return b""


def read_file(source: str, *, max_bytes: int) -> bytes:
    """Read a regular file of at most `max_bytes`; raises `Rejected` with the reason."""
    try:
        # A pipe without a writer would block the open itself.
        with os.fdopen(os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            _check_kind(source, os.fstat(file.fileno()), max_bytes)
            data = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unreadable(source, error) from error
    if len(data) > max_bytes:
        raise too_big(source, max_bytes)
    return data


def _check_kind(source: str, status: os.stat_result, max_bytes: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _is_folder(source)
    if not stat.S_ISREG(status.st_mode):
        raise Rejected(
            f"{source} is a device or a pipe.", code="unsupported_source", next_step="Give a regular file."
        )
    if status.st_size > max_bytes:
        raise too_big(source, max_bytes)


def _unreadable(source: str, error: Exception) -> Rejected:
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return Rejected(f"There is no file {source!r}.", code="not_found", next_step="Check the path.")
    if isinstance(error, IsADirectoryError):
        return _is_folder(source)
    if isinstance(error, PermissionError):
        return Rejected(
            f"{source} may not be read by this user.", code="forbidden", next_step="Change its permissions."
        )
    return Rejected(f"{source} cannot be read: {error}.", code="unreadable_file", next_step="Check the path.")


def _is_folder(source: str) -> Rejected:
    return Rejected(
        f"There is no PDF, HTML or DOCX in the folder {source}.",
        code="is_a_folder",
        next_step="Name a file, or a folder that holds some.",
    )


def too_big(source: str, max_bytes: int) -> Rejected:
    return Rejected(
        f"{source} is bigger than the limit of {max_bytes / 1024**2:,.0f} MiB.",
        code="too_big",
        next_step="Reduce its images, or raise ESG_MAX_DOCUMENT_BYTES.",
    )

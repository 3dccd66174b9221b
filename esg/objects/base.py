"""What every place for objects promises, and what its failures mean."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

from pyarrow import fs

from esg.errors import EsgError, Misconfigured, NotFound, Unavailable

PIECE_BYTES = 1024 * 1024  # of a file that is copied

_REFUSED = re.compile(
    "ACCESS_DENIED|INVALID_ACCESS_KEY|SIGNATURE_DOES_NOT_MATCH|NO_SUCH_BUCKET|Bucket '.*' not found"
)  # S3's words, and PyArrow's
CERTIFICATE_REFUSED = "curlCode: 60"  # as PyArrow tells it, which is curl's CURLE_PEER_FAILED_VERIFICATION


class Objects(Protocol):
    filesystem: fs.FileSystem  # for readers of Parquet; its root is that of the keys

    def read(self, key: str) -> bytes:
        """Give the bytes; raises NotFound."""

    def open(self, key: str) -> BinaryIO:
        """Give a file to read the bytes of in pieces, and to close; raises NotFound."""

    def create(self, key: str, data: bytes) -> bool:
        """Write unless the key is taken, and say whether this call wrote it.

        In a store two who come at the same moment may both write: one's object stays, whole.
        """

    def create_from(self, key: str, file: BinaryIO) -> bool:
        """The same with a file's bytes from its start, in pieces."""

    def replace(self, key: str, data: bytes) -> None:
        """Write whatever was there."""

    def exists(self, key: str) -> bool: ...

    def keys(self, folder: str) -> list[str]:
        """List the keys of a folder and those below it, sorted; none if it is not there."""

    def delete(self, key: str) -> None:
        """Remove; nothing happens if it is not there."""


def key_part(text: str) -> str:
    """Make a name that every store takes for a part of a key."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.") or "-"


@contextmanager
def translated(key: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise translate(key, error) from error


def translate(key: str, error: OSError) -> EsgError:
    """Say what a failure of the file system means to the caller."""
    if isinstance(error, FileNotFoundError):
        return NotFound(f"There is no object {key}.")
    if isinstance(error, PermissionError) or _REFUSED.search(str(error)):
        wrong = "rights" if isinstance(error, PermissionError) else "bucket, AWS_ACCESS_KEY_ID and its secret"
        return Misconfigured(
            f"{key} may not be read or written: {error}.", next_step=f"Check ESG_LAKE_URL and its {wrong}."
        )
    if CERTIFICATE_REFUSED in str(error):
        return Unavailable(
            f"The store of {key} does not prove its name: {error}.",
            next_step="Name the PEM file of whom its certificate is from: tls_ca_file_path in ESG_LAKE_URL.",
        )
    return Unavailable(
        f"The store did not take or give {key}: {error}.",
        next_step="Check that it runs and has space, and that ESG_LAKE_URL leads to it.",
    )

"""Bytes under keys, in a folder or in any store that PyArrow's file systems reach (`s3://`, `gs://`, …).

An object is whole or not there: a folder gets it by a link from a temporary file, an object store by one PUT.
"""

import errno
import os
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import pyarrow as pa
from pyarrow import fs

from esg.errors import EsgError, Misconfigured, NotFound, Transient

_TEMPORARY = ".tmp"  # folder of files being written; one that outlives its writer is removed after an hour
_ORPHAN_SECONDS = 3600.0
_REFUSED = re.compile(
    "ACCESS_DENIED|INVALID_ACCESS_KEY|SIGNATURE_DOES_NOT_MATCH|NO_SUCH_BUCKET"
)  # S3's words


class Objects(Protocol):
    filesystem: fs.FileSystem  # for readers of Parquet; its root is that of the keys

    def read(self, key: str) -> bytes:
        """Give the bytes; raises NotFound."""

    def create(self, key: str, data: bytes) -> bool:
        """Write unless the key is taken, and say whether this call wrote it."""

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


def open_objects(url: str) -> Objects:
    """Open a folder (a path or `file://`) or a store by its URL; a folder is made if it is not there."""
    if "://" not in url or url.startswith("file://"):
        return FolderObjects(Path(url.removeprefix("file://")))
    try:
        filesystem, path = fs.FileSystem.from_uri(url)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise Misconfigured(
            f"{url.split('?')[0]} is not a place for objects: {error}.",
            next_step="Give a folder or a URL such as s3://bucket/folder.",
        ) from error
    return StoreObjects(fs.SubTreeFileSystem(path, filesystem))


class StoreObjects:
    """An object store: every write is one object, visible when it is complete."""

    def __init__(self, filesystem: fs.FileSystem) -> None:
        self.filesystem = filesystem

    def read(self, key: str) -> bytes:
        with _translated(key), self.filesystem.open_input_stream(key, compression=None) as stream:
            return bytes(stream.read())

    def create(self, key: str, data: bytes) -> bool:
        if self.exists(key):
            return False
        self.replace(key, data)
        return True

    def replace(self, key: str, data: bytes) -> None:
        with _translated(key):
            self._make_folder(key)
            with self.filesystem.open_output_stream(key, compression=None) as stream:
                stream.write(data)

    def exists(self, key: str) -> bool:
        with _translated(key):
            return bool(self.filesystem.get_file_info(key).type == fs.FileType.File)

    def keys(self, folder: str) -> list[str]:
        selector = fs.FileSelector(folder, recursive=True, allow_not_found=True)
        with _translated(folder):
            found = self.filesystem.get_file_info(selector)
        return sorted(info.path for info in found if info.type == fs.FileType.File)

    def delete(self, key: str) -> None:
        if self.exists(key):
            with _translated(key):
                self.filesystem.delete_file(key)

    def _make_folder(self, key: str) -> None:
        """A store without folders needs none; its file system would write a marker object for each."""
        folder = key.rpartition("/")[0]
        if folder and self.filesystem.base_fs.type_name not in ("s3", "gcs", "abfs"):
            self.filesystem.create_dir(folder)


class FolderObjects:
    """A folder: written beside, brought to the disk, then linked into place."""

    def __init__(self, root: Path) -> None:
        self._root = root.expanduser().absolute()
        self._temporary = self._root / _TEMPORARY
        with _translated(str(root)):
            self._temporary.mkdir(parents=True, exist_ok=True)
            _remove_orphans(self._temporary)
        self.filesystem = fs.SubTreeFileSystem(str(self._root), fs.LocalFileSystem())

    def read(self, key: str) -> bytes:
        with _translated(key):
            return self._path(key).read_bytes()

    def create(self, key: str, data: bytes) -> bool:
        if self.exists(key):
            return False
        with self._written(key, data) as (temporary, path):
            return _link(temporary, path)

    def replace(self, key: str, data: bytes) -> None:
        with self._written(key, data) as (temporary, path):
            temporary.replace(path)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def keys(self, folder: str) -> list[str]:
        files = [path for path in self._path(folder).rglob("*") if path.is_file()]
        keys = sorted(path.relative_to(self._root).as_posix() for path in files)
        return [key for key in keys if not key.startswith(_TEMPORARY)]

    def delete(self, key: str) -> None:
        with _translated(key):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if ".." in Path(key).parts or Path(key).is_absolute():
            raise NotFound(f"There is no object {key}.")
        return self._root / key

    @contextmanager
    def _written(self, key: str, data: bytes) -> Iterator[tuple[Path, Path]]:
        """Give a whole temporary file and its place; then drop the file and bring the place to the disk."""
        path, temporary = self._path(key), self._temporary / uuid.uuid4().hex
        with _translated(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(temporary, data)
                yield temporary, path
                _flush_folder(path.parent)
            finally:
                temporary.unlink(missing_ok=True)


def _link(temporary: Path, path: Path) -> bool:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        temporary.replace(path)  # a file system without links: the last of two equal writers wins
    return True


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Bring a new name to the disk: what SQL calls done must outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_orphans(folder: Path) -> None:
    oldest = time.time() - _ORPHAN_SECONDS
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # its writer has just finished
            if path.stat().st_mtime < oldest:
                path.unlink()


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise translate(key, error) from error


def translate(key: str, error: OSError) -> EsgError:
    """Say what a failure of the file system means to the caller."""
    if isinstance(error, FileNotFoundError):
        return NotFound(f"There is no object {key}.")
    if isinstance(error, PermissionError) or _REFUSED.search(str(error)):
        return Misconfigured(
            f"{key} may not be read or written: {error}.", next_step="Check ESG_LAKE_URL and its rights."
        )
    return Transient(f"The store did not take or give {key}: {error}.")

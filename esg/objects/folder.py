"""Objects in a folder: written beside, brought to the disk, then linked into place."""

import errno
import io
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pyarrow import fs

from esg.errors import NotFound
from esg.objects.base import PIECE_BYTES, translated

_TEMPORARY = ".tmp"  # folder of files being written; one that outlives its writer is removed after an hour
_ORPHAN_SECONDS = 3600.0


class FolderObjects:
    """A folder, made if it is not there; keys are paths in it."""

    def __init__(self, root: Path) -> None:
        self._root = root.expanduser().absolute()
        self._temporary = self._root / _TEMPORARY
        with translated(str(root)):
            self._temporary.mkdir(parents=True, exist_ok=True)
            _remove_orphans(self._temporary)
        self.filesystem = fs.SubTreeFileSystem(str(self._root), fs.LocalFileSystem())

    def read(self, key: str) -> bytes:
        with translated(key):
            return self._path(key).read_bytes()

    def open(self, key: str) -> BinaryIO:
        with translated(key):
            return self._path(key).open("rb")

    def create(self, key: str, data: bytes) -> bool:
        return self.create_from(key, io.BytesIO(data))

    def create_from(self, key: str, file: BinaryIO) -> bool:
        if self.exists(key):
            return False
        with self._written(key, file) as (temporary, path):
            return _link(temporary, path)

    def replace(self, key: str, data: bytes) -> None:
        with self._written(key, io.BytesIO(data)) as (temporary, path):
            temporary.replace(path)

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def keys(self, folder: str) -> list[str]:
        files = [path for path in self._path(folder).rglob("*") if path.is_file()]
        keys = sorted(path.relative_to(self._root).as_posix() for path in files)
        return [key for key in keys if not key.startswith(_TEMPORARY)]

    def delete(self, key: str) -> None:
        with translated(key):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if ".." in Path(key).parts or Path(key).is_absolute():
            raise NotFound(f"There is no object {key}.")
        return self._root / key

    @contextmanager
    def _written(self, key: str, file: BinaryIO) -> Iterator[tuple[Path, Path]]:
        """Give a whole temporary file and its place; then drop the file and bring the place to the disk."""
        path, temporary = self._path(key), self._temporary / uuid.uuid4().hex
        with translated(key):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write(temporary, file)
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


def _write(path: Path, source: BinaryIO) -> None:
    with path.open("xb") as file:
        source.seek(0)
        shutil.copyfileobj(source, file, PIECE_BYTES)
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

"""Objects in a store: every write is one object, visible when it is complete."""

import io
import shutil
from typing import BinaryIO, cast

from pyarrow import fs

from esg.objects.base import PIECE_BYTES, translated


class StoreObjects:
    """Anything that a PyArrow file system reaches: `s3://`, `gs://`, …"""

    def __init__(self, filesystem: fs.FileSystem) -> None:
        self.filesystem = filesystem

    def read(self, key: str) -> bytes:
        with translated(key), self.filesystem.open_input_stream(key, compression=None) as stream:
            return bytes(stream.read())

    def open(self, key: str) -> BinaryIO:
        with translated(key):
            return cast("BinaryIO", self.filesystem.open_input_file(key))

    def create(self, key: str, data: bytes) -> bool:
        return self.create_from(key, io.BytesIO(data))

    def create_from(self, key: str, file: BinaryIO) -> bool:
        if self.exists(key):
            return False
        self._write(key, file)
        return True

    def replace(self, key: str, data: bytes) -> None:
        self._write(key, io.BytesIO(data))

    def _write(self, key: str, file: BinaryIO) -> None:
        with translated(key):
            self._make_folder(key)
            file.seek(0)
            with self.filesystem.open_output_stream(key, compression=None) as stream:
                shutil.copyfileobj(file, stream, PIECE_BYTES)

    def exists(self, key: str) -> bool:
        with translated(key):
            return bool(self.filesystem.get_file_info(key).type == fs.FileType.File)

    def keys(self, folder: str) -> list[str]:
        selector = fs.FileSelector(folder, recursive=True, allow_not_found=True)
        with translated(folder):
            found = self.filesystem.get_file_info(selector)
        return sorted(info.path for info in found if info.type == fs.FileType.File)

    def delete(self, key: str) -> None:
        if self.exists(key):
            with translated(key):
                self.filesystem.delete_file(key)

    def _make_folder(self, key: str) -> None:
        """A store without folders needs none; its file system would write a marker object for each."""
        folder = key.rpartition("/")[0]
        if folder and self.filesystem.base_fs.type_name not in ("s3", "gcs", "abfs"):
            self.filesystem.create_dir(folder)

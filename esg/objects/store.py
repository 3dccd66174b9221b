"""Objects in a store: every write is one object, visible when it is complete."""

from pyarrow import fs

from esg.objects.base import translated


class StoreObjects:
    """Anything that a PyArrow file system reaches: `s3://`, `gs://`, …"""

    def __init__(self, filesystem: fs.FileSystem) -> None:
        self.filesystem = filesystem

    def read(self, key: str) -> bytes:
        with translated(key), self.filesystem.open_input_stream(key, compression=None) as stream:
            return bytes(stream.read())

    def create(self, key: str, data: bytes) -> bool:
        if self.exists(key):
            return False
        self.replace(key, data)
        return True

    def replace(self, key: str, data: bytes) -> None:
        with translated(key):
            self._make_folder(key)
            with self.filesystem.open_output_stream(key, compression=None) as stream:
                stream.write(data)

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

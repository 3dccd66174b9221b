"""The store of the tables, as pyiceberg opens it, and whom it has to prove its name to."""

from pyarrow import fs
from pyiceberg.io.pyarrow import PyArrowFileIO

AUTHORITY = "s3.tls-ca-file"  # a property of ours


class TableFiles(PyArrowFileIO):
    def _initialize_s3_fs(self, netloc: str | None) -> fs.FileSystem:
        """Open the store as told, with our authority, too: pyiceberg passes none on."""
        made = super()._initialize_s3_fs(netloc)
        authority = self.properties.get(AUTHORITY)
        if not authority:
            return made
        build, (options,) = made.__reduce__()  # what it was made with, as for another process
        return build({**options, "tls_ca_file_path": authority})

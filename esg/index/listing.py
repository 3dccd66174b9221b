"""Which objects a folder holds and when each was written, without looking again while nothing has changed."""

import time
from pathlib import Path
from typing import NamedTuple

from pyarrow import fs

from esg.objects.base import translated

_TICK_NS = 50_000_000  # a file system's clock may stand still for less than this


class Stamp(NamedTuple):
    """What another object under the same key would have otherwise."""

    written_ns: int
    size: int


class Listing:
    """The objects of one folder, by key.

    A folder of this machine tells by its own time whether it has changed; a store is asked each time.
    """

    def __init__(self, filesystem: fs.SubTreeFileSystem, folder: str) -> None:
        self._filesystem = filesystem
        self._folder = folder
        is_local = isinstance(filesystem.base_fs, fs.LocalFileSystem)
        self._path = Path(filesystem.base_path) / folder if is_local else None
        self._stamps: dict[str, Stamp] = {}
        self._as_of: int | None = None

    def look(self) -> dict[str, Stamp]:
        """Give the objects there are; the same dictionary as long as nothing has changed."""
        changed_ns, now_ns = self._changed_ns(), time.time_ns()
        if changed_ns is None or changed_ns != self._as_of:
            self._stamps = self._listed()
            is_settled = changed_ns is not None and now_ns - changed_ns > _TICK_NS
            self._as_of = changed_ns if is_settled else None
        return self._stamps

    def _changed_ns(self) -> int | None:
        if self._path is None:
            return None
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def _listed(self) -> dict[str, Stamp]:
        selector = fs.FileSelector(self._folder, recursive=False, allow_not_found=True)
        with translated(self._folder):
            found = self._filesystem.get_file_info(selector)
        files = (info for info in found if info.type == fs.FileType.File)
        return {info.path: Stamp(info.mtime_ns or 0, info.size) for info in files}

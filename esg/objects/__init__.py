"""Bytes under keys: an object is whole or not there, in a folder as in a store."""

from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from esg.errors import Misconfigured
from esg.objects.base import Objects, key_part, translate
from esg.objects.folder import FolderObjects
from esg.objects.s3 import open_s3
from esg.objects.store import StoreObjects
from esg.tracing import watched

__all__ = ["FolderObjects", "Objects", "StoreObjects", "key_part", "open_objects", "translate"]

CALLS = ("read", "open", "create", "create_from", "replace", "exists", "keys", "delete")  # that are spans


def open_objects(url: str) -> Objects:
    """Open a folder (a path or `file://`) or a store by its URL; a folder is made if it is not there."""
    if "://" not in url or url.startswith("file://"):
        return _watched(FolderObjects(Path(url.removeprefix("file://"))))
    try:
        filesystem, path = open_s3(url) if url.startswith("s3://") else fs.FileSystem.from_uri(url)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise Misconfigured(
            f"{url.split('?')[0]} is not a place for objects: {error}.",
            next_step="Give a folder or a URL such as s3://bucket/folder.",
        ) from error
    return _watched(StoreObjects(fs.SubTreeFileSystem(path, filesystem)))


def _watched(objects: Objects) -> Objects:
    """Let each of its calls be a span, where tracing is on."""
    return watched(objects, "objects", CALLS)

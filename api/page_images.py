"""(document, page, evidence) → PNG with the quote highlighted: drawn in the sandbox, kept in `home`.

What is kept is named by all that decides it, so nothing is ever stale; the folder is held to a size by
forgetting what was not looked at for longest.
"""

import contextlib
import hashlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from esg.domain import Box, Evidence, Fetched, Page
from esg.extract import VERSION, render
from esg.report import crop

MAX_BYTES = 512 * 1024 * 1024
PAGE_SCALE = 2.0  # pixels a point: a page is read on it
CROP_SCALE = 2.0


class PageImages:
    """A cache of drawn pages. Safe to share between threads."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder
        self.max_bytes = max_bytes

    def get(self, document_id: str, page: int, evidence: Evidence | None, *, is_crop: bool) -> bytes | None:
        """Return a drawn image, marked as looked at; None when it has to be drawn."""
        path = self._path(document_id, page, evidence, is_crop)
        with contextlib.suppress(FileNotFoundError):
            data = path.read_bytes()
            os.utime(path)
            return data
        return None

    def tag(self, document_id: str, page: int, evidence: Evidence | None, *, is_crop: bool) -> str:
        """The ETag of an image: the same as long as it would be drawn the same."""
        return f'"{self._path(document_id, page, evidence, is_crop).stem}"'

    def draw(self, original: Fetched, page: Page, evidence: Evidence | None, *, is_crop: bool) -> bytes:
        """Draw an image and keep it; raises Rejected where the page cannot be drawn."""
        boxes: Sequence[Box] = evidence.boxes if evidence else ()
        part = crop(boxes, page.width, page.height) if is_crop else None
        data = render(
            original.data,
            original.media_type,
            page,
            boxes=boxes,
            scale=CROP_SCALE if is_crop else PAGE_SCALE,
            crop=part,
        )
        self._keep(self._path(page.document_id, page.number, evidence, is_crop), data)
        return data

    def _path(self, document_id: str, page: int, evidence: Evidence | None, is_crop: bool) -> Path:
        boxes = repr(evidence.boxes) if evidence else ""
        key = f"{VERSION}:{page}:{is_crop}:{PAGE_SCALE}:{CROP_SCALE}:{boxes}"
        return self.folder / document_id / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.png"

    def _keep(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{threading.get_ident()}.tmp")
        draft.write_bytes(data)
        draft.replace(path)
        self._forget()

    def _forget(self) -> None:
        """Delete the images looked at longest ago until the rest fits."""
        files = [(path.stat(), path) for path in self.folder.glob("*/*.png")]
        size = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda file: file[0].st_mtime):
            if size <= self.max_bytes:
                return
            path.unlink(missing_ok=True)
            size -= stat.st_size

"""Files that people hand in: archives, rubrics, labels, each by the code that takes it."""

import io
from collections.abc import Callable
from pathlib import Path

from esg import kpi, rubric
from esg.errors import EsgError, Rejected
from esg.evaluate.labels import read_labels
from esg.fetch import ArchiveLimits, from_file, unpack
from tests.hostile.answer import Answer, Phase

ARCHIVES = ArchiveLimits(max_files=200, max_file_bytes=4_000_000, max_bytes=8_000_000)


def open_archives(folder: Path) -> Callable[[bytes, Phase], Answer]:
    """Take a ZIP as `POST /v1/documents/bulk` does."""
    before = sorted(folder.iterdir())

    def run(data: bytes, phase: Phase) -> Answer:
        phase("unpack")
        taken, size = set[str](), 0
        try:
            for unpacked in unpack(io.BytesIO(data), limits=ARCHIVES):
                taken.add(_kind(unpacked.name, unpacked.file, unpacked.refusal))
                size += unpacked.file.seek(0, io.SEEK_END) if unpacked.file else 0
        except Rejected as reason:
            return reason.code
        if size > ARCHIVES.max_bytes or sorted(folder.iterdir()) != before:
            raise AssertionError("more was written than may be, or elsewhere")
        return "+".join(sorted(taken)) or "empty"

    return run


def _kind(name: str, file: object, refusal: Rejected | None) -> str:
    if refusal:
        return refusal.code
    try:
        return from_file(file, name=name).media_type.name  # type: ignore[arg-type]
    except Rejected as reason:
        return reason.code


def open_rubrics(folder: Path) -> Callable[[bytes, Phase], Answer]:
    """Check and load a rubric as `esg rubric check FILE` and a worker do."""
    path = folder / "rubric.toml"

    def run(data: bytes, phase: Phase) -> Answer:
        path.write_bytes(data)
        phase("load")
        try:
            problems = rubric.check(path, known_facts=kpi.references())
            rubric.load(str(path))
        except EsgError as reason:
            return type(reason).__name__
        return "problems" if problems else "ok"

    return run


def open_labels(folder: Path) -> Callable[[bytes, Phase], Answer]:
    """Read labels as `esg eval levels FILE` does."""
    path = folder / "labels.json"

    def run(data: bytes, phase: Phase) -> Answer:
        path.write_bytes(data)
        phase("read")
        try:
            read_labels(path)
        except EsgError as reason:
            return type(reason).__name__
        return "ok"

    return run

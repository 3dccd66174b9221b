"""document id → the bytes it names, from a folder of reports or wherever else they are kept."""

from collections.abc import Callable
from pathlib import Path

from esg.domain import Fetched, document_id
from esg.errors import Rejected
from esg.fetch import from_bytes

Finder = Callable[[str], Fetched | None]


def in_folder(folder: Path) -> Finder:
    """Find documents below a folder by the SHA-256 of their bytes, whatever they are called."""
    places: dict[str, Path] = {}

    def find(wanted: str) -> Fetched | None:
        if not places:
            places.update({document_id(path.read_bytes()): path for path in _files(folder)})
        path = places.get(wanted)
        return _read(path) if path else None

    return find


def first_of(*finders: Finder) -> Finder:
    """Ask one after the other."""
    return lambda wanted: next((found for find in finders if (found := find(wanted))), None)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _read(path: Path) -> Fetched | None:
    try:
        return from_bytes(path.read_bytes(), name=path.name)
    except Rejected:  # a file with the right bytes that is no document
        return None

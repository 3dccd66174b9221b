"""Where `--out` leads: to a file for one report in one format, or into a folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from esg import errors

FORMATS = ("html", "json", "csv", "parquet", "pdf")
_ENDINGS = ", ".join(f".{kind}" for kind in FORMATS)


@dataclass(frozen=True, slots=True)
class Destination:
    """A folder for every report in each of `formats`, or one file for one report in one format."""

    path: Path
    formats: tuple[str, ...]
    is_folder: bool


def destination(out: Path, formats: Sequence[str], *, sources: int) -> Destination:
    """Decide before anything is scored; raises click.UsageError, which says what is possible."""
    if _is_folder(out):
        return Destination(out, tuple(formats) or ("html",), is_folder=True)
    kind = file_format(out)
    if formats and set(formats) != {kind}:
        raise click.UsageError(
            f"--out {out} is a file of {kind}, but --format says {','.join(formats)}; "
            "leave --format out, or name a folder"
        )
    if sources != 1:
        raise click.UsageError(f"--out {out} names one file for {sources} reports; name a folder")
    return Destination(out, (kind,), is_folder=False)


def file_format(out: Path) -> str:
    """Read a file's format from its ending, in capitals or not; raises click.UsageError."""
    kind = out.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise click.UsageError(f"--out {out} must end in one of {_ENDINGS}, or be a folder")
    return kind


def save(path: Path, data: bytes) -> Path:
    """Write a file, and the folders it needs; raises EsgError when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise errors.EsgError(
            f"Could not write {path}: {error.strerror}.", next_step="Name another place."
        ) from error
    return path


def _is_folder(out: Path) -> bool:
    try:
        return out.is_dir() or not (out.suffix or out.exists())
    except OSError:  # it may not even be looked at; writing will say why
        return not out.suffix

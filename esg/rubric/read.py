"""Rubric files → one mapping that remembers which file each part came from."""

import tomllib
from pathlib import Path
from typing import Any

from esg.errors import Misconfigured
from esg.rubric import lines

DATA = Path(__file__).parent / "data"
Raw = dict[str, Any]  # the shape is checked by the JSON schema in check.py

_SINGLE = ("rubric", "vocabulary", "counter_cues", "ignore")
_MANY = ("theme", "statement", "framework")


def locate(id_or_path: str) -> Path:
    """Find a shipped rubric by its id, or a file or folder by its path; Misconfigured where neither is."""
    shipped = DATA / id_or_path
    for candidate in (shipped, shipped.with_name(f"{shipped.name}.toml"), Path(id_or_path)):
        if candidate.exists():
            return candidate
    known = ", ".join(sorted(p.stem for p in DATA.iterdir()))
    raise Misconfigured(
        f"There is no rubric '{id_or_path}'.", next_step=f"Give a file, a folder or one of: {known}."
    )


def files(path: Path) -> list[Path]:
    """List the TOML files of a rubric: the file itself, or a folder's files by name."""
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


def read(path: Path) -> Raw:
    """Read and merge the files of a rubric; a theme, statement or framework gets its file's name as `file`.

    What has a head of its own, `[[...]]`, gets its `line`, too.
    """
    merged: Raw = {}
    for file in files(path):
        _merge(merged, _parse(file), file.name)
    if not merged:
        raise Misconfigured(f"{path} holds no rubric.", next_step="Put at least one .toml file there.")
    return merged


def _parse(file: Path) -> Raw:
    try:
        text = file.read_text(encoding="utf-8")
        mapping = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{file} is not valid TOML: {error}.", next_step="Correct the file.") from error
    lines.number(mapping, text)
    return mapping


def _merge(merged: Raw, part: Raw, file: str) -> None:
    for key, value in part.items():
        if key in _MANY and isinstance(value, list):
            merged.setdefault(key, []).extend(
                {"file": file, **item} for item in value if isinstance(item, dict)
            )
        elif key in _SINGLE and isinstance(value, dict):
            merged.setdefault(key, {}).update(value)
        else:
            merged[key] = value  # unknown: the schema says so

"""Rubric files → one mapping that remembers which file each part came from."""

import re
import tomllib
from pathlib import Path
from typing import Any

from esg.errors import Misconfigured
from esg.rubric import lines

DATA = Path(__file__).parent / "data"
Raw = dict[str, Any]  # the shape is checked by the JSON schema in check.py

_SINGLE = ("rubric", "vocabulary", "counter_cues", "ignore")
_MANY = ("theme", "statement", "framework", "language")
_HEAD = re.compile(r"^\s*\[?\s*[\"']?rubric\b", re.MULTILINE)


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
    """Read and merge the files of a rubric; each theme, statement, framework and language knows its `file`.

    What has a head of its own, `[[...]]`, gets its `line`, too; a language has the file's text, as `source`,
    so that what is wrong with a pattern there is told by its line.
    """
    merged: Raw = {}
    for file in files(path):
        source = _text(file)
        _merge(merged, _parse(file, source), file.name, source)
    if not merged:
        raise Misconfigured(f"{path} holds no rubric.", next_step="Put at least one .toml file there.")
    return merged


def head(path: Path) -> Raw:
    """Read the table `rubric` alone, from the files that have one: to parse the others takes long."""
    sources = ((file, _text(file)) for file in files(path))
    heads = (_parse(file, source).get("rubric", {}) for file, source in sources if _HEAD.search(source))
    return {key: value for part in heads for key, value in part.items()}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{file} is not valid TOML: {error}.", next_step="Correct the file.") from error


def _parse(file: Path, source: str) -> Raw:
    try:
        mapping = tomllib.loads(source)
    except ValueError as error:  # tomllib.TOMLDecodeError is one, and so is a number of too many digits
        raise Misconfigured(f"{file} is not valid TOML: {error}.", next_step="Correct the file.") from error
    except RecursionError as error:
        raise Misconfigured(f"{file} nests too deeply.", next_step="Write its values flat.") from error
    lines.number(mapping, source)
    return mapping


def _merge(merged: Raw, part: Raw, file: str, source: str) -> None:
    for key, value in part.items():
        if key in _MANY and isinstance(value, list):
            origin = {"file": file, "source": source} if key == "language" else {"file": file}
            merged.setdefault(key, []).extend({**origin, **item} for item in value if isinstance(item, dict))
        elif key in _SINGLE and isinstance(value, dict):
            merged.setdefault(key, {}).update(value)
        else:
            merged[key] = value  # unknown: the schema says so

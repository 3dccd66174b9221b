"""A file of labels, one JSON object a line → records."""

import json
from pathlib import Path
from typing import Any

from esg.errors import NotFound, Rejected

Record = dict[str, Any]


def read_lines(path: Path, name: str) -> list[Record]:
    """Read the label file `path`, or the file `name` in the folder `path`.

    Raises NotFound where there is none or nothing in it, Rejected for a line that is no JSON object.
    """
    file = path / name if path.is_dir() else path
    if not file.is_file():
        raise NotFound(f"There is no {name} in {path}.", next_step="Name the file of labels itself.")
    lines = file.read_text(encoding="utf-8").splitlines()
    records = [_record(line, file.name, number) for number, line in enumerate(lines, 1) if line.strip()]
    if not records:
        raise NotFound(f"{file.name} holds no labels.")
    return records


def _record(line: str, name: str, number: int) -> Record:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise _bad(name, number, "is not JSON") from error
    if not isinstance(record, dict):
        raise _bad(name, number, "is no JSON object")
    return record


def _bad(name: str, number: int, what: str) -> Rejected:
    return Rejected(f"{name}, line {number} {what}.", code="not_a_label")


def missing(name: str, record: int, key: object) -> Rejected:
    """Say that a record lacks something."""
    return Rejected(f"{name}, record {record} has no usable {key}.", code="not_a_label")

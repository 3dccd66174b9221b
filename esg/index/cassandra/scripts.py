"""CQL files of this package → statements."""

import re
from importlib.resources import files
from string import Template

FOLDER = files(__package__)
_NAMED = re.compile(r"-- (?P<name>\w+):.*\n(?P<query>[^;]+);")


def statements(file: str, **names: str) -> tuple[str, ...]:
    """Part a script's statements, `$name` replaced; a comment ends with its line."""
    code = "\n".join(line.partition("--")[0].rstrip() for line in _text(file, names).splitlines())
    return tuple(statement.strip() for statement in code.split(";") if statement.strip())


def queries(file: str, **names: str) -> dict[str, str]:
    """Give the queries of a file by the names in the comments above them."""
    return {found["name"]: found["query"] for found in _NAMED.finditer(_text(file, names))}


def _text(file: str, names: dict[str, str]) -> str:
    return Template(FOLDER.joinpath(file).read_text(encoding="utf-8")).substitute(names)

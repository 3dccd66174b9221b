"""Variables → values of settings that lie in files: `NAME_FILE` is the path of what `NAME` would say.

So are secrets handed to containers, and by nothing else that others can read: neither by a process's
environment nor by its command line.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

SUFFIX = "_FILE"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that gives no value: what names it, and why it cannot be used."""

    variable: str
    why: str


class SecretFiles(PydanticBaseSettingsSource):
    """The settings that variables lead to by `_FILE`; an empty file says nothing."""

    def __init__(self, settings_cls: type[BaseSettings], names: Callable[[str], Sequence[str]]) -> None:
        super().__init__(settings_cls)
        self._names = names

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Read the first file that is named; an `Unreadable` tells of one that cannot be used."""
        names = self._names(field_name)
        key = names[0] if field.validation_alias else field_name  # its first name counts before the others
        for name in names:
            if path := os.environ.get(name + SUFFIX):
                said = next((other for other in names if os.environ.get(other)), None)
                return _read(name + SUFFIX, Path(path), said), key, False
        return None, key, False

    def __call__(self) -> dict[str, Any]:
        found = (self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items())
        return {key: value for value, key, _ in found if value}


def _read(variable: str, path: Path, said: str | None) -> str | Unreadable:
    if said is not None:
        return Unreadable(variable, f"{said} is set, too; leave one of them out")
    try:
        return path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        return Unreadable(variable, f"{path} is no text")
    except OSError as error:
        return Unreadable(variable, f"{path} cannot be read: {error.strerror}")

"""The name of a file in esg/kpi/data → what it says."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@cache
def parsed(name: str) -> Mapping[str, Any]:
    """Read a file once; nobody may change what it says."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))

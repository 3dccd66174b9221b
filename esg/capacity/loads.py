"""What a document asks of SQL, Redis and the object store, and what one server of each takes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from esg.errors import Misconfigured

FORMAT = "esg.loads/1"


@dataclass(frozen=True, slots=True)
class Loads:
    """Counted on real runs: `about` says by which commands."""

    sql_transactions: Mapping[str, float]  # of a stage run of each role, and of a "submission"
    sql_statements: Mapping[str, float]
    redis_commands: float  # of a stage run, from hint to acknowledgement
    redis_idle: float  # a second, of one worker that has nothing to do
    store_reads: Mapping[str, float]  # of a stage run of each role, objects and listings
    store_writes: Mapping[str, float]
    store_bytes_page: float  # that are kept, for each page read: original, silver, vectors and scorecard
    sql_stage_runs_per_second: float  # that one PostgreSQL takes from beginning to end
    redis_commands_per_second: float  # that one Redis takes
    gold_seconds_document: float  # of the night's gold, which is one process's
    about: Mapping[str, Any]

    def of_document(self, per: Mapping[str, float], batches: float) -> float:
        """Add up what a document asks for, from its submission to its scorecard."""
        return sum(number * (batches if role == "embed" else 1) for role, number in per.items())


def read(path: Path | None = None) -> Loads:
    """Read counted loads, by default those this package ships; raises Misconfigured for another file."""
    source = path or files("esg.capacity") / "data" / "loads.json"
    try:
        found = json.loads(source.read_text(encoding="utf-8"))
        if found.pop("format") != FORMAT:
            raise ValueError(f"its format is not {FORMAT}")
        return Loads(**found)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(
            f"{source} tells no loads: {error}.",
            next_step="See docs/operations/capacity.md for how they are counted",
        ) from error

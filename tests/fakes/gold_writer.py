"""Writers of gold, each a process: `python -m tests.fakes.gold_writer FIRST COUNT`, by its environment."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from esg.domain import Scorecard, document_id
from esg.lake import gold
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.scorecards import scorecard

ROOT = Path(__file__).parents[2]


def card(company: str, year: int | None = 2023, **changes: object) -> Scorecard:
    """A scorecard of a document of its own."""
    made = scorecard(company, year=year)
    document = replace(made.document, id=document_id(f"{company}-{year}".encode()))
    return replace(made, trace_id=document.id[:32], document=document, **changes)  # type: ignore[arg-type]


def cards(first: int, count: int) -> list[Scorecard]:
    """Of as many companies, over two years."""
    return [card(f"Company {number}", 2023 + number % 2) for number in range(first, first + count)]


def tell_the_same(found: Mapping[str, pa.Table], *cards: Scorecard) -> bool:
    """Whether tables hold what is computed from scorecards: the same columns and rows, in whatever order."""
    expected = gold.tables(cards)
    return all(
        found[name].schema == table.schema and _rows(found[name]) == _rows(table)
        for name, table in expected.items()
    )


def _rows(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


def begin(environment: Mapping[str, str], first: int, count: int) -> subprocess.Popen[bytes]:
    """Start a writer that writes its scorecards one after the other."""
    command = [sys.executable, "-W", "error", "-m", "tests.fakes.gold_writer", str(first), str(count)]
    return subprocess.Popen(command, env={**os.environ, **environment}, cwd=ROOT)


def main(arguments: Sequence[str]) -> None:
    tables = open_resources(Settings()).gold
    for made in cards(*map(int, arguments)):
        tables.write(gold.tables([made]), at=datetime.now(UTC), is_all=False)


if __name__ == "__main__":
    main(sys.argv[1:])

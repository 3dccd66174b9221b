"""Trino reads the tables of gold that we wrote: the same rows, the same answers, the same past."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trino

from esg.lake import gold
from esg.resources import open_resources
from tests.fakes.catalogs import catalog, settings
from tests.fakes.gold_writer import cards
from tests.servers.trino import CATALOG

pytestmark = pytest.mark.skipif(
    "STACK_TRINO" not in os.environ, reason="needs the Trino of `make test-stack`"
)
STAMPS = {"written_at", "content"}


def asked(namespace: str, sql: str) -> list[dict[str, Any]]:
    host, _, port = os.environ["STACK_TRINO"].partition(":")
    with trino.dbapi.connect(
        host=host, port=int(port), user="esg", catalog=CATALOG, schema=namespace
    ) as connection:
        cursor = connection.cursor()
        rows = cursor.execute(sql).fetchall()
        return [dict(zip((column[0] for column in cursor.description), row, strict=True)) for row in rows]


def test_trino_reads_what_was_written_and_what_was_said_before(tmp_path: Path) -> None:
    place = catalog("rest", tmp_path)
    namespace, tables = place["ESG_ICEBERG_NAMESPACE"], open_resources(settings(place)).gold
    first, all_of_them = gold.tables(cards(0, 3)), gold.tables(cards(0, 6))
    tables.write(first, at=datetime.now(UTC), is_all=True)
    then = datetime.now(UTC)
    tables.write(all_of_them, at=datetime.now(UTC), is_all=True)

    for name, table in all_of_them.items():
        found = [
            {k: v for k, v in row.items() if k not in STAMPS} for row in asked(namespace, f"TABLE {name}")
        ]
        assert sorted(map(repr, found)) == sorted(map(repr, table.to_pylist())), name

    moment = f"TIMESTAMP '{then:%Y-%m-%d %H:%M:%S.%f} UTC'"
    past = f"SELECT count(*) AS n FROM scorecards FOR TIMESTAMP AS OF {moment}"
    assert asked(namespace, past) == [{"n": 3}]

    league = "SELECT year, company, overall FROM scorecards WHERE is_whole ORDER BY year DESC, company"
    assert len(asked(namespace, league)) == 6
    lineage = """
        SELECT k.company, k.kpi, e.document_id, e.page, e.quote
        FROM kpis k JOIN evidence e ON e.trace_id = k.trace_id AND contains(k.evidence, e.evidence_id)
    """
    assert len(asked(namespace, lineage)) == all_of_them["kpis"].num_rows

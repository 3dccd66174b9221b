"""`esg migrate`, as a release's hook runs it: makes the tables, does nothing twice, waits for a database."""

import json
import time
from pathlib import Path

from esg.state.schema import REVISION
from tests.fakes.terminal import esg
from tests.servers.server import free_ports


def test_tables_are_made_once(tmp_path: Path) -> None:
    first, second = (json.loads(esg(tmp_path, "migrate", "--json").stdout) for _ in range(2))

    assert (first["before"], first["revision"]) == ("", REVISION)
    assert (second["before"], second["revision"]) == (REVISION, REVISION)
    assert second["oldest_code"] <= REVISION


def test_a_database_that_does_not_answer_is_waited_for_and_then_named(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    url = f"postgresql+psycopg://esg:secret@127.0.0.1:{port}/esg"

    started = time.monotonic()
    ran = esg(tmp_path, "migrate", "--wait", "2", code=2, ESG_DATABASE_URL=url)

    assert time.monotonic() - started >= 2
    assert "does not answer" in ran.stderr
    assert "secret" not in ran.stderr + ran.stdout


def test_a_release_whose_stores_are_not_named_is_not_begun(tmp_path: Path) -> None:
    """As the chart's hook would be where its secret lacks them: no tables are made on the pod's own disk."""
    ran = esg(tmp_path, "migrate", code=2, ESG_PRODUCTION="true")

    missing = [line.split()[0] for line in ran.stderr.splitlines() if "is missing: " in line]
    assert [name.rstrip(":") for name in missing] == ["ESG_BROKER_URL", "ESG_DATABASE_URL", "ESG_LAKE_URL"]
    assert not list(tmp_path.rglob("state.sqlite"))

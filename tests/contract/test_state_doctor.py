"""`esg doctor` on a database that has lost a table: it is named, with what to do."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from esg.cli.doctor_servers import check_database
from esg.errors import Misconfigured
from esg.resources import Resources
from esg.settings import Settings
from tests.contract.conftest import NewDatabase


def test_a_lost_table_is_named_with_what_to_do(new_database: NewDatabase, tmp_path: Path) -> None:
    r = Resources(Settings(home=tmp_path, database_url=new_database(empty=True)))
    assert "0 stage runs done" in check_database(r)
    with r.state.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE dead_letters"))

    with pytest.raises(Misconfigured, match="lost dead_letters") as told:
        check_database(r)

    assert "esg restore" in told.value.next_step
    r.state.engine.dispose()

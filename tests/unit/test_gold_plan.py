"""What is written to gold's tables and what is taken away: by content, and by who saw more."""

from datetime import UTC, datetime, timedelta

import pytest

from esg.lake import gold
from esg.lake.plan import Known, contents, plan
from tests.fakes.scorecards import scorecard

NOW = datetime(2026, 3, 1, tzinfo=UTC)
VIEW = NOW - timedelta(hours=1)
EARLIER, LATER, AHEAD = VIEW - timedelta(hours=1), VIEW + timedelta(minutes=59), NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("fresh", "known", "is_all", "write", "gone"),
    [
        ({"a": "1"}, {}, True, {"a"}, set()),
        ({"a": "1"}, {"a": Known("1", EARLIER)}, True, set(), set()),
        ({"a": "2"}, {"a": Known("1", EARLIER)}, True, {"a"}, set()),
        ({"a": "2"}, {"a": Known("1", LATER)}, True, set(), set()),
        ({}, {"a": Known("1", EARLIER)}, True, set(), {"a"}),
        ({}, {"a": Known("1", LATER)}, True, set(), set()),
        ({}, {"a": Known("1", EARLIER)}, False, set(), set()),
        pytest.param({"a": "2"}, {"a": Known("1", AHEAD)}, True, {"a"}, set(), id="a clock was ahead"),
        pytest.param({}, {"a": Known("1", AHEAD)}, True, set(), {"a"}, id="it was ahead, and it is gone"),
        ({"b": "1"}, {"a": Known("1", EARLIER)}, True, {"b"}, {"a"}),
    ],
)
def test_a_newer_view_decides(
    fresh: dict[str, str], known: dict[str, Known], is_all: bool, write: set[str], gone: set[str]
) -> None:
    due = plan(fresh, known, at=VIEW, now=NOW, is_all=is_all)

    assert (due.write, due.gone) == (write, gone)


def test_content_is_of_every_row_and_column_of_a_scorecard() -> None:
    made = scorecard()
    tables = gold.tables([made])

    assert contents(tables) == contents(gold.tables([made]))
    for name, table in tables.items():
        if table.num_rows:
            assert contents(tables | {name: table.slice(1)}) != contents(tables), name
            assert contents(tables | {name: table.drop_columns([table.column_names[-1]])}) != contents(tables)

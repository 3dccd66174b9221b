"""Gold in plain files or in Iceberg tables of any catalog: told once, told as it was, never half."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from esg import errors
from esg.domain import Scorecard
from esg.lake import gold, parquet, rows
from esg.lake.base import GoldTables
from esg.lake.iceberg import layout, write
from esg.lake.parquet import ParquetGold
from esg.lake.questions import ask, questions
from esg.resources import open_resources
from tests.fakes.catalogs import NAMES, REST, catalog, settings
from tests.fakes.gold_writer import begin, card, cards, tell_the_same
from tests.fakes.scorecards import scorecard

OpenGold = Callable[[], GoldTables]


@pytest.fixture(params=("parquet", *NAMES))
def open_gold(request: pytest.FixtureRequest, tmp_path: Path) -> OpenGold:
    """Open gold; every call gives another handle on the same tables."""
    place = {"ESG_HOME": str(tmp_path)} if request.param == "parquet" else catalog(request.param, tmp_path)
    return lambda: open_resources(settings(place)).gold


def tell(open_gold: OpenGold, *cards: Scorecard, is_all: bool = True, at: datetime | None = None) -> Any:
    return open_gold().write(gold.tables(cards), at=at or datetime.now(UTC), is_all=is_all)


def test_what_is_written_is_read_and_answers_alike(open_gold: OpenGold) -> None:
    made = [card("Acme"), card("Acme", 2022), card("Brisk"), card("", None)]
    tell(open_gold, *made)

    found = open_gold().tables()

    assert tell_the_same(found, *made)
    computed = gold.tables(made)
    for name, question in questions().items():
        assert ask(question.sql, found).equals(ask(question.sql, computed)), name


def test_twice_is_once(open_gold: OpenGold) -> None:
    made = [card("Acme"), card("Brisk")]
    assert len(tell(open_gold, *made).write) == 2
    again = tell(open_gold, *made)

    assert (again.write, again.gone) == (frozenset(), frozenset())
    assert tell_the_same(open_gold().tables(), *made)


def test_a_new_scorecard_replaces_the_old_one_and_history_keeps_it(open_gold: OpenGold) -> None:
    old = card("Acme")
    new = replace(old, trace_id="f" * 32, overall=replace(old.overall, score=3.5))
    tell(open_gold, old, card("Brisk"))
    before = datetime.now(UTC)
    time.sleep(0.01)
    tell(open_gold, new, card("Brisk"))

    assert tell_the_same(open_gold().tables(), new, card("Brisk"))
    assert tell_the_same(open_gold().tables(as_of=before), old, card("Brisk"))
    with pytest.raises(errors.NotFound, match="no gold of 2020"):
        open_gold().tables(as_of=datetime(2020, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize("open_gold", ["parquet", *REST], indirect=True)  # decided in plan.py
def test_an_older_view_takes_nothing_from_a_newer_one(open_gold: OpenGold) -> None:
    earlier = datetime.now(UTC) - timedelta(hours=1)
    newer = card("Acme", overall=replace(scorecard().overall, score=3.5))
    tell(open_gold, newer, card("Brisk"))

    tell(open_gold, card("Acme"), card("Carbo"), at=earlier)

    assert tell_the_same(open_gold().tables(), newer, card("Brisk"), card("Carbo"))


def test_writers_at_once_lose_nothing_and_write_nothing_twice(tmp_path: Path) -> None:
    """Plain files; `make test-stack` has six over each catalog."""
    place = {"ESG_HOME": str(tmp_path)}
    writers = [begin(place, first=number, count=3) for number in range(3)]

    assert [writer.wait(120) for writer in writers] == [0] * 3
    assert tell_the_same(open_resources(settings(place)).gold.tables(), *cards(0, 5))


def test_what_a_dead_writer_left_does_not_count_and_is_written_again(
    open_gold: OpenGold, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(open_gold, card("Acme"))
    with monkeypatch.context() as dying:
        dying.setattr("esg.lake.iceberg.write.Writer._announce", lambda *_: 1 / 0)
        dying.setattr("esg.lake.parquet._Entry.encode", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell(open_gold, card("Brisk"), is_all=False)

    assert tell_the_same(open_gold().tables(), card("Acme"))
    tell(open_gold, card("Acme"), card("Brisk"))
    assert tell_the_same(open_gold().tables(), card("Acme"), card("Brisk"))


def test_an_older_table_gets_the_new_columns(open_gold: OpenGold, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        fewer = {
            n: pa.schema([f for f in s if f.name not in ("grade", "flags")]) for n, s in gold.SCHEMAS.items()
        }
        for module in (layout, parquet, rows):
            older.setattr(module, "SCHEMAS", fewer)
        for module in (layout, parquet):
            older.setattr(module, "VERSION", "0")
        tables = {
            name: table.select(fewer[name].names) for name, table in gold.tables([card("Acme")]).items()
        }
        open_gold().write(tables, at=datetime.now(UTC), is_all=True)

    (row,) = open_gold().tables()["scorecards"].to_pylist()
    assert (row["company"], row["grade"]) == ("Acme", None)
    tell(open_gold, card("Acme"), card("Brisk"))
    assert tell_the_same(open_gold().tables(), card("Acme"), card("Brisk"))


def test_a_newer_table_is_not_written_by_an_older_worker(
    open_gold: OpenGold, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(open_gold, card("Acme"))
    for module in (layout, parquet):
        monkeypatch.setattr(module, "VERSION", "0")

    with pytest.raises(errors.Misconfigured, match="newer version"):
        tell(open_gold, card("Brisk"))


def test_compaction_and_expiry_keep_what_is_said(open_gold: OpenGold) -> None:
    made = [card(f"Company {number}") for number in range(4)]
    for one in made:
        tell(open_gold, one, is_all=False)
    before = datetime.now(UTC)
    time.sleep(0.01)

    if isinstance(open_gold(), ParquetGold):
        tell(open_gold, *made, card("Gone"))  # so that there is something to forget
        tell(open_gold, *made)
    else:
        assert open_gold().compact() > 20
    assert open_gold().compact() == 0
    assert tell_the_same(open_gold().tables(), *made)
    assert tell_the_same(open_gold().tables(as_of=before), *made)
    assert open_gold().expire(datetime.now(UTC)) > 0
    assert tell_the_same(open_gold().tables(), *made)
    with pytest.raises(errors.NotFound, match="no longer kept"):
        open_gold().tables(as_of=before)
    tell(open_gold, card("Late"), is_all=False)
    assert tell_the_same(open_gold().tables(), *made, card("Late"))


@pytest.mark.parametrize("open_gold", NAMES, indirect=True)
def test_a_table_that_somebody_else_has_made_meanwhile_is_a_conflict(open_gold: OpenGold) -> None:
    """SeaweedFS tells two who make one at once that both did; the writer looks again after a conflict."""
    iceberg = open_gold()
    mine = layout.ensure(iceberg._catalog, iceberg._place.namespace, "documents")  # type: ignore[attr-defined]
    mine.catalog.drop_table(mine.name())
    tell(open_gold, card("Brisk"))

    with pytest.raises(write.CommitFailedException):
        write._overwrite(mine, gold.tables([card("Acme")])["documents"], {"0"})


def test_before_anything_was_written_it_says_so(open_gold: OpenGold) -> None:
    with pytest.raises(errors.NotFound, match=r"etl\.gold"):
        open_gold().probe()
    assert (open_gold().compact(), open_gold().expire(datetime.now(UTC))) == (0, 0)

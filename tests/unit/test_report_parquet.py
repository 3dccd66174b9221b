"""scorecards → Parquet: the rows of the CSV, with types."""

import csv
import io

import pyarrow.parquet as pq

from esg.report import to_csv, to_parquet
from tests.fakes.scorecards import scorecard


def test_it_has_the_rows_of_the_csv() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv([scorecard()]).removeprefix("\ufeff"), newline="")))

    table = pq.read_table(io.BytesIO(to_parquet([scorecard()])))

    assert [(r["record"], r["id"]) for r in table.to_pylist()] == [(r["record"], r["id"]) for r in rows]


def test_numbers_are_numbers_and_words_are_words() -> None:
    card = scorecard()
    rows = pq.read_table(io.BytesIO(to_parquet([card]))).to_pylist()

    figure = next(row for row in rows if row["record"] == "kpi")
    claim = next(row for row in rows if row["record"] == "claim")
    kpi = card.kpis[0]
    assert (figure["number"], figure["unit"], figure["page"]) == (kpi.value, kpi.unit, kpi.page)
    assert (claim["number"], bool(claim["value"])) == (None, True)


def test_the_same_scorecards_give_the_same_bytes() -> None:
    assert to_parquet([scorecard()]) == to_parquet([scorecard()])

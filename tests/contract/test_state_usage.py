"""What paid services cost, and the budgets that stop it; on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from esg.budget import Budgets, Prices, Spend, on_behalf_of
from esg.errors import BudgetSpent
from esg.state import State

SPEND = Spend("2026-03-01", "acme@p1", "slate", read=100, written=10, micros=300)
PRICES = Prices(read=1.0, written=10.0)


def test_what_is_reserved_is_spent_until_it_is_settled(state: State) -> None:
    assert state.reserve(SPEND, run_micros=None, day_micros=None) == ""
    (row,) = state.usage()
    assert (row.requests, row.tokens_read, row.tokens_written, row.micros) == (1, 100, 10, 300)

    state.settle(SPEND, replace(SPEND, read=80, written=0, micros=120))

    (row,) = state.usage()
    assert (row.requests, row.tokens_read, row.tokens_written, row.micros) == (1, 80, 0, 120)


def test_a_day_has_its_budget(state: State) -> None:
    for run in ("a", "b"):
        assert state.reserve(replace(SPEND, run=run), run_micros=None, day_micros=600) == ""

    assert state.reserve(replace(SPEND, run="c"), run_micros=None, day_micros=600) == "day"
    assert state.reserve(replace(SPEND, day="2026-03-02"), run_micros=None, day_micros=600) == ""
    assert {row.run for row in state.usage(day="2026-03-01")} == {"a", "b"}


def test_a_run_has_its_budget_over_all_days_and_models(state: State) -> None:
    assert state.reserve(SPEND, run_micros=600, day_micros=None) == ""
    other = replace(SPEND, day="2026-03-02", model="granite")
    assert state.reserve(other, run_micros=600, day_micros=None) == ""

    assert state.reserve(SPEND, run_micros=600, day_micros=None) == "run"
    assert sum(row.micros for row in state.usage(run=SPEND.run)) == 600


def test_what_is_settled_makes_room(state: State) -> None:
    state.reserve(SPEND, run_micros=300, day_micros=300)
    state.settle(SPEND, replace(SPEND, micros=100))

    assert state.reserve(replace(SPEND, micros=200), run_micros=300, day_micros=300) == ""
    assert state.reserve(replace(SPEND, micros=1), run_micros=300, day_micros=300) == "run"


def test_many_at_once_never_overdraw(state: State) -> None:
    one = replace(SPEND, micros=10)

    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: state.reserve(one, run_micros=None, day_micros=250), range(40)))

    assert (verdicts.count(""), verdicts.count("day")) == (25, 15)
    assert state.usage()[0].micros == 250


def test_a_spent_budget_names_itself_and_the_setting(state: State) -> None:
    budgets = Budgets(state, run_usd=0.001, day_usd=0.0025)
    with on_behalf_of("acme"):
        budgets.reserve("granite", PRICES, read=0, written=100)  # 1000 millionths
        with pytest.raises(BudgetSpent, match=r"This document's budget .*0\.00 USD") as run:
            budgets.reserve("granite", PRICES, read=1)
    with on_behalf_of("other"):
        budgets.reserve("granite", PRICES, read=0, written=100)
    with on_behalf_of("third"), pytest.raises(BudgetSpent, match=r"Today's budget") as day:
        budgets.reserve("granite", PRICES, read=0, written=100)

    assert run.value.retry_after_seconds is None
    assert "ESG_WATSONX_RUN_BUDGET_USD" in run.value.next_step
    assert 0 < (day.value.retry_after_seconds or 0) <= 86_400
    assert "ESG_WATSONX_DAY_BUDGET_USD" in day.value.next_step


def test_without_a_run_only_the_day_counts(state: State) -> None:
    budgets = Budgets(state, run_usd=0.0, day_usd=1.0)

    assert budgets.reserve("slate", PRICES, read=1).run == ""

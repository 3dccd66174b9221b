"""Sources in the state: what is listed, checked, gone, due; and one turn at a host. SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from esg.errors import NotFound
from esg.sources import Item, Kind, Known, Listed, Source
from esg.state import Checked, SourceRecord, State
from tests.fakes.little_fleet import Clock

SITE = Source(Kind.SITEMAP, "https://acme.example/sitemap.xml", {"include": ("*.pdf",)})
PAGE, CHILD = SITE.location, "https://acme.example/1.xml"
ONE, TWO = Item("https://acme.example/1.pdf", "Acme", 2024, "v1"), Item("https://acme.example/2.pdf")
DAY = 86_400


def listed(*items: Item, page: str = PAGE, children: tuple[str, ...] = ()) -> Listed:
    return Listed(page, items, Known('"e"', "Mon", children))


def begin(state: State) -> SourceRecord:
    record = state.begin_scan(SITE.id)
    assert record is not None
    return record


def asked(state: State, record: SourceRecord, checked: Checked) -> list[str]:
    """Check all that there is to ask for; gives its URLs."""
    assert record.begun_at is not None
    records = state.unchecked_items(SITE.id, record.begun_at)
    for item in records:
        state.check_item(item, checked)
    return [item.item.url for item in records]


def scanned(state: State, clock: Clock, *pages: Listed, document: str = "d" * 64) -> list[str]:
    """A whole scan, a day after the last; gives what was asked for."""
    clock.turn(DAY)
    record = begin(state)
    state.save_listing(SITE.id, pages)
    urls = asked(state, record, Checked(document, '"e"', "Tue"))
    state.finish_scan(SITE.id)
    return urls


def test_a_source_is_added_once_and_changed_by_adding_it_again(state: State) -> None:
    assert state.add_source(SITE, DAY)
    assert not state.add_source(Source(SITE.kind, SITE.location, {"include": ("*.html",)}), 60)

    (record,) = state.sources()
    assert (record.source.texts("include"), record.every_seconds) == (("*.html",), 60)
    assert state.due_sources() == [SITE.id]
    state.remove_source(SITE.id)
    assert state.sources() == []
    for act in (state.remove_source, state.source, state.wake_source):
        with pytest.raises(NotFound, match="esg sources list"):
            act(SITE.id)
    assert state.begin_scan(SITE.id) is None


def test_a_version_is_asked_for_once_and_one_that_nobody_states_each_time(state: State, clock: Clock) -> None:
    state.add_source(SITE, DAY)

    assert scanned(state, clock, listed(ONE, TWO)) == [ONE.url, TWO.url]
    assert scanned(state, clock, listed(ONE, TWO)) == [TWO.url]
    assert scanned(state, clock, Listed(PAGE, None, Known())) == [TWO.url]  # the listing has not changed
    assert scanned(state, clock, listed(ONE._replace(version="v2"), TWO)) == [ONE.url, TWO.url]
    (one, _) = state.source_items(SITE.id)
    assert (one.item.version, one.etag, one.last_modified, one.document_id) == ("v2", '"e"', "Tue", "d" * 64)


def test_a_scan_goes_on_where_it_stood(state: State, clock: Clock) -> None:
    state.add_source(SITE, DAY)
    record = begin(state)
    state.save_listing(SITE.id, [listed(ONE, TWO)])
    assert record.begun_at
    (first,) = state.unchecked_items(SITE.id, record.begun_at, limit=1)
    state.check_item(first, Checked("d" * 64))
    clock.turn(60)

    again = begin(state)

    assert (again.begun_at, again.is_listed) == (record.begun_at, True)
    assert asked(state, again, Checked("e" * 64)) == [TWO.url]
    assert state.due_sources() == []  # someone is at it
    clock.turn(7 * 3600)
    assert state.due_sources() == [SITE.id]  # or was


def test_what_is_no_longer_listed_is_noted_and_may_come_back(state: State, clock: Clock) -> None:
    state.add_source(SITE, DAY)
    scanned(state, clock, listed(ONE, children=(CHILD,)), listed(TWO, page=CHILD))

    scanned(state, clock, listed(children=(CHILD,)), Listed(CHILD, None, Known(), "It is away."))
    assert [item.is_gone for item in state.source_items(SITE.id)] == [True, False]
    assert state.source(SITE.id).gone == 1

    scanned(state, clock, listed(ONE))
    assert [item.is_gone for item in state.source_items(SITE.id)] == [False, True]


def test_what_was_not_answered_is_asked_for_again(state: State, clock: Clock) -> None:
    state.add_source(SITE, DAY)
    record = begin(state)
    state.save_listing(SITE.id, [listed(ONE)])
    asked(state, record, Checked(error="It is away.", is_answered=False, is_gone=True))
    state.finish_scan(SITE.id)
    found = state.source(SITE.id)
    assert (found.gone, found.failing, found.documents, found.items) == (1, 1, 0, 1)

    assert scanned(state, clock, Listed(PAGE, None, Known())) == [ONE.url]
    found = state.source(SITE.id)
    assert (found.gone, found.failing, found.documents) == (0, 0, 1)


def test_what_answered_with_no_report_is_left_alone_in_this_version(state: State, clock: Clock) -> None:
    state.add_source(SITE, DAY)
    record = begin(state)
    state.save_listing(SITE.id, [listed(ONE)])
    asked(state, record, Checked(error="It is no report."))
    state.finish_scan(SITE.id)

    assert scanned(state, clock, listed(ONE)) == []
    assert state.source(SITE.id).failing == 1


def test_after_a_failure_the_next_scan_comes_sooner_but_ever_later(state: State, clock: Clock) -> None:
    state.add_source(SITE, 3600)
    waits = []
    for _ in range(5):
        begin(state)
        state.finish_scan(SITE.id, "It is away.")
        waits.append((state.source(SITE.id).next_scan - clock.now).total_seconds())
        clock.turn(waits[-1])
    assert waits == [300, 600, 1200, 2400, 3600]
    begin(state)
    state.finish_scan(SITE.id, "Later!", 7200.0)
    assert state.source(SITE.id).next_scan == clock.now + timedelta(hours=2)
    assert (state.source(SITE.id).failures, state.source(SITE.id).error) == (6, "Later!")

    state.wake_source(SITE.id)
    begin(state)
    state.save_listing(SITE.id, [listed()])
    state.finish_scan(SITE.id)
    assert (state.source(SITE.id).failures, state.source(SITE.id).error) == (0, "")
    assert state.source(SITE.id).succeeded_at == clock.now


def test_one_at_a_time_asks_a_host_and_it_rests(state: State, clock: Clock) -> None:
    assert state.take_turn("a.example", 60) == 0.0
    assert state.take_turn("a.example", 60) == pytest.approx(60)
    assert state.take_turn("b.example", 60) == 0.0
    state.end_turn("a.example", 1.5)
    assert state.take_turn("a.example", 60) == pytest.approx(1.5)
    clock.turn(1.5)
    assert state.take_turn("a.example", 60) == 0.0
    clock.turn(61)  # whoever had it is gone
    assert state.take_turn("a.example", 60) == 0.0

"""When entries are due: each local day once, also across both changes of the clocks, however late."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.errors import Misconfigured
from esg.schedule import Entry, latest, read, upcoming
from esg.schedule.table import ENTRIES

BERLIN = Entry("nightly", "score.nightly", at=time(2, 30), zone="Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut")

zones = st.sampled_from(ZONES)
times = st.times(max_value=time(23, 59)).map(lambda t: t.replace(microsecond=0))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
dailies = st.builds(
    Entry, st.just("nightly"), st.just("score.nightly"), at=times, zone=zones,
    jitter_seconds=st.integers(0, 6 * 3600),
)  # fmt: skip
periodic = st.integers(1, 7 * 86_400).flatmap(
    lambda every: st.builds(
        Entry, st.just("sources"), st.just("ingest.sources"), every_seconds=st.just(every),
        jitter_seconds=st.integers(0, min(every, 6 * 3600)),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2026, 3, 28), "01:30"),  # 02:30 CET
        (date(2026, 3, 29), "01:30"),  # there is no 02:30: it is 03:30 CEST
        (date(2026, 3, 30), "00:30"),
        (date(2026, 10, 24), "00:30"),
        (date(2026, 10, 25), "00:30"),  # there are two: the first, CEST
        (date(2026, 10, 26), "01:30"),
    ],
)
def test_a_night_in_berlin_around_the_changes_of_the_clocks(day: date, at: str) -> None:
    due = datetime.combine(day, time.fromisoformat(at), UTC)

    for entry, late in ((BERLIN, 0), (BERLIN, 3600), (BERLIN, 80_000)):
        slot = latest(entry, due + timedelta(seconds=late))
        assert slot is not None
        assert (slot.start.date(), slot.due) == (day, due)
    before = latest(BERLIN, due - timedelta(seconds=1))
    assert before is not None
    assert before.start.date() == day - timedelta(days=1)


@pytest.mark.parametrize("spring_and_autumn", [date(2026, 3, 20), date(2026, 10, 20)])
def test_asked_every_ten_minutes_each_local_day_is_due_once(spring_and_autumn: date) -> None:
    start = datetime.combine(spring_and_autumn, time(12), ZoneInfo("Europe/Berlin"))
    asked = [start.astimezone(UTC) + timedelta(minutes=10 * n) for n in range(6 * 24 * 12)]

    starts = [slot.start.date() for now in asked if (slot := latest(BERLIN, now))]

    assert sorted(set(starts)) == [spring_and_autumn + timedelta(days=n) for n in range(len(set(starts)))]
    assert starts == sorted(starts)  # no slot comes back
    assert len(set(starts)) in (12, 13)


@given(dailies, moments)
def test_a_daily_slot_is_due_on_its_local_day_and_the_next_is_of_the_next(
    entry: Entry, now: datetime
) -> None:
    slot, following = latest(entry, now), upcoming(entry, now)

    assert slot is not None
    assert slot.due <= now < following.due
    assert timedelta(days=1) <= following.start - slot.start <= timedelta(days=2)
    assert entry.at is not None
    wall = datetime.combine(slot.start.date(), entry.at, ZoneInfo(entry.zone)).astimezone(UTC)
    assert timedelta(0) <= slot.due - wall <= timedelta(seconds=entry.jitter_seconds)
    assert wall.astimezone(ZoneInfo(entry.zone)).date() == slot.start.date()


@given(periodic, moments)
def test_a_periodic_slot_is_the_newest_that_is_due(entry: Entry, now: datetime) -> None:
    slot, following = latest(entry, now), upcoming(entry, now)

    assert slot is not None
    assert slot.due <= now < following.due
    assert slot.start.timestamp() % entry.every_seconds == 0
    assert now - slot.start < timedelta(seconds=2 * entry.every_seconds + entry.jitter_seconds)


@given(st.one_of(dailies, periodic), moments, st.integers(0, 3 * 86_400))
def test_slots_never_go_back_and_two_who_ask_agree(entry: Entry, now: datetime, later: int) -> None:
    one, other = latest(entry, now), latest(entry, now + timedelta(seconds=later))

    assert one is not None
    assert other is not None
    assert one.start <= other.start
    assert one == latest(entry, now.astimezone(ZoneInfo("Asia/Tokyo")))


def test_jitter_parts_entries_and_days() -> None:
    entries = [Entry(name, "x", at=time(2), jitter_seconds=3600) for name in "abc"]
    now = datetime(2026, 5, 5, 12, tzinfo=UTC)

    delays = {upcoming(entry, now + timedelta(days=n)).due.time() for entry in entries for n in range(3)}

    assert len(delays) == 9


def test_a_file_changes_when_entries_run(tmp_path: Path) -> None:
    path = tmp_path / "schedule.toml"
    path.write_text(
        '[nightly]\nat = "03:15"\nzone = "Europe/Berlin"\n[retention]\nis_on = false\nat = 05:00:00\n'
    )

    nightly, retention = (entry for entry in read(path) if entry.name in ("nightly", "retention"))

    assert (nightly.at, nightly.zone, nightly.task) == (time(3, 15), "Europe/Berlin", "score.nightly")
    assert (retention.at, retention.is_on, retention.jitter_seconds) == (time(5), False, 600)
    assert read(None) == ENTRIES


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('[nightli]\nat = "02:00"', "no entry nightli"),
        ('[nightly]\nat = "25:00"', "hour"),
        ("[nightly]\nat = 2", "time of day"),
        ('[nightly]\nat = "02:00+01:00"', "time of day"),
        ('[nightly]\nzone = "Europe/Berlinn"', "Berlinn"),
        ('[nightly]\nzone = "../etc/passwd"', "passwd"),
        ("[nightly]\nevery_seconds = 0", "from 1"),
        ("[nightly]\nevery_seconds = true", "whole number"),
        ("[nightly]\njitter_seconds = 99999", "21600"),
        ("[nightly]\nevery_seconds = 9\njitter_seconds = 10", "to 9"),
        ("[nightly]\ntask = 'x'", "not task"),
        ("nightly = 3", "is a table"),
        ('[nightly]\nat = "02:00"\nevery_seconds = 5', "not both"),
        ('[nightly]\nis_on = "no"', "true or false"),
        ("[nightly", "schedule.toml"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_what_to_write(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "schedule.toml"
    path.write_text(text)

    with pytest.raises(Misconfigured, match=r"ESG_SCHEDULE") as refusal:
        read(path)

    assert what in refusal.value.message
    assert "[nightly]" in refusal.value.next_step

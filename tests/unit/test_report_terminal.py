"""scorecards → terminal: side by side, narrow, many, or plain in a pipe."""

import io
from dataclasses import replace

from rich.console import Console

from esg.domain import Overall, Scorecard, Status
from esg.report import print_scorecards
from tests.fakes.scorecards import scorecard


def printed(*cards: Scorecard, terminal: bool = True, width: int = 140) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    console = Console(file=stream, force_terminal=terminal, width=width, color_system=None)
    print_scorecards(console, cards)
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]


def test_companies_stand_side_by_side() -> None:
    lines = printed(scorecard("Alpha plc"), scorecard("Beta AG", guessed=False)).splitlines()

    heading = next(line for line in lines if "Alpha" in line)
    assert "Alpha plc?" in heading
    assert "Beta AG " in heading
    theme = next(line for line in lines if "GHG accounting" in line)
    assert theme.count("███░ 3  88%") == 2
    assert any("Overall" in line and line.count("Established 2.14  71%") == 2 for line in lines)
    assert any("Scope 2, location-based, tCO2e" in line and "31,400 FY23" in line for line in lines)
    assert any("undisclosed" in line for line in lines)
    assert "? read from the document" in lines[-1]


def test_a_narrow_terminal_gets_short_names() -> None:
    text = printed(scorecard("A"), scorecard("B"), scorecard("C"), width=80)
    assert "TSP targets" in text
    assert max(map(len, text.splitlines())) <= 80


def test_many_companies_are_listed_one_a_line() -> None:
    text = printed(*(scorecard(f"Company {n}") for n in range(9)), width=110)
    assert sum("Company" in line and "Established" in line for line in text.splitlines()) == 9


def from_source(source: str, *, year: int = 2023) -> Scorecard:
    card = scorecard("Acme plc", year=year)
    return replace(card, document=replace(card.document, source=source))


def test_reports_of_one_company_and_year_are_told_apart_by_their_sources() -> None:
    cards = [from_source("in/annual.pdf"), from_source("https://acme.example/esg.pdf")]
    cards.append(from_source("older.pdf", year=2022))

    for text in (printed(*cards), printed(*cards, scorecard("Beta AG"), scorecard("Gamma"))):
        assert "Acme plc? (annual.pdf)" in text
        assert "Acme plc? (esg.pdf)" in text
        assert "older.pdf" not in text
        assert "brisk-harbour" not in text


def test_a_pipe_gets_plain_unwrapped_ascii() -> None:
    text = printed(scorecard("A" * 28), scorecard("B"), scorecard("C"), terminal=False, width=40)
    assert text.isascii()
    assert "###. 3  88%" in text
    assert len({len(line) for line in text.splitlines()[:-1]}) == 1


def test_hostile_names_neither_colour_nor_move_the_cursor() -> None:
    text = printed(scorecard("Evil\x1b[2J [bold red]Corp\u202e[/]"))
    assert "\x1b[2J" not in text
    assert "Evil␛[2J [bold red]Cor" in text


def test_a_report_that_could_not_be_judged_has_no_level_and_no_grade() -> None:
    """Not to have been read is not to be silent: a level of 0 would say the latter."""
    card = scorecard()
    unread = tuple(replace(t, level=0, confidence=0.0, status=Status.UNREADABLE) for t in card.themes)
    card = replace(card, themes=unread, overall=Overall(0.0, "Nascent", 0.0))

    for text in (printed(card), printed(*[card] * 5)):
        assert "Nascent" not in text
        assert "not judged" in text
    assert printed(*[card] * 5).count("n/a") == 5 * len(unread)


def test_nothing_to_print_prints_nothing() -> None:
    assert printed() == ""


def test_the_reports_own_year_is_shown_first() -> None:
    assert "12,480 FY23" in printed(scorecard(year=2023))
    assert "13,120 FY22" in printed(scorecard(year=2022))


def test_frameworks_are_counted_by_answer() -> None:
    lines = printed(scorecard("Alpha plc"), terminal=False).splitlines()

    assert any("TCFD, disclosed" in line and "1 of 2" in line for line in lines)
    assert any("IFRS S2, disclosed" in line and "0 + 1 in part of 1" in line for line in lines)


def test_who_judged_instead_is_said_once_below_the_table() -> None:
    note = "m was asked, but it did not answer; local-1 judged the whole document."
    cards = [replace(scorecard(name), judge_note=note) for name in ("Alpha plc", "Beta AG")]

    for terminal in (True, False):
        assert printed(*cards, terminal=terminal).count(note) == 1
    assert "judged the whole document" not in printed(scorecard())

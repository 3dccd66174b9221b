"""scorecards → a table for the terminal: companies side by side, or one a line when there are many.

On a terminal the levels are bars of block characters in colour, with short names where it is narrow;
elsewhere (a pipe, a log, a dumb terminal) the same table is plain ASCII, never wrapped.
"""

import io
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from rich.box import ASCII2, ROUNDED, Box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from esg.domain import Disclosure, Kpi, Scorecard, Status, ThemeScore
from esg.report import beside, names
from esg.report.text import one_line

LEVELS = 4
SIDE_BY_SIDE = 4  # more companies than this are listed one a line
COMPANY_WIDTH = 28
SOURCE_WIDTH = 40
NOTE_WIDTH = 400
STATUSES = {
    Status.NOT_DISCLOSED: "undisclosed",
    Status.INSUFFICIENT_EVIDENCE: "insufficient",
    Status.UNREADABLE: "unreadable",
}
COLOURS = ("bright_black", "blue", "cyan", "green", "bright_green")
NO_GRADE = "not judged"
FOOTNOTE = "? read from the document, not given"
UNBOUNDED = 10_000


def print_scorecards(console: Console, scorecards: Sequence[Scorecard]) -> None:
    """Print grade, levels, confidences and headline KPIs of all scorecards."""
    if not scorecards:
        return
    style = _Style.of(console)
    build = side_by_side if len(scorecards) <= SIDE_BY_SIDE else one_a_line
    table = build(scorecards, style)
    if style.plain:
        console.out(_render_plain(table), highlight=False, end="")
    elif Measurement.get(console, console.options.update(max_width=UNBOUNDED), table).maximum > console.width:
        console.print(build(scorecards, _Style(plain=False, narrow=True)))
    else:
        console.print(table)
    if any(_is_guessed(card) for card in scorecards):
        console.print(Text(FOOTNOTE, style=style.dim))
    for note in dict.fromkeys(filter(None, (*map(_hidden, scorecards), *(c.judge_note for c in scorecards)))):
        console.print(Text(one_line(note, limit=NOTE_WIDTH), style=style.dim))


def _hidden(card: Scorecard) -> str:
    told = (names.hidden_text(document) for document in card.documents or (card.document,))
    return "; ".join(filter(None, told))


class _Style:
    """How to draw: with colour and blocks or in plain ASCII, with long or short names."""

    def __init__(self, *, plain: bool, narrow: bool = False) -> None:
        self.plain = plain
        self.box: Box = ASCII2 if plain else ROUNDED
        self.full, self.empty = ("#", ".") if plain else ("█", "░")
        self.dim, self.bold = ("", "") if plain else ("dim", "bold")
        self.themes = names.SHORT_THEMES if narrow else names.THEMES
        self.kpis = names.SHORT_KPIS if narrow else names.KPIS

    @classmethod
    def of(cls, console: Console) -> "_Style":
        return cls(plain=not console.is_terminal or "utf" not in console.encoding.lower())

    def bar(self, level: int) -> Text:
        return Text(self.full * level + self.empty * (LEVELS - level), style=self.colour(level))

    def colour(self, level: int) -> str:
        return "" if self.plain else COLOURS[level]


def side_by_side(scorecards: Sequence[Scorecard], style: _Style) -> Table:
    """Companies as columns; grade, themes, KPIs and frameworks as rows."""
    table = Table(box=style.box, header_style=style.bold)
    table.add_column("", no_wrap=True)
    for card, company in zip(scorecards, _told_apart(scorecards), strict=True):
        table.add_column(Text(f"{company}\n{_year(card)}"))
    table.add_row("Overall", *(_overall(card, style) for card in scorecards), end_section=True)
    for code, found in beside.themes(scorecards).items():
        cells = [_theme_cell(theme, style) for theme in found]
        table.add_row(names.readable(code, style.themes), *cells)
    table.add_section()
    for key, told in beside.figures(scorecards, names.HIGHLIGHTS).items():
        unit = next(kpi.unit for kpi in told if kpi)
        table.add_row(f"{names.readable(key, style.kpis)}, {unit}", *map(_kpi_cell, told))
    table.add_section()
    for framework in dict.fromkeys(name for card in scorecards for name, _ in card.frameworks):
        cells = [_framework_cell(dict(card.frameworks).get(framework, ())) for card in scorecards]
        table.add_row(f"{names.FRAMEWORKS.get(framework, framework)}, disclosed", *cells)
    return table


def one_a_line(scorecards: Sequence[Scorecard], style: _Style) -> Table:
    """Companies as rows; one narrow column a theme."""
    table = Table(box=style.box, header_style=style.bold)
    table.add_column("Company")
    table.add_column("Year", no_wrap=True)
    table.add_column("Overall", no_wrap=True)
    themes = beside.themes(scorecards)
    for code in (*themes, "Conf."):
        table.add_column(code, justify="right", no_wrap=True)
    for place, (card, company) in enumerate(zip(scorecards, _told_apart(scorecards), strict=True)):
        grade = f"{card.overall.grade} {card.overall.score:.2f}" if names.has_grade(card) else NO_GRADE
        levels = [_level(row[place], style) for row in themes.values()]
        table.add_row(Text(company), _year(card), grade, *levels, names.percent(card.overall.confidence))
    return table


def _render_plain(table: Table) -> str:
    """Render without colour and as wide as it needs: a pipe has no margin to wrap at."""
    text = io.StringIO()
    plain = Console(file=text, width=UNBOUNDED, color_system=None, force_terminal=False)
    plain.print(table)
    return text.getvalue()


# -- cells ------------------------------------------------------------------------------------------------


def _told_apart(scorecards: Sequence[Scorecard]) -> list[str]:
    """Name each company, with the name of its source where company and year are there twice."""
    reports = Counter((_company(card), _year(card)) for card in scorecards)
    return [
        f"{_company(card)} ({_source(card)})" if reports[_company(card), _year(card)] > 1 else _company(card)
        for card in scorecards
    ]


def _source(card: Scorecard) -> str:
    source = card.document.source
    return one_line(PurePath(source).name or source, limit=SOURCE_WIDTH)


def _company(card: Scorecard) -> str:
    mark = "?" if card.document.identity.company_guessed else ""
    return one_line(names.company(card), limit=COMPANY_WIDTH) + mark


def _year(card: Scorecard) -> str:
    return names.year(card) + ("?" if card.document.identity.year_guessed else "")


def _is_guessed(card: Scorecard) -> bool:
    return card.document.identity.company_guessed or card.document.identity.year_guessed


def _overall(card: Scorecard, style: _Style) -> Text:
    if not names.has_grade(card):
        return Text(NO_GRADE, style=style.dim)
    score = f" {card.overall.score:.2f}  {names.percent(card.overall.confidence)}"
    return Text(card.overall.grade, style=style.bold) + Text(score, style=style.dim)


def _theme_cell(theme: ThemeScore | None, style: _Style) -> Text:
    if theme is None:
        return Text("")
    note = STATUSES.get(theme.status) or f"{theme.level}  {names.percent(theme.confidence)}"
    return Text.assemble(style.bar(theme.level), (f" {note}", style.dim if theme.status in STATUSES else ""))


def _level(theme: ThemeScore | None, style: _Style) -> Text:
    if theme is None:
        return Text("")
    return Text(str(theme.level) if names.is_judged(theme) else "n/a", style=style.colour(theme.level))


def _kpi_cell(kpi: Kpi | None) -> Text:
    if kpi is None:
        return Text("")
    return Text(one_line(f"{names.number(kpi.value)}  {kpi.period}{' !' if names.warnings(kpi) else ''}"))


def _framework_cell(lines: Sequence[Disclosure]) -> Text:
    """How many lines of a framework are disclosed, and how many more in part: `7 + 2 in part of 11`."""
    if not lines:
        return Text("")
    answers = Counter(line.disclosed for line in lines)
    part = f" + {answers['partial']} in part" if answers["partial"] else ""
    return Text(f"{answers['yes']}{part} of {len(lines)}")

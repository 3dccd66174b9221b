"""scorecard → what a reader asks next: why this level, by which words, and what would raise it."""

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from esg.domain import Evidence, Scorecard, ThemeScore
from esg.report import names
from esg.report.text import one_line, visible

SHOWN = 3  # quotes of a theme; the others are in the page and the JSON


def print_explanations(console: Console, scorecard: Scorecard) -> None:
    """Print each theme's paragraph and the quotes it rests on, with their pages and evidence ids."""
    cited = {evidence.id: evidence for evidence in scorecard.evidence}
    for theme in scorecard.themes:
        console.print()
        console.print(Text(_title(theme), style="bold"), soft_wrap=True)
        console.print(Padding(Text(visible(theme.rationale)), (0, 0, 0, 2)))
        for line in _quotes([cited[key] for key in theme.evidence]):
            console.print(Padding(Text(line, style="dim"), (0, 0, 0, 2)))


def _title(theme: ThemeScore) -> str:
    level = f"level {theme.level}" if names.is_judged(theme) else "no level"
    sure = f"{names.percent(theme.confidence)} confidence"
    return (
        f"{names.readable(theme.code, names.THEMES)}: {level}, {names.STATUSES[theme.status].lower()}, {sure}"
    )


def _quotes(evidence: list[Evidence]) -> Iterator[str]:
    for e in evidence[:SHOWN]:
        printed = f" (printed {one_line(e.printed_page)})" if e.printed_page else ""
        yield f"“{one_line(e.quote)}” p. {e.page}{printed}, {e.id}"
    if len(evidence) > SHOWN:
        yield f"and {len(evidence) - SHOWN} more"

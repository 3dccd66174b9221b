"""scorecard → what a reader asks next: why this level, by which words, and what would raise it."""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from esg.domain import Contradiction, Evidence, Scorecard, ThemeScore
from esg.report import names
from esg.report.text import one_line, visible

SHOWN = 3  # quotes of a theme; the others are in the page and the JSON


def print_explanations(console: Console, scorecard: Scorecard) -> None:
    """Print each theme's paragraph and the quotes it rests on, with their pages and evidence ids.

    Of a company-year the documents are listed first, in the order in which they are believed, and the
    contradictions between them last.
    """
    cited = {evidence.id: evidence for evidence in scorecard.evidence}
    for number, document in enumerate(scorecard.documents, 1):
        line = f"document {number}: {one_line(document.source)}, {document.pages} pages"
        console.print(Text(line, style="dim"), soft_wrap=True)
    for theme in scorecard.themes:
        console.print()
        console.print(Text(_title(theme), style="bold"), soft_wrap=True)
        console.print(Padding(Text(visible(theme.rationale)), (0, 0, 0, 2)))
        for line in _quotes(scorecard, [cited[key] for key in theme.evidence]):
            console.print(Padding(Text(line, style="dim"), (0, 0, 0, 2)))
    for contradiction in scorecard.contradictions:
        _print_contradiction(console, scorecard, contradiction, cited)


def _print_contradiction(
    console: Console, scorecard: Scorecard, told: Contradiction, cited: Mapping[str, Evidence]
) -> None:
    """Print what the documents say, the one that counts first."""
    console.print()
    console.print(Text(f"Documents differ: {names.subject(told)}", style="bold"), soft_wrap=True)
    for statement in (told.chosen, *told.others):
        said = f"{names.statement(statement)}: "
        for line in _quotes(scorecard, [cited[statement.evidence]]):
            console.print(Padding(Text(said + line, style="dim"), (0, 0, 0, 2)))


def _title(theme: ThemeScore) -> str:
    level = f"level {theme.level}" if names.is_judged(theme) else "no level"
    sure = f"{names.percent(theme.confidence)} confidence"
    return (
        f"{names.readable(theme.code, names.THEMES)}: {level}, {names.STATUSES[theme.status].lower()}, {sure}"
    )


def _quotes(scorecard: Scorecard, evidence: list[Evidence]) -> Iterator[str]:
    for e in evidence[:SHOWN]:
        printed = f" (printed {one_line(e.printed_page)})" if e.printed_page else ""
        yield f"“{one_line(e.quote)}” {names.place(scorecard, e)}{printed}, {e.id}"
    if len(evidence) > SHOWN:
        yield f"and {len(evidence) - SHOWN} more"

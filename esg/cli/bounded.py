"""Values of arguments and options, each within the bounds that the API keeps too."""

from datetime import UTC, datetime, timedelta

import click

from esg.domain import LONGEST_COMPANY, LONGEST_MEANING, LONGEST_QUESTION, MOST_PASSAGES, YEARS

YEAR = click.IntRange(*YEARS)
COUNT = click.IntRange(1, 10_000)  # of what is listed
PASSAGES = click.IntRange(1, MOST_PASSAGES)
WORKERS = click.IntRange(1, 256)
ROUNDS = click.IntRange(1, 1000)


DAY = click.DateTime(["%Y-%m-%d"])


def end_of_day(context: click.Context, parameter: click.Parameter, day: datetime | None) -> datetime | None:
    """The last moment of a day, in UTC."""
    return None if day is None else day.replace(tzinfo=UTC) + timedelta(days=1, milliseconds=-1)


def company(text: str) -> str:
    return _words(text, longest=LONGEST_COMPANY)


def question(text: str) -> str:
    return _words(text, longest=LONGEST_QUESTION)


def meaning(text: str) -> str:
    return _words(text, longest=LONGEST_MEANING) if text else ""


def _words(text: str, *, longest: int) -> str:
    """Strip a text; raises click.BadParameter when nothing is left of it, or too much."""
    words = text.strip()
    if not words:
        raise click.BadParameter("it is blank.")
    if len(words) > longest:
        raise click.BadParameter(f"it has {len(words)} characters; {longest} are possible.")
    return words

"""text → the years that it names; a fiscal year counts by the year it ends in."""

import re

YEAR = r"(?:(?P<long>(?:19|20)\d\d)(?:\s?[/–-]\s?(?P<end>(?:20)?\d\d))?)(?!\d|[.,]\d)"
_ANY_YEAR = re.compile(rf"(?<![\d.,/-]){YEAR}")
FISCAL = re.compile(r"\b(?:FY|CY|GJ)\s?['’]?(?P<long>(?:20)?\d\d)(?:\s?[/–-]\s?(?P<end>(?:20)?\d\d))?(?!\d)")
MINGUO = re.compile(r"民國\s?(?P<minguo>1[0-3]\d)\s?年")


def years_in(text: str) -> list[int]:
    """Every naming of a year, in the order of the patterns."""
    matches = [match for pattern in (_ANY_YEAR, FISCAL, MINGUO) for match in pattern.finditer(text)]
    return [year for match in matches if (year := year_of(match))]


def year_of(match: re.Match[str]) -> int | None:
    """The year a fiscal year ends in, four digits long; None for a range of years."""
    found = match.groupdict()
    if minguo := found.get("minguo"):
        return int(minguo) + 1911  # the calendar of the Republic of China
    first = _four_digits(found["long"])
    if not found.get("end"):
        return first
    last = _four_digits(found["end"])
    return last if last == first + 1 else None


def _four_digits(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)

"""A file of URLs → items: a URL a line, or CSV with the columns url, company, year; # begins a comment."""

import csv
from collections.abc import Sequence

from esg.domain import LONGEST_COMPANY, YEARS
from esg.errors import Rejected
from esg.fetch import check_url
from esg.sources.source import Item

MOST_URLS = 50_000


def read(text: str, name: str) -> tuple[Item, ...]:
    """Read a list; raises Rejected, which names every line that is wrong."""
    found, wrong = dict[str, Item](), list[str]()
    lines = (line for line in text.removeprefix("\ufeff").splitlines() if not line.lstrip().startswith("#"))
    for number, cells in enumerate(csv.reader(lines), 1):
        if not any(map(str.strip, cells)) or (number == 1 and cells[0].strip().lower() == "url"):
            continue
        try:
            item = _item([cell.strip() for cell in cells])
        except (ValueError, Rejected) as error:
            wrong.append(f"entry {number}: {error}")
        else:
            found[item.url] = item
    if wrong or len(found) > MOST_URLS:
        what = "; ".join(wrong[:20]) or f"it has more than {MOST_URLS:,} URLs"
        raise Rejected(f"{name} is no list of URLs: {what}", code="bad_list", next_step="Correct the file.")
    return tuple(found.values())


def _item(cells: Sequence[str]) -> Item:
    url, company, year, *more = (*cells, "", "")[: max(3, len(cells))]
    if any(more):
        raise ValueError("it has more than url, company and year")
    if len(company) > LONGEST_COMPANY:
        raise ValueError(f"the company's name has more than {LONGEST_COMPANY} characters")
    if year and not (year.isdecimal() and YEARS[0] <= int(year) <= YEARS[1]):
        raise ValueError(f"{year!r} is no year")
    return Item(str(check_url(url)), company, int(year) if year else None)

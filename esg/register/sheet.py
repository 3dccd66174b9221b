"""CSV → companies for the register, or everything that is wrong with it, line by line."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from esg.register.company import RegisteredCompany
from esg.register.countries import COUNTRIES
from esg.register.lei import is_lei
from esg.register.names import key, slug

COLUMNS = ("name", "aliases", "sector", "country", "lei", "fiscal_year_end", "domain")
BETWEEN_ALIASES = "|"
_LEAP_YEAR = 2000


class Line(NamedTuple):
    """A company and the line of the file that it stands on."""

    number: int
    company: RegisteredCompany


class Problem(NamedTuple):
    line: int
    what: str


def read(text: str) -> tuple[list[Line], list[Problem]]:
    """Read a sheet with a header of COLUMNS, of which only `name` must be there; parted by , or ; or tabs.

    A company's `slug` is that of its name; aliases are parted by |.
    """
    body = text.removeprefix("\ufeff")
    header = body.partition("\n")[0]
    rows = csv.reader(io.StringIO(body, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    try:
        columns = [cell.strip().lower() for cell in next(rows, [])]
        if wrong := list(_of_header(columns)):
            return [], wrong
        return _read(rows, columns)
    except csv.Error as error:
        return [], [Problem(rows.line_num, f"this is not CSV: {error}")]


def _of_header(columns: Sequence[str]) -> Iterator[Problem]:
    if "name" not in columns:
        yield Problem(1, f"the column name is missing; the columns are {', '.join(COLUMNS)}")
    for column in dict.fromkeys(columns):
        if column not in COLUMNS:
            yield Problem(1, f"there is no column {column!r}; use {', '.join(COLUMNS)}")
        elif columns.count(column) > 1:
            yield Problem(1, f"the column {column} is there twice")


def _read(rows: Iterable[list[str]], columns: Sequence[str]) -> tuple[list[Line], list[Problem]]:
    lines, problems = list[Line](), list[Problem]()
    for cells in rows:
        if not any(map(str.strip, cells)):
            continue
        number = getattr(rows, "line_num", 0)
        if len(cells) != len(columns):
            problems.append(Problem(number, f"it has {len(cells)} columns, the header has {len(columns)}"))
            continue
        values = {column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=True)}
        problems += (Problem(number, what) for what in _of_values(values))
        lines.append(Line(number, _company(values)))
    return lines, problems


def _company(values: Mapping[str, str]) -> RegisteredCompany:
    name = values["name"]
    aliases = (alias.strip() for alias in values.get("aliases", "").split(BETWEEN_ALIASES))
    others = {key(alias): alias for alias in aliases if key(alias) not in ("", key(name))}
    return RegisteredCompany(
        slug=slug(name),
        name=name,
        aliases=tuple(others.values()),
        sector=values.get("sector", ""),
        country=values.get("country", "").upper(),
        lei=values.get("lei", "").upper(),
        fiscal_year_end=values.get("fiscal_year_end", ""),
        domain=values.get("domain", "").lower().removeprefix("www."),
    )


def _of_values(values: Mapping[str, str]) -> Iterator[str]:
    if not slug(values["name"]):
        yield "the name is empty"
    country, lei = values.get("country", ""), values.get("lei", "")
    if country and country.upper() not in COUNTRIES:
        yield f"{country!r} is no country code; use two letters of ISO 3166, as in DE"
    if lei and not is_lei(lei.upper()):
        yield f"{lei!r} is no LEI: its length or its check digits are wrong (ISO 17442)"
    end = values.get("fiscal_year_end", "")
    if end and not _is_day(end):
        yield f"{end!r} is no end of a fiscal year; write month and day, as in 12-31"
    domain = values.get("domain", "")
    if domain and ("/" in domain or ":" in domain or "." not in domain):
        yield f"{domain!r} is no domain; write it as in acme.example"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(f"{_LEAP_YEAR}-{text}")
    except ValueError:
        return False
    return len(text) == len("MM-DD")


def clashes(lines: Sequence[Line], others: Sequence[RegisteredCompany] = ()) -> list[Problem]:
    """What two companies claim: an alias, an address, an LEI. `others` are those that no line is about."""
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for company in others:
        for claim in _claims(company):
            owners[claim] = company.slug, f"{company.name} in the register"
    problems = list[Problem]()
    for place, line in enumerate(lines):
        for claim in dict.fromkeys(_claims(line.company)):
            owner, where = owners.setdefault(claim, (str(place), f"line {line.number}"))
            if owner != str(place):
                problems.append(Problem(line.number, f"the {claim[0]} {claim[1]!r} is that of {where}"))
    return problems


def _claims(company: RegisteredCompany) -> Iterator[tuple[str, str]]:
    yield from (("alias", key(name)) for name in company.names)
    yield "address", company.slug
    if company.lei:
        yield "LEI", company.lei

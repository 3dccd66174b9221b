"""The front of a report → the year it mainly covers, which is not the year it was published in.

Every year named gets points for where and how it is named; a fiscal year counts by the year it ends in.
"""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from esg.extract.identity.front import Front
from esg.extract.identity.years import FISCAL, MINGUO, YEAR, year_of, years_in

_FIRST, _LAST = 1990, 2039
_FUTURE = 50  # points that a year after the making of the file loses
_LONGEST_TITLE = 150  # characters; a longer line of a cover is a text
_EARLY_PAGES = 12

_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|gen|mag|giu"
    r"|lug|ago|set|ott|dic|ene|abr|mei|des)\w*\.?"
)
_SELF = re.compile(  # "Our 2023 Climate Action Plan shares …"
    rf"\b(?:our|this|the|unser|notre|il\s+nostro|nuestro)\s+{YEAR}\s+(?:[\w&-]+\s+){{0,5}}?"
    r"(?:report|plan|review|statement|disclosure|inventory|bericht|rapport|bilancio|informe)\b",
    re.IGNORECASE,
)
# Of text in small letters: ignoring case took six times as long.
_PERIOD = re.compile(
    r"(?:(?:fiscal|financial|reporting|business|calendar)\s+(?:year|period)|year[- ]end(?:ed|ing)?"
    r"|period\s+(?:from|ended|ending|of)|for\s+the\s+(?:full\s+)?year|geschäftsjahr\w*|berichtsjahr\w*|berichtszeitraum\w*|exercice|"
    r"esercizio|ejercicio|exercício|verslagjaar|boekjaar|räkenskapsår\w*|tahun\s+buku)"
    rf"[^.;\n]{{0,60}}?(?<!\d){YEAR}(?!\s?(?:to|until|bis|au|al|sampai|[–-])\s)"
)
_YEAR_END = re.compile(
    rf"(?:ended|ending|to|until|as\s+(?:at|of)|bis|au|al|hasta|sampai\s+dengan|zum)\s+(?:31|30|28)?\s?[./]?"
    rf"(?:12[./]|0?6[./]|0?3[./]|0?9[./])?\s?(?:{_MONTHS})?\s*(?:31|30)?,?\s*{YEAR}"
)
_REPORT_WORDS = re.compile(
    r"report|review|statement|disclosure|inventory|plan|appendix|databook|data ?pack|policy|update|factsheet|"
    r"bericht|erklärung|rapport|déclaration|document|bilancio|dichiarazione|relazione|informe|memoria|relatório|"
    r"verslag|redovisning|raportti|laporan|annual|sustainab|esg|csr|tcfd|10-k|報告|年報|レポート|보고서",
    re.IGNORECASE,
)


def guess_year(front: Front) -> int | None:
    """Name the year with the most points, None where no year is named."""
    points: Counter[int] = Counter()
    for weight, year in _votes(front):
        if _FIRST <= year <= _LAST:
            points[year] += weight
    for year in points:
        # A target, or else the file's own clock is wrong.
        points[year] -= _FUTURE * (year > (front.created or _LAST))
    return max(points, key=lambda year: (points[year], year), default=None)


def names_a_report(line: str) -> bool:
    """Whether a line says report, or what reports are called in other languages."""
    return _REPORT_WORDS.search(line) is not None


def _votes(front: Front) -> Iterable[tuple[int, int]]:
    """(points, year) of each hint; points are in tenths.

    Of a report without a word only its own metadata can speak: the name and the age of a file tell which of
    the years in it is meant, and are no reading of it.
    """
    if not any(map(str.strip, front.texts)):
        yield from _of_titles([front.title], 30)
        return
    yield from _of_titles(front.titles, 60)
    yield from _of_titles(front.headings, 20)
    yield from _of_running_heads(front.running)
    yield from _of_titles([front.title], 30)
    yield from ((20, year) for year in years_in(PurePosixPath(front.name).name))
    yield from _of_self(front.texts[:3])
    yield from _of_periods(front.texts)
    yield from _of_use(front.years)
    if front.created:
        yield 15, front.created - 1
        yield 8, front.created


def _of_titles(lines: Iterable[str], points: int) -> Iterable[tuple[int, int]]:
    """Years in lines that name a report count in full, alone on a line or in a date less."""
    seen: set[tuple[int, int]] = set()
    for line in lines:
        if len(line) <= _LONGEST_TITLE:
            weight = points if names_a_report(line) else points // 3
            seen |= {(weight, year) for year in years_in(line)}
    return seen


def _of_running_heads(lines: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    pages = Counter(year for line in lines if names_a_report(line) for year in set(years_in(line)))
    most = max(pages.values(), default=1)
    return [(50 * count // most, year) for year, count in pages.items() if count > 1]


def _of_self(texts: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    """What the first pages call the report itself."""
    years = (year_of(match) for text in texts for match in _SELF.finditer(text))
    return {(40, year) for year in years if year}


def _of_periods(texts: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    """What a text says it reports on; early pages say it about the report, later ones about anything."""
    early, late = "\n".join(texts[:_EARLY_PAGES]), "\n".join(texts[_EARLY_PAGES:])
    for text, most in ((early, 60), (late, 20)):
        named: Counter[int] = Counter()
        small = text.lower()
        for pattern, where in ((_PERIOD, small), (_YEAR_END, small), (FISCAL, text), (MINGUO, text)):
            named.update(year for match in pattern.finditer(where) if (year := year_of(match)))
        top = max(named.values(), default=1)
        yield from ((most * count // max(top, 3), year) for year, count in named.items())


def _of_use(years: tuple[int, ...]) -> Iterable[tuple[int, int]]:
    """How often a year is named at all."""
    used = Counter(years)
    most = max(used.values(), default=1)
    return [(30 * count // most, year) for year, count in used.items()]

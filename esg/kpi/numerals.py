"""Figures and years as other languages write them → as the readers know them: "1 234", "1.2萬", "民國110年".

Each is a term like those of a glossary: a place in the text and what to read there.
"""

import re
from collections.abc import Iterator, Sequence

from esg.kpi.rewrite import Term

_UNBREAKABLE = "\u00a0"
# "en 2023 12 345 tonnes" is 12 345, but "scope 1 170 000" and "12 345 678,9 12" could be two things
_BLANKS = re.compile(r"(?<![\w.,'’+-])\d{1,3}(?: \d{3})+(?![\w'’-])(?!\.\d| \d)(?:,\d{1,2}(?!\d))?")
_YEAR_BEFORE = re.compile(r"(?<!\d)(?:19|20)\d\d $")
_APART = r"[^\w:=–()\t\n]"
_SCOPES_BEFORE = re.compile(
    r"\b(?:scopes?|alcances?|ámbitos?|ambit[io]|périmètres?|kategori\w*|cat[eé]gor\w*|bilaga|not[ae]?|anm\w*|"
    rf"tab\w*|nr?\.?|n°){_APART}{{0,3}}(?:\d{_APART}*(?:et|och|y|e|und|and|à)?{_APART}*)*$",
    re.IGNORECASE,
)

_SCALES = (100_000_000, 10_000, 1)
_UNREADABLE = "?"
_SCALED = re.compile(
    r"(?<![\d.,])(?=[\d.,]+ ?[億亿萬万])(?:(?P<hundred_millions>\d[\d,]*(?:\.\d+)?) ?[億亿])?"
    r"(?:(?P<ten_thousands>\d[\d,]*(?:\.\d+)?) ?[萬万])?(?:(?P<rest>\d[\d,]*)(?P<more>[千仟百佰十])?)?"
    r"(?![\d.,]*\d)"
)
_FULL_DATE = r"(?: ?\d{1,2} ?月(?: ?\d{1,2} ?日|底))?"
_WESTERN_YEAR = re.compile(
    rf"(?<![\d.,])(?:西元|公元)? ?(?P<year>(?:19|20)\d\d) ?(?:年度?底?|會計年度)(?!來){_FULL_DATE}止?"
)
_ROC_YEAR = re.compile(
    rf"(?:(?:中華)?民國 ?(?P<named>\d{{2,3}}) ?(?:年度?底?){_FULL_DATE}止?"
    r"|(?<![\d.,/逾近達約滿過第])(?P<bare>1[0-4]\d) ?"
    rf"(?:年度|年底|年(?= ?(?:\d{{1,2}} ?月|[\t\n]|$))){_FULL_DATE}止?)"
)
_ROC_BEGIN = 1911
_SPELLED_YEAR = re.compile(r"(?P<year>[二〇零○一三四五六七八九]{4}) ?年度?")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def numerals(text: str, kind: str) -> list[Term]:
    """Find what is to be read as another figure or year, in order.

    `kind` says how a language writes figures: "blanks" group their digits, or they are "han".
    """
    if kind == "han":
        return sorted((*_scaled(text), *_years(text)))
    return list(_grouped_by_blanks(text)) if kind == "blanks" else []


def _grouped_by_blanks(text: str) -> Iterator[Term]:
    """Join "12 345" where nothing before it can belong to it."""
    for match in _BLANKS.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        follows_figure = re.search(r"\d $", before) and not _YEAR_BEFORE.search(before)
        if not follows_figure and not _SCOPES_BEFORE.search(before):
            yield Term(*match.span(), match[0].replace(" ", _UNBREAKABLE))


def _scaled(text: str) -> Iterator[Term]:
    """ "1億2,345萬" is 123450000, "9.40萬" 94000; what is mixed otherwise ("1萬5千") is made unreadable."""
    for match in _SCALED.finditer(text):
        parts = match["hundred_millions"], match["ten_thousands"], match["rest"]
        if any(parts[:2]):
            yield Term(*match.span(), _UNREADABLE if match["more"] else _written_out(parts))


def _written_out(parts: Sequence[str | None]) -> str:
    """Hundred millions, ten thousands and ones as one number; a fraction may only be the last of them."""
    given = [(part.replace(",", ""), scale) for part, scale in zip(parts, _SCALES, strict=True) if part]
    if any("." in part for part, _ in given[:-1]):
        return _UNREADABLE
    return f"{sum(float(part) * scale for part, scale in given):.12g}"


def _years(text: str) -> Iterator[Term]:
    """ "2021年度" and "民國110年" are 2021, the day on which a year ends counted in; "二零二一年", too."""
    for match in _WESTERN_YEAR.finditer(text):
        yield Term(*match.span(), match["year"])
    for match in _ROC_YEAR.finditer(text):
        yield Term(*match.span(), str(_ROC_BEGIN + int(match["named"] or match["bare"])))
    for match in _SPELLED_YEAR.finditer(text):
        yield Term(*match.span(), match["year"].translate(_DIGITS))

"""What the text of a table's cell is: a figure, a year, a currency, a bracket, a bullet."""

import re

_PREFIXES = frozenset(
    "$ € £ ¥ ₹ ₩ ( $( ($ €( (€ £( (£ US$ A$ C$ NZ$ HK$ S$ NT$ R$ Rp RMB CHF EUR USD GBP".split()  # noqa: SIM905
)
_SUFFIX = re.compile(r"[)%]{1,2}|\)?\s?(?:%|pp|pts?|bps?|x)\)?|[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾]+")
_FIGURE = re.compile(
    r"[<>~≈]?\s?(?:\p)?[-+–−(]*\s?(?:\p)?\s?\d[\d.,’'\s]*(?:\s?%|\s?x|\s?bps?|\s?pp)?\)?%?[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾*]*".replace(
        r"\p", r"(?:US|A|C|NZ|HK|S|NT|R)?[$€£¥₹₩]"
    )
)
_NOTHING = frozenset("— – - -- − n/a N/A n.a. NM nm * 0".split())  # noqa: SIM905
_YEAR = re.compile(
    r"(?:(?:FY|CY|H[12]|Q[1-4])\s?)?['’]?(?:19|20)\d\d(?:\s?[/–-]\s?(?:\d\d){1,2})?[*⁰¹²³⁴-⁹]*|FY\s?['’]?\d\d"
)
_MARK = re.compile(
    r"[•·▪■□◦●○–—‣➢✓*-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾]+|\([A-Z\d]\)", re.IGNORECASE
)


def is_figure(text: str) -> bool:
    """A number with what belongs to it, or the dash that stands for none."""
    return text in _NOTHING or _FIGURE.fullmatch(text) is not None


def is_year(text: str) -> bool:
    return _YEAR.fullmatch(text) is not None


def is_prefix(text: str) -> bool:
    return text in _PREFIXES


def is_suffix(text: str) -> bool:
    return _SUFFIX.fullmatch(text) is not None


def is_mark(text: str) -> bool:
    """A bullet or a number that opens a line."""
    return _MARK.fullmatch(text) is not None

"""Small inline XBRL reports of companies that do not exist, made to hold one trap each."""

from dataclasses import dataclass, field, replace
from html import escape

_NAMESPACES = {
    "": "http://www.w3.org/1999/xhtml",
    "ix": "http://www.xbrl.org/2013/inlineXBRL",
    "ixt": "http://www.xbrl.org/inlineXBRL/transformation/2020-02-12",
    "xbrli": "http://www.xbrl.org/2003/instance",
    "xbrldi": "http://xbrl.org/2006/xbrldi",
    "link": "http://www.xbrl.org/2003/linkbase",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "iso4217": "http://www.xbrl.org/2003/iso4217",
    "utr": "http://www.xbrl.org/2009/utr",
    "esrs": "https://xbrl.efrag.org/taxonomy/esrs/2023-12-22",
    "dei": "http://xbrl.sec.gov/dei/2024",
    "orr": "https://orrindel.example/xbrl/2024",
}
_TITLE = "Orrindel Textiles SE: Sustainability statement 2024"
YEARS = {"now": "2024", "before": "2023"}


@dataclass(frozen=True)
class Report:
    """A report in the making; each method gives a new one with something added."""

    body: str = ""
    hidden: str = ""
    contexts: str = ""
    namespaces: dict[str, str] = field(default_factory=lambda: dict(_NAMESPACES))

    def write(self, markup: str) -> "Report":
        return replace(self, body=self.body + markup)

    def hide(self, markup: str) -> "Report":
        """Put facts where no reader sees them."""
        return replace(self, hidden=self.hidden + markup)

    def context(self, name: str, period: str, *, inside: str = "", where: str = "scenario") -> "Report":
        """Add a context; `period` is "2024", "2024-07-01/2024-12-31" or the instant "@2024-12-31"."""
        narrowed = f"<xbrli:{where}>{inside}</xbrli:{where}>" if inside else ""
        entity = '<xbrli:identifier scheme="http://standards.iso.org/iso/17442">5299ORRINDEL00000001</xbrli:identifier>'
        return self.resources(
            f'<xbrli:context id="{name}"><xbrli:entity>{entity}</xbrli:entity>'
            f"<xbrli:period>{_period(period)}</xbrli:period>{narrowed}</xbrli:context>"
        )

    def unit(self, name: str, measure: str, *, per: str = "") -> "Report":
        above = f"<xbrli:measure>{measure}</xbrli:measure>"
        if per:
            above = (
                f"<xbrli:divide><xbrli:unitNumerator>{above}</xbrli:unitNumerator><xbrli:unitDenominator>"
                f"<xbrli:measure>{per}</xbrli:measure></xbrli:unitDenominator></xbrli:divide>"
            )
        return self.resources(f'<xbrli:unit id="{name}">{above}</xbrli:unit>')

    def resources(self, markup: str) -> "Report":
        return replace(self, contexts=self.contexts + markup)

    def table(self, *rows: list[str]) -> "Report":
        """Add a table; its first row heads the columns."""
        head, *body = rows
        cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in body]
        first = "".join(f"<th>{cell}</th>" for cell in head)
        return self.write(f"<table><tr>{first}</tr>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")

    def markup(self) -> str:
        bound = " ".join(
            f'xmlns:{prefix}="{uri}"' if prefix else f'xmlns="{uri}"'
            for prefix, uri in self.namespaces.items()
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<html {bound} xml:lang="en"><head>'
            f"<title>{escape(_TITLE)}</title></head><body>"
            '<div style="display:none"><ix:header>'
            f"<ix:hidden>{self.hidden}</ix:hidden>"
            '<ix:references><link:schemaRef xlink:type="simple" xlink:href="orr.xsd"/></ix:references>'
            f"<ix:resources>{self.contexts}</ix:resources></ix:header></div>"
            f"<h1>{escape(_TITLE)}</h1>"
            "<p>This statement covers the whole group for the year and the year before it, by the methods "
            "that the notes describe, and it was examined by an auditor.</p>"
            f"{self.body}</body></html>"
        )

    def data(self) -> bytes:
        return self.markup().encode()


def report() -> Report:
    """A report with the contexts and units that most need."""
    made = Report()
    for name, year in YEARS.items():
        made = made.context(name, year).context(f"end_{name}", f"@{year}-12-31")
    for name, measure in (("tCO2e", "utr:tCO2e"), ("MWh", "utr:MWh"), ("t", "utr:t"), ("pure", "xbrli:pure")):
        made = made.unit(name, measure)
    return made


def number(name: str, text: str, *, context: str = "now", unit: str = "tCO2e", **attributes: str) -> str:
    """A tagged figure; underscores in the names of more attributes are colons."""
    more = "".join(f' {key.replace("_", ":")}="{value}"' for key, value in attributes.items())
    name = name if ":" in name else f"esrs:{name}"
    return (
        f'<ix:nonFraction name="{name}" contextRef="{context}" unitRef="{unit}" decimals="0"{more}>'
        f"{text}</ix:nonFraction>"
    )


def words(name: str, text: str, *, context: str = "now", **attributes: str) -> str:
    """A tagged text."""
    more = "".join(f' {key.replace("_", ":")}="{value}"' for key, value in attributes.items())
    return f'<ix:nonNumeric name="{name}" contextRef="{context}"{more}>{text}</ix:nonNumeric>'


def member(axis: str, name: str) -> str:
    return f'<xbrldi:explicitMember dimension="{axis}">{name}</xbrldi:explicitMember>'


def _period(period: str) -> str:
    if period.startswith("@"):
        return f"<xbrli:instant>{period[1:]}</xbrli:instant>"
    start, _, end = period.partition("/") if "/" in period else (f"{period}-01-01", "", f"{period}-12-31")
    return f"<xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate>"

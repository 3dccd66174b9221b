"""Properties of runs, styles and cells → how text looks, in as much as it decides what is read.

It is told in the CSS that the reading of web pages follows, which finds the letters that nobody sees.
"""

from typing import Final, NamedTuple

from esg.extract.docx.xml import Attributes

UNKNOWN_PAPER: Final = "var(--paper)"  # a theme, a shape or a table's style paints it: any ink may be seen
SMALLEST_POINTS: Final = 1.0  # smaller letters are hidden, not printed
_OFF: Final = frozenset({"0", "false", "off", "none"})
_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")


class Looks(NamedTuple):
    """What is said of a text; None where nothing is."""

    size: float | None = None  # points
    bold: bool | None = None
    hidden: bool | None = None
    raised: bool | None = None
    ink: str | None = None  # a colour of CSS, or "auto"
    paper: str | None = None

    def over(self, below: "Looks") -> "Looks":
        """These looks where they say something, else those below."""
        pairs = zip(self, below, strict=True)
        return Looks._make(mine if mine is not None else theirs for mine, theirs in pairs)

    def css(self) -> str:
        """Declarations for what differs from the text around."""
        said = {
            "font-size": f"{self.size:g}pt" if self.size is not None else "",
            "font-weight": {True: "bold", False: "normal", None: ""}[self.bold],
            "display": "none" if self.hidden or (self.size or 12.0) <= SMALLEST_POINTS else "",
            "vertical-align": "super" if self.raised else "",
            "color": self.ink if self.ink and self.ink != "auto" else "",
            "background": self.paper or "",
        }
        return ";".join(f"{name}:{value}" for name, value in said.items() if value)


def with_property(looks: Looks, tag: str, attributes: Attributes) -> Looks:
    """The looks that a run's property (w:b, w:sz, w:color …) makes of others; other elements say nothing."""
    value = attributes.get("val", "")
    match tag:
        case "w:b":
            return looks._replace(bold=is_on(attributes))
        case "w:vanish":
            return looks._replace(hidden=is_on(attributes))
        case "w:sz":
            return looks._replace(size=half_points(value))
        case "w:vertAlign":
            return looks._replace(raised=value == "superscript")
        case "w:color":
            return looks._replace(ink=_colour(value) or "auto")
        case "w:highlight" if value not in _OFF:
            return looks._replace(paper=UNKNOWN_PAPER)
        case "w:shd":
            return looks._replace(paper=paper(attributes) or looks.paper)
    return looks


def is_on(attributes: Attributes) -> bool:
    """Whether a switch such as <w:b/> or <w:b w:val="0"/> is on."""
    return attributes.get("val", "1").lower() not in _OFF


def half_points(value: str) -> float | None:
    return int(value[:6]) / 2 if value.isascii() and value.isdigit() else None


def paper(attributes: Attributes) -> str:
    """The colour behind a text by its w:shd, "" where it has none."""
    fill = _colour(attributes.get("fill", ""))
    if fill or "themeFill" not in attributes:
        return fill
    return UNKNOWN_PAPER


def _colour(value: str) -> str:
    return f"#{value}" if len(value) == 6 and _HEXADECIMAL.issuperset(value) else ""

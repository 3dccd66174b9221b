"""CSS → the little of it that decides what is read: hidden, size, weight, raised, colours, page breaks.

Inline styles and simple rules (tag, .class, #id and their combination on one element) are followed; selectors
that look at ancestors or states are not, because reports do not hide or size their text by them.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from esg.extract.html.unseen import Declarations, Paint, is_out_of_sight, painted

_BODY_POINTS = 12.0
_POINTS = {"pt": 1.0, "px": 0.75, "em": None, "rem": 12.0, "%": None, "in": 72.0, "cm": 28.35, "mm": 2.835}
_SIZE = re.compile(r"([\d.]+)(pt|px|em|rem|%|in|cm|mm)\b|([\d.]+)(%)")
_SIZE_WORDS = {"xx-small": 7.0, "x-small": 7.5, "small": 10.0, "medium": 12.0, "large": 13.5, "x-large": 18.0}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"(?P<tag>[a-zA-Z][\w-]*)?(?P<kind>[.#])?(?P<name>[\w-]+)?")
_OF_TAG: dict[str, Declarations] = {
    **{tag: {"font-weight": "bold"} for tag in ("b", "strong", "th")},
    "sup": {"vertical-align": "super"},
    "small": {"font-size": "85%"},
    "h1": {"font-size": "24pt", "font-weight": "bold"},
    "h2": {"font-size": "18pt", "font-weight": "bold"},
    "h3": {"font-size": "14pt", "font-weight": "bold"},
    "h4": {"font-size": "12pt", "font-weight": "bold"},
    "h5": {"font-size": "11pt", "font-weight": "bold"},
    "h6": {"font-size": "10pt", "font-weight": "bold"},
}
_PRESENTATIONAL = (("bgcolor", "background-color"), ("color", "color"), ("background", "background-image"))


class Style(NamedTuple):
    """What an element hands on to the text inside it."""

    size: float = _BODY_POINTS
    bold: bool = False
    hidden: bool = False
    raised: bool = False
    tags: tuple[int, ...] = ()  # of inline XBRL around it, by their number in the document
    paint: Paint = Paint()


class Sheet:
    """The rules of a page's `<style>` elements, by what they select."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, Declarations] = {}
        self._paints_unseen = False  # a background by a selector that is not followed
        for selectors, body in _RULE.findall(_COMMENT.sub("", css)):
            declarations = parse_declarations(body)
            for selector in selectors.split(","):
                self._add(selector.strip(), declarations)

    def _add(self, selector: str, declarations: Declarations) -> None:
        if _SIMPLE_SELECTOR.fullmatch(selector):
            self._rules.setdefault(selector, {}).update(declarations)
        elif any(name.startswith("background") for name in declarations):
            self._paints_unseen = True

    @property
    def root(self) -> Style:
        """The style that a page begins with."""
        return Style(paint=Paint(paper=None)) if self._paints_unseen else Style()

    def declarations(self, tag: str, attributes: dict[str, str | None]) -> Declarations:
        """All that is declared for an element, the stronger over the weaker."""
        found: Declarations = dict(_OF_TAG.get(tag, {}))
        for attribute, name in _PRESENTATIONAL:
            if value := attributes.get(attribute):
                found[name] = value.strip().lower()
        for selector in _selectors(tag, attributes) if self._rules else ():
            found.update(self._rules.get(selector, {}))
        found.update(parse_declarations(attributes.get("style") or ""))
        return found


def _selectors(tag: str, attributes: dict[str, str | None]) -> list[str]:
    """The simple selectors that select an element, weakest first."""
    classes = [f".{name}" for name in (attributes.get("class") or "").split()]
    identity = attributes.get("id")
    return [
        tag,
        *classes,
        *(tag + name for name in classes),
        *([f"#{identity}", f"{tag}#{identity}"] if identity else ()),
    ]


@lru_cache(maxsize=8192)  # a report repeats a few hundred style attributes on tens of thousands of cells
def parse_declarations(text: str) -> Declarations:
    """Read "name: value; …" with lower-case names and values."""
    pairs = (declaration.partition(":") for declaration in text.lower().split(";") if ":" in declaration)
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def derive(parent: Style, declarations: Declarations, *, is_hidden: bool = False) -> Style:
    """The style of an element from its parent's and its own declarations."""
    return Style(
        size=_points(declarations.get("font-size", ""), parent.size),
        bold=_is_bold(declarations.get("font-weight", ""), parent.bold),
        hidden=parent.hidden or is_hidden or is_out_of_sight(declarations),
        raised=parent.raised or _is_raised(declarations),
        tags=parent.tags,
        paint=painted(parent.paint, declarations),
    )


def _points(value: str, inherited: float) -> float:
    match = _SIZE.search(value)
    if not match:
        return _SIZE_WORDS.get(value, inherited)
    try:
        number = float(match[1] or match[3])
    except ValueError:  # "1.2.3"
        return inherited
    unit = match[2] or match[4]
    factor = {"em": inherited, "%": inherited / 100}.get(unit) or _POINTS[unit] or 1.0
    return min(max(number * factor, 1.0), 200.0)


def _is_bold(value: str, inherited: bool) -> bool:
    if value.isdigit():
        return int(value) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(value, inherited)


def _is_raised(declarations: Declarations) -> bool:
    if declarations.get("vertical-align") in ("super", "text-top"):
        return True
    return declarations.get("position") == "relative" and declarations.get("top", "").startswith("-")


def breaks_before(declarations: Declarations) -> bool:
    return _breaks(declarations, "before")


def breaks_after(declarations: Declarations) -> bool:
    return _breaks(declarations, "after")


def _breaks(declarations: Declarations, side: str) -> bool:
    values = (declarations.get(f"page-break-{side}"), declarations.get(f"break-{side}"))
    return any(value in ("always", "left", "right", "page", "recto", "verso") for value in values)

"""styles.xml → what a style makes of a paragraph or a run, with all that it is based on."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from esg.extract.docx.looks import Looks, paper, with_property
from esg.extract.docx.xml import Attributes

BODY_TEXT: Final = 9  # the outline level of what is no heading, as the format counts
_LONGEST_CHAIN: Final = 32  # styles that are based on one another; a longer one is a circle
_BODY_POINTS: Final = 10.0  # where a file says nothing


class Manner(NamedTuple):
    """What a paragraph's style says of it."""

    level: int  # of a heading, 1 to 9; 0 of other text
    is_listed: bool
    is_caption: bool
    paper: str  # behind all of it, as CSS; "" for that of the page
    looks: Looks


@dataclass(slots=True)
class _Style:
    kind: str = ""
    name: str = ""
    based_on: str = ""
    outline: int | None = None
    is_listed: bool | None = None
    paper: str = ""
    looks: Looks = field(default_factory=Looks)


class Styles:
    """Told the elements of styles.xml; then asked."""

    def __init__(self) -> None:
        self._styles: dict[str, _Style] = {}
        self._defaults = _Style()
        self._default_paragraph = ""
        self._open = self._defaults
        self._above: list[str] = []
        self._manners: dict[str, Manner] = {}

    # -- what is told

    def start(self, tag: str, attributes: Attributes) -> None:
        self._above.append(tag)
        value = attributes.get("val", "")
        match tag:
            case "w:style":
                self._open_style(attributes)
            case "w:name":
                self._open.name = value.lower()
            case "w:basedOn":
                self._open.based_on = value
            case "w:outlineLvl" if value.isdecimal():
                self._open.outline = int(value[:2])
            case "w:numId":
                self._open.is_listed = value != "0"
            case "w:shd" if "w:pPr" in self._above and "w:rPr" not in self._above:
                self._open.paper = paper(attributes)
            case _ if "w:rPr" in self._above and "w:tblStylePr" not in self._above:
                self._open.looks = with_property(self._open.looks, tag, attributes)

    def _open_style(self, attributes: Attributes) -> None:
        self._open = _Style(kind=attributes.get("type", ""))
        name = attributes.get("styleId", "")
        self._styles[name] = self._open
        if self._open.kind == "paragraph" and attributes.get("default") in ("1", "true", "on"):
            self._default_paragraph = name

    def end(self, tag: str) -> None:
        if self._above:
            self._above.pop()

    def text(self, data: str) -> None:
        """Styles hold none."""

    # -- what is asked

    @cached_property
    def body_points(self) -> float:
        """The size of text that no style says anything of."""
        return self._defaults.looks.size or _BODY_POINTS

    def manner(self, style: str) -> Manner:
        """What a paragraph's style says; "" is the default one, and so is one that is not there."""
        name = style if style in self._styles else self._default_paragraph
        if name not in self._manners:
            self._manners[name] = self._read(name)
        return self._manners[name]

    def looks(self, style: str) -> Looks:
        """How a style of runs makes them look."""
        looks = Looks()
        for one in self._chain(style):
            looks = looks.over(one.looks)
        return looks

    def _read(self, name: str) -> Manner:
        chain = self._chain(name)
        outline = next((one.outline for one in chain if one.outline is not None), None)
        level = _level_of_name(chain) if outline is None else outline + 1
        listed = next((one.is_listed for one in chain if one.is_listed is not None), False)
        is_caption = any(one.name == "caption" for one in chain)
        behind = next((one.paper for one in chain if one.paper), "")
        return Manner(level if level <= BODY_TEXT else 0, listed, is_caption, behind, self.looks(name))

    def _chain(self, name: str) -> list[_Style]:
        """A style and what it is based on, the nearest first."""
        chain: list[_Style] = []
        while name in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[name])
            name = chain[-1].based_on
        return chain


def _level_of_name(chain: list[_Style]) -> int:
    """The level of "heading 2" and of "Title", whose outline level a program need not write."""
    for style in chain:
        word, _, number = style.name.partition(" ")
        if word == "heading" and number.isdecimal():
            return int(number[:2])
        if style.name == "title":
            return 1
    return 0

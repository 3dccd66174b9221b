"""What stands around a figure in a table: its section, headers, caption and heading."""

import re
from dataclasses import dataclass

from esg.domain import Block, BlockKind, Page, Table

_METHODS = (
    ("market", re.compile(r"\bmarket\b", re.IGNORECASE)),
    ("location", re.compile(r"\blocation\b", re.IGNORECASE)),
)
_BOUNDARY = re.compile(
    r"\b(?:operational(?:ly)? control\w*|financial control|equity share|[\w&’' ]{0,30}controlled(?: properties)?|"
    r"(?:total |entire )?portfolio|landlord|excluding [\w&’', -]{2,40}|including [\w&’', -]{2,40}|"
    r"without [\w&’' -]{2,30}|continuing operations)\b",
    re.IGNORECASE,
)
_RESTATED = re.compile(r"\brestated?\b|\brecalculated\b|\badjusted\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """Texts from the nearest to the farthest; "" where there is none."""

    label: str
    header: str
    section: str
    caption: str
    heading: str

    @property
    def near(self) -> tuple[str, ...]:
        return (self.label, self.header, self.section, self.caption, self.heading)


def method(context: Context) -> str:
    """location or market by the nearest text that names one of them alone; "" where none does."""
    for text in context.near:
        named = [name for name, pattern in _METHODS if pattern.search(text)]
        if len(named) == 1:
            return named[0]
        if named:
            return ""
    return ""


def boundary(*texts: str) -> str:
    """The organisational boundary that a heading or caption names."""
    found = (m for text in texts if (m := _BOUNDARY.search(text)))
    return " ".join(next((m[0] for m in found), "").split())


def is_restated(*texts: str) -> bool:
    return any(_RESTATED.search(text) for text in texts)


def heading_above(page: Page, position: int) -> str:
    """The last heading before a place, and the caption-like line after it."""
    above = [b for b in page.blocks if b.end <= position]
    last = next((b for b in reversed(above) if b.kind == BlockKind.HEADING), None)
    return _text(page, last) if last else ""


def line_above(page: Page, table: Table) -> str:
    """The short line right above a table, which often is its title."""
    above = [b for b in page.blocks if b.end <= table.start and b.kind not in _RUNNING]
    text = _text(page, above[-1]) if above else ""
    return text if len(text) <= _TITLE_LENGTH else ""


_RUNNING = (BlockKind.HEADER, BlockKind.FOOTER, BlockKind.TABLE)
_TITLE_LENGTH = 140


def _text(page: Page, block: Block) -> str:
    return " ".join(page.text[block.start : block.end].split())

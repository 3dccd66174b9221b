"""What stands around a figure in a table: its section, headers, caption and heading."""

import re
from dataclasses import dataclass

from esg.domain import Block, BlockKind, Page, Table
from esg.kpi.rows import last_section

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
    """Texts from the nearest to the farthest, "" where there is none; `head` stands over the row labels."""

    label: str
    header: str
    section: str
    head: str
    caption: str
    heading: str

    @property
    def near(self) -> tuple[str, ...]:
        return (self.label, self.header, self.section, self.head, self.caption, self.heading)


def method(context: Context) -> str:
    """location or market by the nearest text that names one of them alone; "" where none does."""
    return next((named for text in context.near if (named := method_of(text))), "")


def method_of(text: str) -> str:
    """location or market where a text names one of them alone; "" where it names none or both."""
    named = [name for name, pattern in _METHODS if pattern.search(text)]
    return named[0] if len(named) == 1 else ""


def boundary(*texts: str) -> str:
    """The organisational boundary that a heading or caption names."""
    found = (m for text in texts if (m := _BOUNDARY.search(text)))
    return " ".join(next((m[0] for m in found), "").split())


def is_restated(*texts: str) -> bool:
    return any(_RESTATED.search(text) for text in texts)


def headings_above(page: Page, position: int) -> str:
    """The last two headings before a place, the nearer one first."""
    above = [b for b in page.blocks if b.kind == BlockKind.HEADING and b.end <= position]
    return " | ".join(_text(page, block) for block in reversed(above[-2:]))


def captions(page: Page) -> list[str]:
    """What each table of a page is called.

    A table without a caption is called by the short line above it; right below another table, it is called by
    that one's last row if this is nothing but a label, else it goes on with what that one was called.
    """
    called: list[str] = []
    for place, table in enumerate(page.tables):
        before = page.tables[place - 1] if place else None
        line = _line_above(page, table)
        if table.caption or before is None or line:
            called.append(" | ".join(dict.fromkeys(text for text in (table.caption, line) if text)))
        else:
            called.append(last_section(page, before) or called[-1])
    return called


def _line_above(page: Page, table: Table) -> str:
    """The short line right above a table; "" where that is another table."""
    above = [b for b in page.blocks if b.end <= table.start and b.kind not in _RUNNING]
    if not above or above[-1].kind == BlockKind.TABLE:
        return ""
    text = _text(page, above[-1])
    return text if len(text) <= _TITLE_LENGTH else ""


_RUNNING = (BlockKind.HEADER, BlockKind.FOOTER)
_TITLE_LENGTH = 140


def _text(page: Page, block: Block) -> str:
    return " ".join(page.text[block.start : block.end].split())

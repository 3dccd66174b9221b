"""What stands around a figure in a table: its section, headers, caption and heading."""

import re
from dataclasses import dataclass

from esg.domain import Block, BlockKind, Page, Table
from esg.kpi.rows import last_section

_METHODS = (
    ("market", re.compile(r"(?i:\bmarket\b|\bmarktb(?:asiert|ezogen))|\bMBM?\b")),
    ("location", re.compile(r"(?i:\blocation\b|\bstandortb(?:asiert|ezogen))|\bLBM?\b")),
)
_BOUNDARY = re.compile(
    r"\b(?:operational(?:ly)? control\w*|financial control|equity share|"
    r"[\w&’' ]{0,30}controlled(?: properties)?|(?:total |entire )?portfolio|landlord|"
    r"(?:excluding|including) [\w&’', -]{2,40}|without [\w&’' -]{2,30}|continuing operations)\b",
    re.IGNORECASE,
)
_RESTATED = re.compile(r"\brestate[ds]?|\brecalculated|\badjusted", re.IGNORECASE)
_LINES = 3  # above a table
_TITLES = (BlockKind.PARAGRAPH, BlockKind.CAPTION, BlockKind.HEADING, BlockKind.LIST, BlockKind.FOOTNOTE)
_UNIT_NOTE = re.compile(
    r"(?:all|the|unless)?\W*(?:figures|values|data|numbers|amounts|emissions|units)\b.{0,30}\b(?:in|as)\b",
    re.IGNORECASE,
)
TITLE_LENGTH = 140  # characters; what is longer is running text


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


def names_both_methods(text: str) -> bool:
    return all(pattern.search(text) for _, pattern in _METHODS)


def boundary(*texts: str) -> str:
    """The organisational boundary that a heading or caption names."""
    found = (m for text in texts if (m := _BOUNDARY.search(text)))
    return " ".join(next((m[0] for m in found), "").split())


def is_restated(*texts: str) -> bool:
    return any(_RESTATED.search(text) for text in texts)


def headings_above(page: Page, position: int) -> str:
    """The last two headings before a place, the nearer one first."""
    above = [b for b in page.blocks if b.kind == BlockKind.HEADING and b.end <= position]
    return " | ".join(line(page, block) for block in reversed(above[-2:]))


def captions(page: Page) -> list[str]:
    """What each table of a page is called.

    A table without a caption is called by the short lines above it; right below another table, it is called
    by that one's last row if this is nothing but a label, else it goes on with what that one was called.
    """
    called: list[str] = []
    for place, table in enumerate(page.tables):
        before = page.tables[place - 1] if place else None
        lines = _lines_above(page, table)
        if table.caption or before is None or lines:
            called.append(" | ".join(dict.fromkeys(text for text in (table.caption, *lines) if text)))
        else:
            called.append(last_section(page, before) or called[-1])
    return called


def _lines_above(page: Page, table: Table) -> list[str]:
    """The short lines right above a table, the nearest first; none where another table is there."""
    above = [b for b in page.blocks if b.end <= table.start and not b.kind.is_running]
    lines = []
    for block in reversed(above[-_LINES:]):
        text = line(page, block)
        is_sentence = text.endswith(".") and not _UNIT_NOTE.match(text)
        if block.kind not in _TITLES or len(text) > TITLE_LENGTH or is_sentence:
            break
        lines.append(text)
    return lines


def line(page: Page, block: Block) -> str:
    """The text of a block without its line breaks."""
    return " ".join(page.text[block.start : block.end].split())

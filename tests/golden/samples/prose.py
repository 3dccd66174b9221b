"""Prose in a small markup → flowables.

A blank line parts blocks. `# `, `## `, `### ` are headings, `! ` a lead paragraph, `- ` a bullet.
Within a block `**bold**`, `*italic*` and `^1^`, a footnote marker.
"""

import re
from collections.abc import Iterator

from look import Look
from reportlab.platypus import Flowable, Paragraph

HEADINGS = {"# ": "h1", "## ": "h2", "### ": "h3", "! ": "lead"}


def flow(text: str, look: Look) -> Iterator[Flowable]:
    """Every block of `text` as a paragraph in its style."""
    for block in re.split(r"\n\s*\n", text.strip()):
        yield from _block(block.strip(), look)


def _block(block: str, look: Look) -> Iterator[Flowable]:
    if block.startswith("- "):
        yield from _bullets(block, look)
        return
    for mark, style in HEADINGS.items():
        if block.startswith(mark):
            yield paragraph(block.removeprefix(mark), style, look)
            return
    yield paragraph(block, "text", look)


def _bullets(block: str, look: Look) -> Iterator[Flowable]:
    items = re.split(r"(?:^|\n)\s*- ", block)[1:]
    for item in items:
        yield paragraph(item, "bullet", look, bullet="•")


def paragraph(text: str, style: str, look: Look, bullet: str | None = None) -> Paragraph:
    return Paragraph(rich(text, look), look.style(style), bulletText=bullet)


def rich(text: str, look: Look) -> str:
    """The markup reportlab reads, with the ligatures and the CO2 of this report's typesetting."""
    text = _spaced(text).replace("&", "&amp;").replace("<", "&lt;")
    if look.ligatures:
        text = text.replace("fi", "\ufb01").replace("fl", "\ufb02")
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)
    text = re.sub(r"\^(\w+)\^", rf"<super size='{look.size * 0.62:.1f}'>\1</super>", text)
    return text.replace("CO2", "CO" + look.subscript.format(size=f"{look.size * 0.68:.1f}"))


def plain(text: str) -> str:
    """The text a reader sees, without marks of style and without footnote markers."""
    return re.sub(r"\^\w+\^|\*", "", _spaced(text))


def markers(text: str) -> list[str]:
    """The footnote markers of a text, in order."""
    return re.findall(r"\^(\w+)\^", text)


def _spaced(text: str) -> str:
    """The text with single blanks; no-break spaces stay."""
    return re.sub(r"[ \t\n]+", " ", text).strip(" ")

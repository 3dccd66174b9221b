"""bytes of a Word document → pages, and what the file says about itself."""

import re
from dataclasses import replace
from html import escape

from esg.domain import Page
from esg.errors import Rejected
from esg.extract.docx.body import Body
from esg.extract.docx.package import Package
from esg.extract.docx.styles import Styles
from esg.extract.docx.xml import Attributes
from esg.extract.html import read_html
from esg.extract.identity import About

_DAY = re.compile(r"(\d{4})-\d\d-\d\d")


def read_docx(data: bytes, *, document_id: str, max_pages: int) -> tuple[tuple[Page, ...], About]:
    """Read a Word document; raises `Rejected`: corrupt, encrypted, no_text, too_many_pages."""
    package = Package(data)
    core = _Core()
    package.read(package.part("core-properties"), core)
    html = to_html(package, title=core.said.get("title", ""), author=core.said.get("creator", ""))
    if not html:
        raise _no_text()
    try:
        read = read_html(html.encode(), document_id=document_id, max_pages=max_pages, charset="utf-8")
    except Rejected as reason:  # none that anybody sees
        raise _no_text() if reason.code == "no_text" else reason from reason
    made_on = _DAY.match(core.said.get("created", ""))
    year = int(made_on[1]) if made_on else None
    return read.pages, replace(read.about, created=year, made_on=made_on[0] if made_on else "")


def _no_text() -> Rejected:
    return Rejected(
        "The Word document holds no text; it may be made of pictures.",
        code="no_text",
        next_step="Print it to PDF and send that: a PDF's pictures are read by OCR.",
    )


def to_html(package: Package, *, title: str = "", author: str = "") -> str:
    """Write a document as a web page whose page breaks are its own; "" for one without text."""
    styles = Styles()
    package.read(package.part("styles"), styles)
    notes = {kind: Body(styles, footnotes={}, endnotes={}) for kind in ("footnotes", "endnotes")}
    for kind, part in notes.items():
        package.read(package.part(kind), part)
    body = Body(styles, footnotes=notes["footnotes"].notes, endnotes=notes["endnotes"].notes)
    package.read(package.main, body)
    if not body.has_text:
        return ""
    about = f'<title>{escape(title)}</title><meta name="author" content="{escape(author)}">'
    paper = f";background:{body.paper}" if body.paper else ""
    css = f"font-size:{styles.body_points:g}pt{paper}"
    return f'<!DOCTYPE html><html><head>{about}</head><body style="{css}">{body.html}</body></html>'


class _Core:
    """Told the elements of core.xml: title, creator, created …"""

    def __init__(self) -> None:
        self.said: dict[str, str] = {}
        self._element = ""

    def start(self, tag: str, attributes: Attributes) -> None:
        self._element = tag

    def end(self, tag: str) -> None:
        self._element = ""

    def text(self, data: str) -> None:
        if self._element:
            self.said[self._element] = (self.said.get(self._element, "") + data)[:1000]

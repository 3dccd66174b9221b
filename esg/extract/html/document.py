"""bytes of a web page → pages, and what the page says about itself."""

import re

from selectolax.lexbor import LexborHTMLParser

from esg.domain import Page
from esg.errors import Rejected
from esg.extract.html.charset import decode
from esg.extract.html.flow import read_flow
from esg.extract.html.furniture import label_pages
from esg.extract.html.headings import mark_headings
from esg.extract.html.layout import lay_out
from esg.extract.html.paginate import paginate
from esg.extract.html.style import Sheet
from esg.extract.identity import About

_LOOKS_LIKE_XML = re.compile(
    r"\s*(?:<\?xml|<!DOCTYPE[^>]{0,200}XHTML)|<html[^>]{0,2000}\bxmlns\s*=", re.IGNORECASE
)
_SELF_CLOSED = re.compile(r"""<([a-zA-Z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/>""")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905


def read_html(
    data: bytes, *, document_id: str, max_pages: int, charset: str = ""
) -> tuple[tuple[Page, ...], About]:
    """Read a web page; raises `Rejected` (`no_text`, `too_many_pages`)."""
    tree = LexborHTMLParser(_open_and_close(decode(data, charset=charset)))
    if tree.body is None:
        raise _no_text()
    sheet = Sheet("\n".join(node.text() for node in tree.css("style")))
    sheets, labels = label_pages(paginate(mark_headings(read_flow(tree.body, sheet))))
    if not sheets:
        raise _no_text()
    if len(sheets) > max_pages:
        raise too_many_pages(len(sheets), max_pages)
    pages = tuple(
        lay_out(sheet, document_id=document_id, number=number, label=label)
        for number, (sheet, label) in enumerate(zip(sheets, labels, strict=True), 1)
    )
    return pages, _about(tree)


def _open_and_close(text: str) -> str:
    """Write `<a id="x"/>` of XHTML as `<a id="x"></a>`: an HTML parser takes it for an opening tag."""
    if not _LOOKS_LIKE_XML.search(text[:5000]):
        return text
    return _SELF_CLOSED.sub(_opened_and_closed, text)


def _opened_and_closed(match: re.Match[str]) -> str:
    tag, attributes = match[1], match[2]
    return match[0] if tag.lower() in _VOID else f"<{tag}{attributes}></{tag}>"


def _about(tree: LexborHTMLParser) -> About:
    title = tree.css_first("title")
    facts = {
        node.attributes.get("name") or "": node.text(strip=True)
        for node in tree.css("ix\\:nonnumeric")
        if (node.attributes.get("name") or "").startswith("dei:")
    }
    year = facts.get("dei:DocumentFiscalYearFocus", "")
    return About(
        title=" ".join(title.text().split()) if title else "",
        author=_meta(tree, "author") or _meta(tree, "og:site_name"),
        company=facts.get("dei:EntityRegistrantName", ""),
        year=int(year) if re.fullmatch(r"(?:19|20)\d\d", year) else None,
    )


def _meta(tree: LexborHTMLParser, name: str) -> str:
    node = tree.css_first(f'meta[name="{name}"], meta[property="{name}"]')
    return " ".join((node.attributes.get("content") or "").split()) if node else ""


def _no_text() -> Rejected:
    return Rejected(
        "The web page holds no text; it may be drawn by scripts.",
        code="no_text",
        next_step="Open it in a browser, print it to PDF and send that.",
    )


def too_many_pages(pages: int, max_pages: int) -> Rejected:
    return Rejected(
        f"It has {pages} pages; the limit is {max_pages}.",
        code="too_many_pages",
        next_step="Send the part that matters, or raise ESG_MAX_PAGES.",
    )

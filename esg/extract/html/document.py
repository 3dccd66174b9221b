"""bytes of a web page → pages, and what the page says about itself."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from esg.domain import Fact, Page
from esg.errors import Rejected
from esg.extract.html.charset import decode
from esg.extract.html.flow import read_flow
from esg.extract.html.furniture import label_pages
from esg.extract.html.headings import mark_headings
from esg.extract.html.ixbrl import read_about, read_facts, read_tags, with_known_prefix
from esg.extract.html.ixbrl.tags import Tags
from esg.extract.html.layout import lay_out
from esg.extract.html.paginate import paginate
from esg.extract.html.style import Sheet
from esg.extract.identity import About

_LOOKS_LIKE_XML = re.compile(
    r"\s*(?:<\?xml|<!DOCTYPE[^>]{0,200}XHTML)|<html[^>]{0,2000}\bxmlns\s*=", re.IGNORECASE
)
_SELF_CLOSED = re.compile(r"""<([a-zA-Z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*/>""")
_TAG = re.compile(r"<ix:non(?:fraction|numeric)\b", re.IGNORECASE)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905


class Read(NamedTuple):
    """A web page as pages, what inline XBRL tags on them, and what the page says about itself."""

    pages: tuple[Page, ...]
    facts: tuple[Fact, ...]
    about: About


def read_html(data: bytes, *, document_id: str, max_pages: int, charset: str = "") -> Read:
    """Read a web page; raises `Rejected` (`no_text`, `too_many_pages`)."""
    text = with_known_prefix(_open_and_close(decode(data, charset=charset)))
    tree = _parsed(text)
    if tree.body is None or tree.root is None:
        raise _no_text()
    tagged = read_tags(tree.root) if _TAG.search(text) else Tags([], {})
    sheet = Sheet("\n".join(node.text() for node in tree.css("style")))
    flow = read_flow(tree.body, sheet, tagged.numbers)
    sheets, labels = label_pages(paginate(mark_headings(flow.items)))
    if not sheets:
        raise _no_text()
    if len(sheets) > max_pages:
        raise too_many_pages(len(sheets), max_pages)
    printed = [
        lay_out(sheet, document_id=document_id, number=number, label=label)
        for number, (sheet, label) in enumerate(zip(sheets, labels, strict=True), 1)
    ]
    places = [place for page in printed for place in page.tags]
    facts = tuple(read_facts(tree.root, tagged.tags, places)) if tagged.tags else ()
    first, *others = (page.page for page in printed)
    # A web page has no pages of its own: what nobody sees on it is told once.
    return Read((replace(first, hidden=flow.hidden), *others), facts, _about(tree, facts))


def _parsed(text: str) -> LexborHTMLParser:
    """Every text is HTML (HTML Standard 13.2): lexbor gives up for want of memory alone."""
    try:
        return LexborHTMLParser(text)
    except SelectolaxError as error:
        raise MemoryError(f"lexbor: {error}") from error


def _open_and_close(text: str) -> str:
    """Write `<a id="x"/>` of XHTML as `<a id="x"></a>`: an HTML parser takes it for an opening tag."""
    if not _LOOKS_LIKE_XML.search(text[:5000]):
        return text
    return _SELF_CLOSED.sub(_opened_and_closed, text)


def _opened_and_closed(match: re.Match[str]) -> str:
    tag, attributes = match[1], match[2]
    return match[0] if tag.lower() in _VOID else f"<{tag}{attributes}></{tag}>"


def _about(tree: LexborHTMLParser, facts: Sequence[Fact]) -> About:
    title = tree.css_first("title")
    return replace(
        read_about(facts),
        title=" ".join(title.text().split()) if title else "",
        author=_meta(tree, "author") or _meta(tree, "og:site_name"),
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

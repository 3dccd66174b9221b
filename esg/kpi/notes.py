"""A raised mark in a table → the footnote of the page that it points to."""

import re

from esg.domain import BlockKind, Page, Table

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲ", "0123456789abcdefghij")
_MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[ᵃᵇᶜᵈᵉᶠᵍʰⁱʲ]")
_KINDS = (BlockKind.FOOTNOTE, BlockKind.LIST, BlockKind.PARAGRAPH, BlockKind.CAPTION)
_BELOW = 3  # blocks under a table that may be its notes
_SCALE = re.compile(
    r"\b(?:all|figures?|values?|emissions|data|amounts?|numbers?|quantities)\b[^.;]{0,60}?"
    r"\bin (?:units of )?(?:thousands?|millions?|billions?|1[,.\s]?000|kilo\w+|mega\w+)[^.;]{0,30}",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\W*(?:all |the )?(?:figures?|values?|data|amounts?|numbers?|emissions)\b[^.;]{0,40}?"
    r"\bin (?:metric )?(?:tonn?es\b|tons\b|t ?co2|[kmg]wh\b|[gt]j\b|m[3³])[^.;]{0,30}",
    re.IGNORECASE,
)
_LONGEST_UNIT = 120  # characters of a note that says the unit and no more


def footnotes(page: Page, position: int, *texts: str) -> list[str]:
    """Give the footnotes that the raised marks in some texts at a place point to."""
    marks = {m[0].translate(_RAISED) for text in texts for m in _MARK.finditer(text)}
    return [note for mark in sorted(marks) if (note := _footnote(page, position, mark))]


def _footnote(page: Page, position: int, mark: str) -> str:
    """The text of a note from its mark to the next mark or the end of its block; "" where there is none.

    Of several on a page it is the first below the place, else the first of all.
    """
    pattern = re.compile(
        rf"(?:^|\s)[(\[⁽]?{mark}[)\]⁾.:]{{0,2}}\s+(?=[A-Z“])(.+?)(?=\s[(\[]?\w[)\].:]{{0,2}}\s[A-Z]|$)",
        re.DOTALL,
    )
    found = (
        match[1]
        for block in sorted(page.blocks, key=lambda block: block.start < position)
        if block.kind in _KINDS
        and (match := pattern.search(page.text[block.start : block.end].translate(_RAISED)))
    )
    return next(found, "")


def scale_below(page: Page, table: Table) -> str:
    """What a note right below a table says of the unit or scale of its figures; "" where none does."""
    below = [block for block in page.blocks if block.start >= table.end and block.kind in _KINDS][:_BELOW]
    texts = [page.text[b.start : b.end] for b in below]
    scales = (match[0] for text in texts if (match := _SCALE.search(text)))
    named = (match[0] for t in texts if len(t) <= _LONGEST_UNIT and (match := _UNIT.match(t)))
    return next(scales, "") or next(named, "")

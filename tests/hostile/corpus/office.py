"""Word documents: bombs, entities, depth, styles in a circle, parts that lie, hidden and hostile words."""

import zipfile
from collections.abc import Iterator

from tests.fakes import word
from tests.fakes.word import paragraph, run, table
from tests.hostile.case import Case, case
from tests.hostile.corpus.words import HOSTILE, LONG, ORDER, REPORT

BODY = "".join(map(paragraph, REPORT))
ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]><a>&c;&f;</a>'
)


def cases() -> Iterator[Case]:
    yield case("report", "the part of a plain document: what mutants begin with", word.main_part(BODY))
    yield case("stored", "parts that are not packed", word.write(BODY, packed=zipfile.ZIP_STORED))
    rows = tuple((f"Scope {n}, t", f"{n},234", f"{n},300") for n in (1, 2, 3))
    yield case("table", "a table", word.main_part(BODY + table(("t", "2024", "2023"), *rows, header=True)))
    hidden = paragraph(run(ORDER, "<w:vanish/>"), run(ORDER, '<w:color w:val="FFFFFF"/>'))
    yield case("hidden", "orders that nobody sees", word.main_part(BODY + hidden))
    yield case(
        "words", "words that are hostile wherever they stand", word.write("".join(map(_clean, HOSTILE)))
    )
    yield case("long", "a word of 32,000 letters", word.write(BODY + paragraph(LONG)))
    yield case("entities", "a document type with entities", word.write(BODY, document=ENTITIES))
    yield case("circle", "styles based on each other", word.write(paragraph(REPORT[0], style="A")))
    yield from _lies()
    yield from _deep()
    yield case("bomb", "300 MB of one part in 300 KB", lambda: word.write(paragraph("a" * 300_000_000)))
    yield case(
        "breaks", "200,000 pages", lambda: word.write('<w:p><w:r><w:br w:type="page"/></w:r></w:p>' * 200_000)
    )


def _clean(text: str) -> str:
    """A paragraph of what XML can hold."""
    return paragraph("".join(sign for sign in text if sign.isprintable() or sign in "\u202e\u202c\u2066"))


def _lies() -> Iterator[Case]:
    loop = '<Relationships><Relationship Type="/officeDocument" Target="{}"/></Relationships>'
    for target in ("_rels/.rels", "../../etc/passwd", "/etc/passwd", "word/document.xml", "", "a" * 60_000):
        parts = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": loop.format(target).encode()}
        yield case(f"main {target[:20]!r}", "a document that is elsewhere", word.package(parts))
    whole = word.write(BODY)
    yield case("cut", "its end is missing", whole[: len(whole) // 2])
    yield case("span", "a cell over more columns than there are", word.write(_spanning("9999")))
    yield case("no number", "a span that is none", word.write(_spanning("²")))


def _spanning(columns: str) -> str:
    wide = word.in_cell("wide", f'<w:gridSpan w:val="{columns}"/>')
    return BODY + table((wide, "1"), ("a", "2"))


def _deep() -> Iterator[Case]:
    for tag in ("w:sdt", "w:p", "w:tbl", "w:r", "w:txbxContent", "mc:AlternateContent", "w:footnote"):
        deep = f"<{tag}>" * 30_000 + paragraph(REPORT[1]) + f"</{tag}>" * 30_000
        yield case(f"deep {tag}", "30,000 elements in one another", word.write(BODY + deep))

"""PDFs: bombs, cycles, lies of the cross references, a million objects, words that nobody sees."""

import zlib
from collections.abc import Iterator

from tests.hostile.case import Case, case
from tests.hostile.corpus.words import HOSTILE, LONG, ORDER, REPORT

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
RESOURCES = b"<</Font<</F1 5 0 R>>>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
MILLION = 1_000_000


def assemble(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first of them its catalogue."""
    parts, places, at = [b"%PDF-1.7\n"], [], 9
    for number, body in enumerate(objects, 1):
        places.append(at)
        parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        at += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table))
    parts.append(b"trailer<</Size %d/Root 1 0 R%b>>\n" % (len(objects) + 1, trailer))
    parts.append(b"startxref\n%d\n%%%%EOF" % at)
    return b"".join(parts)


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), more, data)


def packed(data: bytes, more: bytes = b"", *, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter[%b]%b" % (b"/FlateDecode" * times, more))


def page(
    content: bytes,
    *more: bytes,
    box: bytes = b"[0 0 612 792]",
    resources: bytes = RESOURCES,
    about: bytes = b"",
) -> bytes:
    """A PDF of one page; `more` are the objects from number 6 on."""
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox%b/Contents 4 0 R/Resources%b%b>>" % (box, resources, about)
    return assemble(CATALOG, PAGES, leaf, content, FONT, *more)


def shown(text: str, y: int = 700) -> bytes:
    hexed = text.encode("cp1252", "replace").hex().encode()
    return b"BT /F1 11 Tf 1 0 0 1 50 %d Tm <%b> Tj ET\n" % (y, hexed)


def report(extra: bytes = b"") -> bytes:
    """A page that can be read, with something beside what it says."""
    return stream(b"".join(shown(text, 700 - 20 * row) for row, text in enumerate(REPORT)) + extra)


def cases() -> Iterator[Case]:
    yield from _seeds()
    yield from _cycles()
    yield from _bombs()
    yield from _lies()
    yield from _hidden()
    yield from _polyglots()


def _seeds() -> Iterator[Case]:
    yield case("report", "a plain page: what mutants begin with", page(report()))
    table = b"".join(
        shown(f"Scope {row}", 600 - 20 * row)
        + b"BT /F1 11 Tf 1 0 0 1 300 %d Tm (1,2%d4) Tj ET\n" % (600 - 20 * row, row)
        for row in (1, 2, 3)
    )
    rules = b"".join(b"50 %d 400 0.5 re f\n" % (610 - 20 * row) for row in (0, 1, 2, 3))
    yield case("table", "a table with rules", page(report(table + rules)))
    form = stream(
        shown("in a form", 500), b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources" + RESOURCES
    )
    resources = b"<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>"
    yield case("form", "a form", page(report(b"q .5 0 0 .5 9 9 cm /X Do Q"), form, resources=resources))
    yield case("turned", "a page on its side", page(report(), about=b"/Rotate 90/CropBox[10 10 500 700]"))
    about = b"/Outlines 6 0 R/PageLabels<</Nums[0<</S/r>>]>>"
    labelled = assemble(
        CATALOG[:-2] + about + b">>", PAGES, b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>", report(), FONT
    )
    yield case("labels", "page labels without a box or a font", labelled)


def _cycles() -> Iterator[Case]:
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"
    tree = b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2/Parent 2 0 R>>"
    yield case(
        "page tree cycle", "a page tree that is its own child", assemble(CATALOG, tree, leaf, report(), FONT)
    )
    nested = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (n + 3) for n in range(3000)]
    yield case("page tree depth", "3,000 page trees in one another", assemble(CATALOG, *nested, leaf))
    me = stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    yield case(
        "form cycle",
        "a form that draws itself",
        page(stream(b"/X Do"), me, resources=b"<</XObject<</X 6 0 R>>>>"),
    )
    yield case("contents cycle", "contents that are a list of themselves", page(b"[4 0 R 4 0 R 4 0 R]"))
    yield case(
        "length cycle", "a stream as long as itself", page(b"<</Length 4 0 R>>\nstream\nBT ET\nendstream")
    )
    glyphs = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65/LastChar 65/Widths[9]"
    type3 = (
        glyphs + b"/Encoding<</Differences[65/a]>>/CharProcs<</a 7 0 R>>/Resources<</Font<</F1 6 0 R>>>>>>"
    )
    own = stream(b"9 0 d0 BT /F1 9 Tf (AAAA) Tj ET")
    yield case(
        "glyph cycle", "a letter that is drawn with itself",
        page(stream(b"BT /F1 9 Tf (AAAA) Tj ET"), type3, own, resources=b"<</Font<</F1 6 0 R>>>>"),
    )  # fmt: skip
    tile = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .01/YStep .01"
    tiles = stream(b"/Pattern cs /P scn 0 0 1 1 re f", tile + b"/Resources<</Pattern<</P 6 0 R>>>>")
    yield case(
        "pattern cycle", "a tile that is painted with itself",
        page(stream(b"/Pattern cs /P scn 0 0 600 700 re f"), tiles, resources=b"<</Pattern<</P 6 0 R>>>>"),
    )  # fmt: skip
    yield case("previous cycle", "cross references that go back to themselves", _previous_cycle)
    labels = CATALOG[:-2] + b"/PageLabels<</Kids[6 0 R]>>>>"
    ring = b"<</Kids[6 0 R 6 0 R]/Limits[0 9]>>"
    yield case(
        "label cycle",
        "labels that hold themselves: PDFium ends",
        lambda: assemble(labels, PAGES, leaf, report(), FONT, ring),
    )


def _previous_cycle() -> bytes:
    plain = page(report())
    start = plain.rindex(b"xref\n0")
    return plain.replace(b"trailer<<", b"trailer<</Prev %d" % start)


def _bombs() -> Iterator[Case]:
    yield case(
        "content bomb",
        "60 MB of operators in 60 KB",
        lambda: page(packed(b"BT /F1 9 Tf (x) Tj ET\n" * 2_700_000)),
    )
    yield case("double bomb", "256 MB packed twice", lambda: page(packed(bytes(2**28), times=2)))
    yield case("form bomb", "30 forms that each draw the next one four times", _form_bomb)
    yield case("million objects", "1,000,000 objects", lambda: assemble(CATALOG, PAGES, *[b"0"] * MILLION))
    yield case(
        "million letters", "a million letters on a page", lambda: page(packed(shown("e" * 1000) * 1000))
    )
    yield case("array depth", "100,000 lists in one another", page(stream(b"[" * 100_000 + b"]" * 100_000)))
    depth = b"<</A" * 50_000 + b" 0" + b">>" * 50_000
    yield case(
        "dictionary depth", "50,000 dictionaries in one another", page(report(), depth, about=b"/Extra 6 0 R")
    )
    yield case("state depth", "a million saved states", lambda: page(packed(b"q " * MILLION)))
    image = stream(
        b"x",
        b"/Type/XObject/Subtype/Image/Width 65535/Height 65535/BitsPerComponent 16/ColorSpace/DeviceCMYK",
    )
    yield case(
        "picture bomb",
        "a picture of 34 GB",
        page(stream(b"9 0 0 9 0 0 cm /X Do"), image, resources=b"<</XObject<</X 6 0 R>>>>"),
    )
    paths = lambda: page(packed(b"".join(b"%d %d 1 1 re f\n" % (n % 600, n % 700) for n in range(400_000))))
    yield case("path bomb", "400,000 rectangles", paths)
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap "
        + b"1 beginbfrange <00> <ff> <0041> endbfrange " * 20_000
    )
    font = FONT[:-2] + b"/ToUnicode 7 0 R>>"
    yield case(
        "letter table bomb",
        "a table of letters without end",
        page(report(), font, packed(cmap), resources=b"<</Font<</F1 6 0 R>>>>"),
    )
    title = b"/Info<</Title(" + b"A" * 3_000_000 + b")/CreationDate(D:99999999999999)>>"
    yield case(
        "title bomb",
        "a title of 3 MB",
        lambda: assemble(CATALOG, PAGES, b"<</Type/Page/Parent 2 0 R>>", report(), FONT, trailer=title),
    )
    yield case(
        "page bomb",
        "100,000 pages that are one",
        lambda: assemble(
            CATALOG,
            b"<</Type/Pages/Count 100000/Kids[" + b"3 0 R " * 100_000 + b"]>>",
            b"<</Type/Page/Parent 2 0 R>>",
        ),
    )


def _form_bomb() -> bytes:
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 5 0 R>>/XObject<</X %d 0 R>>>>"
    forms = [stream(b"/X Do " * 4 + shown("x"), head % (number + 7)) for number in range(30)]
    return page(stream(b"/X Do"), *forms, resources=b"<</XObject<</X 6 0 R>>>>")


def _lies() -> Iterator[Case]:
    for name, box in {
        "endless": b"[0 0 1e38 1e38]", "negative": b"[612 792 0 0]", "empty": b"[0 0 0 0]", "flat": b"[0 0 0 700]",
        "tiny": b"[0 0 .001 .001]", "words": b"[a b c d]", "short": b"[0 0]", "far": b"[1e9 1e9 1000000612 1000000792]",
        "poster": b"[0 0 200000 200000]", "strip": b"[0 0 1000000 1]",
    }.items():  # fmt: skip
        yield case(f"box {name}", "a page of an odd size", page(report(), box=box))
    for name, matrix in {
        "huge": b"1e30 0 0 1e30 0 0",
        "flat": b"0 0 0 0 0 0",
        "odd": b"1 2 .5 1 9 9",
        "none": b"nan inf 0 0 x y",
    }.items():
        yield case(
            f"matrix {name}", "text under an odd matrix", page(report(matrix + b" cm " + shown(REPORT[1])))
        )
    for name, size in {"zero": b"0", "negative": b"-11", "huge": b"1e20", "tiny": b"1e-20"}.items():
        yield case(
            f"size {name}",
            "letters of an odd size",
            page(stream(b"BT /F1 %b Tf 50 700 Td (Scope 1) Tj ET" % size)),
        )
    whole = page(report())
    yield case("cut", "a file that ends in the middle", whole[: len(whole) // 2])
    yield case(
        "no references", "a file without cross references", whole[: whole.rindex(b"xref\n0")] + b"%%EOF"
    )
    yield case(
        "wrong references", "cross references that point elsewhere", whole.replace(b"00000 n", b"00007 n")
    )
    yield case("no pages", "a page tree without pages", assemble(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"))
    yield case(
        "count lie",
        "a page tree that promises 2 billion pages",
        whole.replace(b"/Count 1", b"/Count 2147483647"),
    )
    yield case("negative count", "a page tree of less than nothing", whole.replace(b"/Count 1", b"/Count -1"))
    cipher = b"/Encrypt<</Filter/Standard/V 5/R 6/O(x)/U(y)/P -4/Length 99999>>/ID[(a)(b)]"
    yield case(
        "cipher", "an encryption that is none", assemble(CATALOG, PAGES, b"<</Type/Page>>", trailer=cipher)
    )
    acts = b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>/AA<</O<</S/Launch/F(/bin/sh)>>>>>>"
    yield case(
        "actions",
        "scripts and programs to start",
        assemble(
            CATALOG[:-2] + acts,
            PAGES,
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources" + RESOURCES + b">>",
            report(),
            FONT,
        ),
    )
    remote = stream(b"", b"/F(http://127.0.0.1:9/x)/FFilter/FlateDecode")
    yield case("remote stream", "contents that are at an address", page(remote))


def _hidden() -> Iterator[Case]:
    for name, before in {
        "white": b"1 g ", "without ink": b"BT 3 Tr ET ", "beside": b"1 0 0 1 5000 0 cm ", "clipped": b"0 0 1 1 re W n ",
        "tiny": b".001 0 0 .001 0 0 cm ",
    }.items():  # fmt: skip
        yield case(
            f"hidden {name}",
            "an order that nobody sees",
            page(report(b"q " + before + shown(ORDER, 300) + b"Q")),
        )
    for number, text in enumerate((*HOSTILE, LONG)):
        yield case(f"words {number}", "hostile words in sight", page(report(shown(text, 400))))
    letters = b"/Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>"
    turned = b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 3 beginbfchar <41> <202E> <42> <D800> <43> <DBFFDFFF0000001B> endbfchar endcmap"
    resources = b"<</Font<</F1 5 0 R/F2 6 0 R>>>>"
    text = report(b"BT /F2 11 Tf 50 300 Td (ABC ABBA CC) Tj ET")
    yield case(
        "letters",
        "letters that stand for controls and halves of pairs",
        page(text, b"<<" + letters, stream(turned), resources=resources),
    )


def _polyglots() -> Iterator[Case]:
    whole = page(report())
    yield case("PDF and page", "a PDF that is a web page", b"<html><body>%b</body></html>" % whole)
    yield case("late header", "a PDF behind a kilobyte of something else", b"GIF89a" + b"\0" * 1000 + whole)
    yield case("PDF twice", "two PDFs in a row", whole + whole)
    yield case("PDF and ZIP", "a PDF with a ZIP's end", whole + b"PK\x05\x06" + bytes(18))
    yield case(
        "junk", "nothing but a header", b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"startxref\n9\n%%EOF"
    )

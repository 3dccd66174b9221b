"""ZIPs and what is in them: bombs, paths out of the archive, links, lies of the directory, Office files."""

import io
import stat
import struct
import zipfile
from collections.abc import Iterator

from tests.hostile.case import Case, case
from tests.hostile.corpus.pages import BODY, page
from tests.hostile.corpus.pdfs import page as pdf_page
from tests.hostile.corpus.pdfs import report
from tests.hostile.corpus.words import HOSTILE, ORDER

WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
    f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{ORDER}</w:t></w:r></w:p></w:body></w:document>"
)


def archive(*files: tuple[str | zipfile.ZipInfo, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packed) as opened:
        for name, data in files:
            opened.writestr(name, data)
    return buffer.getvalue()


def cases() -> Iterator[Case]:
    web, pdf = page(BODY).encode(), pdf_page(report())
    plain = archive(("a.html", web), ("b/c.pdf", pdf))
    yield case("reports", "a plain archive: what mutants begin with", plain)
    yield case("stored", "files that are not packed", archive(("a.html", web), packed=zipfile.ZIP_STORED))
    yield from _paths(web)
    yield from _bombs(web)
    yield from _lies(plain)
    yield case(
        "Word",
        "a Word document with hidden runs",
        archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", WORD.encode())),
    )
    yield case(
        "package", "an ESEF package", archive(("META-INF/reports.json", b"{}"), ("reports/a.xhtml", web))
    )
    yield case(
        "archives",
        "an archive in an archive",
        archive(("a.zip", plain), ("b.zip", archive(("c.zip", plain)))),
    )
    yield case("ZIP and PDF", "an archive behind a PDF", pdf + plain)
    yield case("ZIP and page", "an archive behind a web page", web + plain)


def _paths(web: bytes) -> Iterator[Case]:
    for name in (
        "../../etc/passwd", "/etc/passwd", "..\\..\\x.html", "C:\\x.html", "a/../../x.html", "x.html\0.pdf", "..",
        "\u202efdp.exe", "a" * 60_000, "-rf", "CON", "a\nb.html", *HOSTILE[2:5],
    ):  # fmt: skip
        yield case(f"path {name[:24]!r}", "a path that tricks", archive((zipfile.ZipInfo(name), web)))
    link = zipfile.ZipInfo("link.html")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    yield case("link", "a link out of the archive", archive((link, b"/etc/passwd")))
    device = zipfile.ZipInfo("device.html")
    device.external_attr = (stat.S_IFCHR | 0o777) << 16
    yield case("device", "a device", archive((device, web)))


def _bombs(web: bytes) -> Iterator[Case]:
    yield case("bomb", "100 MB in 100 KB", lambda: archive(("a.html", bytes(10**8))))
    yield case("many", "5,000 files", lambda: archive(*((f"{n}.html", b"<p>x") for n in range(5000))))
    yield case("twice", "a name twice", _twice(web))
    yield case("overlap", "20 names of the same bytes", _overlapping(web))


def _twice(web: bytes) -> bytes:
    return archive(("a.html", web), ("b.html", web[::-1])).replace(b"b.html", b"a.html")


def _overlapping(web: bytes) -> bytes:
    """The directory's one record again and again: each names the bytes of the first."""
    plain = archive(("a.html", web))
    at = plain.index(b"PK\x01\x02")
    end = plain.index(b"PK\x05\x06")
    record = plain[at:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 20, 20, len(record) * 20, at, 0)
    return plain[:at] + record * 20 + tail


def _lies(plain: bytes) -> Iterator[Case]:
    at = plain.index(b"PK\x01\x02")
    for name, place, lie in (
        ("size", 24, b"\xff\xff\xff\x7f"), ("no size", 24, bytes(4)), ("method", 10, b"\x63\0"), ("flags", 8, b"\x01\0"),
        ("offset", 42, b"\xff\xff\xff\xff"), ("name length", 28, b"\xff\xff"), ("version", 6, b"\xff\xff"), ("checksum", 16, bytes(4)),
    ):  # fmt: skip
        yield case(
            f"lie {name}", "a directory that lies", plain[: at + place] + lie + plain[at + place + len(lie) :]
        )
    yield case("cut", "an archive that ends in the middle", plain[: len(plain) // 2])
    yield case(
        "ZIP64",
        "sizes of ZIP64",
        plain[:-22] + b"PK\x06\x06" + bytes(52) + b"PK\x06\x07" + bytes(16) + plain[-22:],
    )
    yield case("no directory", "an end without a directory", b"PK\x05\x06" + bytes(18))
    yield case("comment", "an end in a comment", plain[:-2] + b"\x16\0PK\x05\x06" + b"\xff" * 18)

"""ZIPs from outside: what comes out, what is refused by name, and that no bomb unpacks."""

import io
import stat
import struct
import zipfile

import pytest

from esg.errors import Rejected
from esg.fetch import ArchiveLimits, unpack

LIMITS = ArchiveLimits(max_files=10, max_file_bytes=1_000_000, max_bytes=1_500_000, max_ratio=100)
PDF = b"%PDF-1.7 " + bytes(range(256)) * 20


def packed(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return buffer.getvalue()


def names(data: bytes) -> dict[str, str]:
    """{file: "" or the code it is refused with}."""
    found = unpack(io.BytesIO(data), limits=LIMITS)
    return {one.name: one.refusal.code if one.refusal else "" for one in found}


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def test_files_come_out_as_they_went_in_and_folders_are_left_out() -> None:
    data = packed(("2024/", b""), ("2024/a.pdf", PDF), ("b.html", b"<html>"))

    found = list[tuple[str, bytes]]()
    for one in unpack(io.BytesIO(data), limits=LIMITS):
        assert one.file is not None
        one.file.seek(0)
        found.append((one.name, one.file.read()))

    assert found == [("2024/a.pdf", PDF), ("b.html", b"<html>")]


@pytest.mark.parametrize("name", ["../a.pdf", "/etc/a.pdf", "a/../../b.pdf", "C:/a.pdf", "..\\a.pdf"])
def test_a_path_that_leads_elsewhere_is_refused_and_the_rest_goes_on(name: str) -> None:
    assert list(names(packed((name, PDF), ("good.pdf", PDF))).values()) == ["bad_path", ""]


def test_a_link_is_refused() -> None:
    assert names(packed((link("a.pdf"), b"/etc/passwd"))) == {"a.pdf": "unsupported_source"}


def test_a_bomb_is_refused_by_its_ratio() -> None:
    assert names(packed(("bomb.pdf", b"%PDF" + b"\0" * 900_000), ("b.pdf", PDF))) == {
        "bomb.pdf": "archive_bomb",
        "b.pdf": "",
    }


def test_a_file_over_its_limit_and_files_over_the_limit_of_all_are_refused() -> None:
    noise = [bytes((n * k) % 251 for n in range(700_000)) for k in (1, 3, 7)]
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("huge.pdf", b"x" * 1_000_001)
        for number, data in enumerate(noise):
            archive.writestr(f"{number}.pdf", data)

    assert names(stored.getvalue()) == {
        "huge.pdf": "too_big",
        "0.pdf": "",
        "1.pdf": "",
        "2.pdf": "archive_too_big",
    }


def test_what_lies_about_its_size_ends_at_what_it_said() -> None:
    """The directory says 10 bytes, the data unpacks to 900,000: the reader stops, its checksum is wrong."""
    data = bytearray(packed(("a.pdf", b"%PDF" + b"\0" * 900_000)))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<L", 10)

    assert names(bytes(data)) == {"a.pdf": "damaged"}


def test_what_needs_a_password_is_refused() -> None:
    data = bytearray(packed(("a.pdf", PDF)))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1

    assert names(bytes(data)) == {"a.pdf": "encrypted"}


def test_damage_in_one_file_leaves_the_others() -> None:
    data = bytearray(packed(("a.pdf", PDF), ("b.pdf", PDF + b"b")))
    data[45] ^= 0xFF

    assert names(bytes(data)) == {"a.pdf": "damaged", "b.pdf": ""}


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"%PDF-1.7", packed(("a.pdf", PDF))[:-30], packed(("a.pdf", PDF))[-22:], b"PK\x05\x06" * 40],
)
def test_what_is_no_whole_archive_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        list(unpack(io.BytesIO(data), limits=LIMITS))
    assert refused.value.code in ("not_an_archive", "archive_too_big")


def test_a_place_before_the_file_begins_is_damage() -> None:
    """The directory's place is counted from its end: with fewer bytes before it, files begin earlier."""
    data = packed(("a.pdf", PDF), ("b.pdf", PDF[::-1]))
    at = data.index(b"PK\x01\x02")

    assert names(data[:20] + data[at:])["a.pdf"] == "damaged"


def test_too_many_names_are_refused_before_they_are_read() -> None:
    with pytest.raises(Rejected, match="more than 10 files"):
        next(unpack(io.BytesIO(packed(*((f"{n}.pdf", b"x") for n in range(11)))), limits=LIMITS))

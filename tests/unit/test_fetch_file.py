import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from esg.domain import MediaType
from esg.errors import Rejected
from esg.fetch import FetchLimits, expand, expand_asked, fetch

PDF = b"%PDF-1.7\nbody"
LIMITS = FetchLimits(max_bytes=1000)


def code_of(source: str | Path) -> str:
    with pytest.raises(Rejected) as refusal:
        fetch(str(source), limits=LIMITS)
    return refusal.value.code


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(PDF)

    fetched = fetch(str(path), limits=LIMITS)

    assert (fetched.source, fetched.data, fetched.media_type) == (str(path), PDF, MediaType.PDF)
    assert fetched.final_url == ""


def test_what_is_missing_is_not_found(tmp_path: Path) -> None:
    assert code_of(tmp_path / "missing.pdf") == "not_found"
    assert code_of("no\0name.pdf") == "not_found"


def test_a_folder_is_not_a_document(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "is_a_folder"


def test_a_pipe_without_a_writer_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")

    assert code_of(tmp_path / "pipe.pdf") == "unsupported_source"


def test_a_device_without_an_end_is_refused() -> None:
    assert code_of("/dev/zero") == "unsupported_source"


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(PDF.ljust(1000))
    assert len(fetch(str(path), limits=LIMITS).data) == 1000

    path.write_bytes(PDF.ljust(1001))
    assert code_of(path) == "too_big"


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").touch()

    assert code_of(tmp_path / "report.pdf") == "empty"


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Let the test be a user who may not read everything, as root may."""
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    yield
    if was_root:
        os.seteuid(0)


@pytest.mark.usefixtures("as_nobody")
def test_a_file_that_may_not_be_read_is_forbidden() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "report.pdf")
        path.write_bytes(PDF)
        path.chmod(0)

        assert code_of(path) == "forbidden"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://reports.example/report.pdf",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "http://",
        "http:///report.pdf",
        "http://user:secret@reports.example/report.pdf",
        "http://reports.example:99999/",
    ],
)
def test_only_plain_http_and_https_urls_are_fetched(url: str) -> None:
    with pytest.raises(Rejected) as refusal:
        fetch(url, limits=LIMITS)

    assert refusal.value.code == "unsupported_url"
    assert "secret" not in str(refusal.value)


# -- folders ----------------------------------------------------------------------------------------------


def test_a_folder_becomes_its_documents_sorted(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.pdf", "a.PDF", "more/c.html", "broken.pdf", ".hidden/d.pdf", ".e.pdf"):
        (tmp_path / name).write_bytes(b"" if name == "broken.pdf" else PDF)
    (tmp_path / "no-extension").write_bytes(PDF)
    (tmp_path / "notes.txt").write_bytes(b"plain")
    (tmp_path / "data.json").write_bytes(b"{}")

    found = [str(Path(path).relative_to(tmp_path)) for path in expand(str(tmp_path))]

    assert found == ["a.PDF", "b.pdf", "broken.pdf", "more/c.html", "no-extension"]


PAGE = b"<!doctype html><html><head><title>Report</title></head><body><p>Water</p></body></html>"


@pytest.mark.parametrize(
    ("name", "data", "is_taken"),
    [
        ("page", PAGE, True),
        ("page.html.1", PAGE, True),
        ("Acme Inc. 2024", PAGE, True),
        ("page.html", b"<p>too short to be one", True),
        ("template.j2", PAGE, False),
        ("template.html.j2", PAGE, False),
        ("component.vue", PAGE, False),
        ("picture.svg", b"<svg><title>x</title></svg>", False),
        ("report.bak", PDF, True),
    ],
)
def test_markup_with_the_ending_of_something_else_is_no_report(
    tmp_path: Path, name: str, data: bytes, is_taken: bool
) -> None:
    (tmp_path / name).write_bytes(data)

    assert expand(str(tmp_path)) == ([str(tmp_path / name)] if is_taken else [])


def test_anything_but_a_folder_is_its_own_list() -> None:
    assert expand("https://reports.example/") == ["https://reports.example/"]
    assert expand("missing.pdf") == ["missing.pdf"]


def test_an_empty_folder_is_an_empty_list(tmp_path: Path) -> None:
    assert expand(str(tmp_path)) == []


def test_who_asks_for_an_empty_folder_is_told(tmp_path: Path) -> None:
    (asked,) = expand_asked(str(tmp_path))
    with pytest.raises(Rejected, match="There is no PDF, HTML or DOCX in the folder"):
        fetch(asked, limits=LIMITS)


@pytest.mark.parametrize("nothing", ["", "  "])
def test_nothing_is_not_the_current_folder(nothing: str) -> None:
    assert expand(nothing) == [nothing]
    assert code_of(nothing) == "not_found"

"""Several processes read one document: what one would read, and one verdict whoever gets into trouble."""

import io
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from esg.domain import Fetched, Legibility
from esg.errors import Rejected
from esg.extract import Extraction, ParseLimits, extract, sandbox
from esg.fetch import from_bytes
from tests.fakes.processes import children_of, is_running, parsers_of

FAKES = Path(__file__).parents[1] / "fakes"
SAMPLES = Path(__file__).parents[1] / "golden" / "samples"
NUMBERS = " ".join(map(str, range(100))).encode()
LIMITS = ParseLimits(timeout_seconds=30, memory_bytes=768 * 1024**2, processes=3)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own limits are Linux's")


def run(parser: str, data: bytes = NUMBERS, *, limits: ParseLimits = LIMITS, **arguments: object) -> bytes:
    return sandbox.run(
        f"hostile_parsers:{parser}",
        data,
        arguments,
        limits=limits,
        import_from=[FAKES],
        modules=["csv"],
        is_for_team=True,
    )


# -- what a team is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("processes", "count"), [(1, 0), (1, 100), (2, 100), (3, 0), (3, 31), (3, 32), (3, 100)]
)
def test_each_page_is_one_members_and_all_know_what_all_found(processes: int, count: int) -> None:
    data = NUMBERS.split()[:count]

    members = json.loads(run("as_a_team", b" ".join(data), limits=replace(LIMITS, processes=processes)))

    assert [number for number, _, _ in members] == [*range(processes)]
    assert [page for _, mine, _ in members for page in mine] == [*range(count)]
    assert {total for _, _, total in members} == {sum(range(count))}
    busy = [mine for _, mine, _ in members if mine]
    assert len(busy) == (0 if not count else max(1, min(processes, count // 16)))


@pytest.mark.parametrize(
    ("trouble", "code", "whose"),
    [
        ("reject", "joke", 1),
        ("raise_error", "parser_failed", 1),
        ("die", "parser_failed", 2),
        ("segfault", "parser_crashed", 0),
        ("segfault", "parser_crashed", 2),
        ("abort", "parser_crashed", 1),
        ("hog", "parser_memory", 1),
        ("hog_natively", "parser_memory", 2),
        ("sleep", "parser_timeout", 1),
    ],
)
def test_one_verdict_whoever_gets_into_trouble(trouble: str, code: str, whose: int) -> None:
    limits = replace(LIMITS, timeout_seconds=2) if trouble == "sleep" else LIMITS
    with pytest.raises(Rejected) as refusal:
        run("as_a_team", limits=limits, trouble=trouble, whose=whose)

    assert refusal.value.code == code
    assert parsers_of(os.getpid()) == set()


@linux
@pytest.mark.parametrize("deed", ["open_a_socket", "fork", "write_a_file", "signal_the_worker"])
def test_each_member_is_confined(deed: str, tmp_path: Path) -> None:
    assert run("members_attempt", deed=deed, folder=str(tmp_path)) == b"refused refused refused"


@linux
def test_nobody_is_left_when_time_is_up() -> None:
    """Members are not known to who waits: all of their group is killed."""
    groups: set[int] = set()

    def look() -> None:
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            for parser in parsers_of(os.getpid()):
                groups.update(children_of(parser))
            time.sleep(0.01)

    watcher = threading.Thread(target=look)
    watcher.start()
    with pytest.raises(Rejected, match="longer"):
        run("members_wait", limits=replace(LIMITS, timeout_seconds=1))
    watcher.join()

    assert len(groups) == 2
    assert not any(is_running(pid) for pid in groups)


# -- what it reads ----------------------------------------------------------------------------------------


def bound(*parts: bytes) -> bytes:
    """One PDF of the pages of several."""
    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        document = pypdfium2.PdfDocument(part)
        whole.import_pages(document)
        document.close()
    sink = io.BytesIO()
    whole.save(sink)
    whole.close()
    return sink.getvalue()


def photographed(data: bytes, page: int) -> bytes:
    """The upper fifth of a page as a picture: each of its lines costs its readers time."""
    document = pypdfium2.PdfDocument(data)
    width, height = document[page].get_size()
    picture = document[page].render(scale=2, grayscale=True, crop=(0, height * 0.8, 0, 0)).to_pil()
    document.close()
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(width, height / 5), invariant=1)
    canvas.drawImage(ImageReader(picture), 0, 0, width, height / 5)
    canvas.showPage()
    canvas.save()
    return sink.getvalue()


@pytest.fixture(scope="module")
def long_report() -> Fetched:
    """A report of more than 48 pages, with pictures of pages among the first and the last ones."""
    samples = [path.read_bytes() for path in sorted(SAMPLES.glob("*.pdf"))]
    photo = photographed(samples[0], 2)
    return from_bytes(bound(*samples, photo, *samples, photo), name="bound.pdf")


def read(report: Fetched, processes: int, **limits: int) -> Extraction:
    return extract(report, limits=replace(ParseLimits(processes=processes), **limits))


@pytest.mark.parametrize("ocr_pages", [1, 40])
def test_several_processes_read_what_one_reads(long_report: Fetched, ocr_pages: int) -> None:
    alone = read(long_report, 1, ocr_pages=ocr_pages)
    legible = [page.legibility for page in alone.pages]

    assert len(alone.pages) > 48
    assert legible.count(Legibility.OCR) == min(ocr_pages, 2)
    for processes in (2, 3):
        assert read(long_report, processes, ocr_pages=ocr_pages) == alone


def test_a_page_tree_that_lies_is_a_rejection_whoever_finds_out(long_report: Fetched) -> None:
    """The pages that are not there would be the last member's."""
    pages = len(read(long_report, 1, ocr_pages=0).pages)
    promise, lie = (f"/Count {count}".encode() for count in (pages, pages + 10))
    assert long_report.data.count(promise) == 1
    broken = from_bytes(long_report.data.replace(promise, lie), name="broken.pdf")

    for processes in (1, 2, 3):
        with pytest.raises(Rejected) as refusal:
            read(broken, processes)
        assert refusal.value.code == "corrupt"


_SHORT_OF_PROCESSES = """
import json
import os
from esg.extract.sandbox import team
forks = iter([os.fork])
def fork():
    try:
        return next(forks)()
    except StopIteration:
        raise BlockingIOError("Resource temporarily unavailable") from None
team.os.fork = fork
members = team.split(4)
mine = [*members.share(100)]
if not members.leads:
    members.serve(lambda: str(mine).encode())
print([mine, *map(json.loads, members.results())])
"""


def test_a_team_is_smaller_where_there_is_no_room_for_more() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _SHORT_OF_PROCESSES], capture_output=True, text=True, check=True
    ).stdout

    first, second = json.loads(told)
    assert first + second == [*range(100)]
    assert min(len(first), len(second)) > 40

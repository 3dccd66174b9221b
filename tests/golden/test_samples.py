"""The sample reports: what their facts state is what the committed PDFs print."""

import json
import re
import subprocess
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

SAMPLES = Path(__file__).parent / "samples"
STEMS = sorted(path.stem for path in SAMPLES.glob("*.pdf"))
THEMES = ("TSP", "OSP", "DM", "GHG", "RD", "EI", "RMM")
HYPHENS = dict.fromkeys(map(ord, "-\u00ad\u0002\ufffe"))

Facts = dict[str, Any]


def squeezed(text: str) -> str:
    """Text without what typesetting adds: blanks, hyphens, ligatures."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(HYPHENS))


def generate(folder: Path) -> None:
    subprocess.run([sys.executable, SAMPLES / "generate.py", folder], check=True, timeout=240)


def drawn(name: str, data: bytes) -> bytes:
    """The file without what depends on the zlib at hand: packed streams, their lengths and places."""
    if not name.endswith(".pdf"):
        return data
    body = re.sub(rb"/Length \d+", b"", data[: data.rindex(b"\nxref")])
    return re.sub(rb"stream\r?\n(.*?)\r?\nendstream", lambda m: unpacked(m[1]), body, flags=re.DOTALL)


def unpacked(stream: bytes) -> bytes:
    return zlib.decompressobj().decompress(stream)


def quotes(facts: Facts) -> Iterator[tuple[int, str]]:
    for level in facts["levels"].values():
        yield from ((e["page"], e["quote"]) for e in level["evidence"])
    yield from ((s["page"], s["quote"]) for s in facts["kpis"] + facts["claims"])


@pytest.fixture(scope="module", params=STEMS)
def stem(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def facts(stem: str) -> Facts:
    stated: Facts = json.loads((SAMPLES / f"{stem}.facts.json").read_text(encoding="utf-8"))
    return stated


@pytest.fixture(scope="module")
def pdf(stem: str) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(SAMPLES / f"{stem}.pdf")
    yield document
    document.close()


@pytest.fixture(scope="module")
def texts(pdf: pypdfium2.PdfDocument) -> list[str]:
    return [squeezed(page.get_textpage().get_text_bounded()) for page in pdf]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    generate(folder)
    return folder


def test_generating_gives_the_committed_reports(generated: Path) -> None:
    committed = {p.name: p.read_bytes() for p in SAMPLES.iterdir() if p.suffix in (".pdf", ".json")}
    again = {p.name: p.read_bytes() for p in generated.iterdir()}

    assert set(again) == set(committed)
    assert [n for n in committed if drawn(n, again[n]) != drawn(n, committed[n])] == []


def test_generating_twice_gives_the_same_bytes(generated: Path, tmp_path: Path) -> None:
    generate(tmp_path)

    assert [p.name for p in generated.iterdir() if p.read_bytes() != (tmp_path / p.name).read_bytes()] == []


def test_a_sample_is_small(stem: str) -> None:
    assert (SAMPLES / f"{stem}.pdf").stat().st_size < 400_000


def test_pages_and_their_labels_are_as_stated(facts: Facts, pdf: pypdfium2.PdfDocument) -> None:
    assert len(pdf) == facts["pages"] == len(facts["labels"])
    assert [pdf.get_page_label(index) for index in range(len(pdf))] == facts["labels"]


def test_labels_are_printed_on_their_pages(facts: Facts, pdf: pypdfium2.PdfDocument) -> None:
    lines = [page.get_textpage().get_text_bounded().splitlines() for page in pdf]

    assert all(label in page for label, page in zip(facts["labels"], lines, strict=True) if label)


def test_every_quote_is_printed_on_its_page(facts: Facts, texts: list[str]) -> None:
    assert [quote for page, quote in quotes(facts) if squeezed(quote) not in texts[page - 1]] == []


def test_a_quote_is_no_longer_than_thirty_words(facts: Facts) -> None:
    assert [quote for _, quote in quotes(facts) if len(quote.split()) > 30] == []


def test_every_cell_is_printed_on_its_page(facts: Facts, texts: list[str]) -> None:
    cells = [(t["page"], cell) for t in facts["tables"] for row in t["rows"] for cell in row]

    assert [cell for page, cell in cells if squeezed(cell) not in texts[page - 1]] == []


def test_every_column_begins_as_stated(facts: Facts, texts: list[str]) -> None:
    openings = [(p["page"], words) for p in facts["two_column_pages"] for words in p["paragraphs"]]

    assert openings
    assert [words for page, words in openings if squeezed(words) not in texts[page - 1]] == []


def test_all_themes_are_judged_and_zero_may_go_without_evidence(facts: Facts) -> None:
    levels = facts["levels"]

    assert tuple(levels) == THEMES
    assert all(level["low"] <= level["level"] <= level["high"] for level in levels.values())
    assert all(len(level["evidence"]) >= 2 for level in levels.values() if level["level"])


def test_company_and_year_stand_on_the_cover_and_in_the_running_header(
    facts: Facts, texts: list[str]
) -> None:
    assert squeezed(facts["company"]) in texts[0]
    assert re.search(rf"{facts['year']}|/{facts['year'] % 100}", texts[0])
    assert all(facts["company"].split()[0] in text for text in texts[1:])

"""pages with a good text layer, made into pictures → how much of them OCR reads right.

Each chosen page is drawn, put into a PDF that holds nothing but its picture, and read again; the words of the
text layer are the truth.
"""

import io
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from PIL import Image

from esg.domain import Fetched, Legibility, MediaType, Page
from esg.extract import ParseLimits, Picture, extract, render_many
from esg.fetch import from_bytes

DPI = 200  # of the pictures
POINTS = 72  # an inch
FEWEST_LETTERS = 200  # on a page that is worth reading
_EDGES = ".,;:()[]“”\"'’‘*"
_ALIKE = str.maketrans("’‘“”−‐‑₂", "''\"\"---2")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class OcrCounts:
    """Words and numbers printed, those found again, and the words read that are not printed."""

    pages: int = 0
    words: int = 0
    words_found: int = 0
    numbers: int = 0
    numbers_found: int = 0
    words_read: int = 0
    numbers_read: int = 0
    seconds: float = 0.0

    def __add__(self, other: "OcrCounts") -> "OcrCounts":
        return OcrCounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {
            "word_recall": _share(self.words_found, self.words),
            "word_precision": _share(self.words_found, self.words_read),
            "number_recall": _share(self.numbers_found, self.numbers),
            "number_precision": _share(self.numbers_found, self.numbers_read),
            "seconds_a_page": _share(self.seconds, self.pages),
        }


def evaluate_ocr(document: Fetched, *, pages: int, limits: ParseLimits) -> OcrCounts:
    """Read up to `pages` pages of a PDF, evenly spread, from their pictures."""
    readable = [page for page in extract(document, limits=limits).pages if _is_worth(page)]
    chosen = readable[:: -(-len(readable) // pages)] if readable else []
    if not chosen:
        return OcrCounts()
    scan = as_scan(document.data, chosen)
    start = time.perf_counter()
    read = extract(from_bytes(scan, name="scan.pdf"), limits=limits).pages
    counts = OcrCounts(pages=len(chosen), seconds=round(time.perf_counter() - start, 2))
    return sum((compare(*pair) for pair in zip(chosen, read, strict=True)), counts)


def as_scan(data: bytes, pages: Sequence[Page]) -> bytes:
    """Make a PDF of nothing but the pictures of these pages, in grey, as a scanner does."""
    drawn = render_many(data, MediaType.PDF, [Picture(page, scale=DPI / POINTS) for page in pages])
    first, *others = [Image.open(io.BytesIO(png)).convert("L") for png in drawn]
    sink = io.BytesIO()
    first.save(sink, "PDF", resolution=DPI, save_all=True, append_images=others)
    return sink.getvalue()


def compare(printed: Page, read: Page) -> OcrCounts:
    words, found = Counter(_words(printed)), Counter(_words(read))
    numbers, found_numbers = _numbers(words), _numbers(found)
    return OcrCounts(
        words=words.total(),
        words_found=(words & found).total(),
        numbers=numbers.total(),
        numbers_found=(numbers & found_numbers).total(),
        words_read=found.total(),
        numbers_read=found_numbers.total(),
    )


def _is_worth(page: Page) -> bool:
    return page.legibility is Legibility.TEXT and len(page.text) >= FEWEST_LETTERS


def _words(page: Page) -> Iterable[str]:
    words = (word.translate(_ALIKE).strip(_EDGES) for word in page.text.split())
    return [word for word in words if word]


def _numbers(words: Counter[str]) -> Counter[str]:
    return Counter({word: count for word, count in words.items() if _DIGIT.search(word)})


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0

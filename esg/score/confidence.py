"""How sure a level is, 0..1: agreement of the criteria, breadth of evidence, legibility, freshness."""

from esg.score.levels import Standing

PLACES = 2  # decimals of every confidence in a scorecard
OCR_LOSS = 0.10  # where all pages were read from pictures: one letter in 500 is wrong
DECODED_LOSS = 0.03  # where all pages were deciphered: letters are right or missing, not now and then wrong


def freshness(year: int | None, as_of: tuple[int, int]) -> float:
    """What age takes away (DESIGN §4), counted from the end of the document's year to the rubric's `as_of`.

    A document without a known year loses nothing here: its age is said to be unknown instead.
    """
    if year is None:
        return 0.0
    months = (as_of[0] - year) * 12 + as_of[1] - 12
    return 0.0 if months <= 24 else 0.1 if months <= 36 else 0.2 if months <= 48 else 0.3


def of_level(standing: Standing, *, pages: int, unread: float) -> float:
    """Weigh agreement up to the level, distance from the next, pages with evidence, unread pages."""
    agreement = 0.35 * standing.held + 0.25 * (1 - standing.next_share)
    breadth = 0.15 * min(pages, 3) / 3
    return _clip(0.25 + agreement + breadth - 0.5 * unread)


def of_silence(*, read_pages: int, unread: float) -> float:
    """A long document that never speaks of a theme is surer to be silent than a leaflet."""
    return _clip(0.6 + 0.3 * min(read_pages, 20) / 20 - 0.5 * unread)


def of_ocr(*, by_ocr: float, decoded: float) -> float:
    """What reading by OCR takes away, by the shares of pages read so (docs/adr/ocr.md)."""
    return OCR_LOSS * (by_ocr - decoded) + DECODED_LOSS * decoded


def lowered(confidence: float, loss: float) -> float:
    return round(max(0.0, confidence - loss), PLACES)


def _clip(value: float) -> float:
    return round(min(0.95, max(0.05, value)), PLACES)

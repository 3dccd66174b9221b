"""How sure a level is, 0..1: the probability that it lies within the band of careful readers.

It says how well the report was read. Age takes nothing from that: it lowers the confidence of the overall
score, which is about the company today (`freshness`).

A level's support weighs agreement of the criteria, distance from the next level and pages with evidence;
what is missing from full support counts `DOUBT` times. That one number makes the mean confidence the share of
levels in the band; `esg eval levels LABELS --reports REPORTS --json` prints both, and the number that fits is
DOUBT x (1 - in_band) / (1 - mean confidence).

Fitted in November 2026 on 133 levels of 19 English reports: nine of the labelled ones, on which the rubric
was developed (63 of 63 in the band), and ten that were read without looking at our levels (65 of 70). All
together give 0.23, the ten alone 0.42. 0.3 is between: the rubric has learnt from the ten since; reports
that nobody has looked at will go a little worse. The expected calibration error (ten bins) was 0.13, and 0.28
with the loss by age in it; it is 0.01 on all and 0.04 on the ten, with 0.3 or fitted on the other documents.

Levels of other languages lose what their cue file states beside it (docs/adr/languages-are-data.md).
"""

from esg.score.levels import Standing

DOUBT = 0.3  # how much of what is missing from full support is a chance to be outside the band
PLACES = 2  # decimals of every confidence in a scorecard
OCR_LOSS = 0.10  # where all pages were read from pictures: one letter in 500 is wrong
DECODED_LOSS = 0.03  # where all pages were deciphered: letters are right or missing, not now and then wrong


def freshness(year: int | None, as_of: tuple[int, int]) -> float:
    """What age takes from the overall confidence (DESIGN §4).

    It is counted from the end of the document's year to the rubric's `as_of`.
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
    return _sure(0.25 + agreement + breadth, unread)


def of_silence(*, read_pages: int, unread: float) -> float:
    """A long document that never speaks of a theme is surer to be silent than a leaflet."""
    return _sure(0.6 + 0.3 * min(read_pages, 20) / 20, unread)


def of_ocr(*, by_ocr: float, decoded: float) -> float:
    """What reading by OCR takes away, by the shares of pages read so (docs/adr/ocr.md)."""
    return OCR_LOSS * (by_ocr - decoded) + DECODED_LOSS * decoded


def lowered(confidence: float, loss: float) -> float:
    return round(max(0.0, confidence - loss), PLACES)


def _sure(support: float, unread: float) -> float:
    """Turn support, 0..1, into a probability; pages that could not be read may say anything."""
    return round(min(0.99, max(0.05, 1 - DOUBT * (1 - support) - 0.5 * unread)), PLACES)

"""What every theme's reader should know about the documents as a whole."""

from collections.abc import Sequence

from esg.rubric import Rubric
from esg.score import confidence
from esg.score.examine import Examined
from esg.score.status import Readability


def notes_of(
    readable: Readability, examined: Sequence[Examined], year: int | None, rubric: Rubric
) -> list[str]:
    notes = []
    if readable.unread:
        notes.append(f"{readable.unread:.0%} of the pages could not be read.")
    if readable.by_ocr:
        notes.append(f"{readable.by_ocr:.0%} of the pages were read by OCR{_exactly(readable)}.")
    if readable.foreign > 0.1:
        notes.append(f"{readable.foreign:.0%} of the text is in a language without cues.")
    if loss := confidence.freshness(year, rubric.as_of):
        notes.append(f"The document is more than two years old: its overall confidence is lowered by {loss}.")
    if year is None:
        notes.append("The document's year is unknown, so its age is not taken into account.")
    return [*notes, *_left_out(examined)]


def _exactly(readable: Readability) -> str:
    """Say how many of the pages read by OCR have a text layer that was only deciphered by it."""
    if not readable.decoded:
        return ""
    return f" ({readable.decoded:.0%} by deciphering a text layer whose letters are not the printed ones)"


def _left_out(examined: Sequence[Examined]) -> list[str]:
    """Name the documents of a company-year that could not be judged, and why."""
    return [
        f"Document {number} was not judged: {one.readable.reason}"
        for number, one in enumerate(examined, 1)
        if one.readable.reason
    ]

"""The contents page: entries, dotted leaders, printed page labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from look import Look
from reportlab.platypus import Flowable


@dataclass(frozen=True)
class Contents:
    """Stands for the list of entries, which is known once the pages are labelled."""

    entries: Sequence[tuple[str, str]] = ()

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        return [_Line(entry, label, look, width) for entry, label in self.entries]


class _Line(Flowable):  # type: ignore[misc]  # reportlab is untyped
    def __init__(self, entry: str, label: str, look: Look, width: float) -> None:
        super().__init__()
        self.entry, self.label, self.look = entry, label, look
        self.width, self.height = width, look.size * 1.95

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        font, size = self.look.display.regular, self.look.size * 1.12
        dots = self.width - self.canv.stringWidth(self.entry + self.label, font, size) - 14
        count = int(dots / self.canv.stringWidth(" .", font, size))
        self.canv.setFont(font, size)
        self.canv.setFillColor(self.look.ink)
        self.canv.drawString(0, 4, self.entry)
        self.canv.drawRightString(
            self.width - self.canv.stringWidth(self.label, font, size) - 6, 4, " ." * count
        )
        self.canv.setFont(self.look.display.bold, size)
        self.canv.drawRightString(self.width, 4, self.label)

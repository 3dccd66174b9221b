"""A page between reading and writing: its words and lines in the upright frame."""

from dataclasses import dataclass

from esg.domain import Box
from esg.extract.frame import Frame
from esg.extract.lines import Line
from esg.extract.rulings import Rulings
from esg.extract.words import Token


@dataclass(frozen=True, slots=True)
class Sheet:
    number: int  # 1-based position in the file
    frame: Frame  # upright: most of the text runs from left to right
    quarter_turns: int  # clockwise, from the upright frame to the page as the reader sees it
    tokens: list[Token]
    lines: list[Line]
    rulings: Rulings
    file_label: str  # the page label the file declares, "" where none
    unmapped: float = 0.0  # share of the glyphs whose letter is a guess

    @property
    def size(self) -> tuple[float, float]:
        """The width and height of the page as the reader sees it."""
        width, height = self.frame.width, self.frame.height
        return (height, width) if self.quarter_turns % 2 else (width, height)

    def text(self, line: Line) -> str:
        return " ".join(self.tokens[i].text for i in line.words)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Turn a box to the page as the reader sees it and clip it there, to a hundredth of a point."""
        width, height = self.frame.width, self.frame.height
        x0, x1 = (min(max(x, 0.0), width) for x in (x0, x1))
        y0, y1 = (min(max(y, 0.0), height) for y in (y0, y1))
        for _ in range(self.quarter_turns % 4):
            x0, y0, x1, y1 = height - y1, x0, height - y0, x1
            width, height = height, width
        return Box(round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))

"""A page between reading and writing: its words and lines in the upright frame."""

from dataclasses import dataclass

import numpy as np

from esg.domain import Box, Legibility
from esg.extract.pdf.frame import Boxes, Frame, turn_boxes
from esg.extract.pdf.lines import Line
from esg.extract.pdf.rulings import Rulings
from esg.extract.pdf.words import Token
from esg.extract.rows import made


@dataclass(frozen=True, slots=True)
class Sheet:
    number: int  # 1-based position in the file
    frame: Frame  # upright: most of the text runs from left to right
    quarter_turns: int  # clockwise, from the upright frame to the page as the reader sees it
    tokens: list[Token]
    lines: list[Line]
    rulings: Rulings
    file_label: str  # the page label the file declares, "" where none
    legibility: Legibility = Legibility.TEXT
    hidden: int = 0  # letters of the text layer that nobody sees

    @property
    def index(self) -> int:
        """Its place in the file, counted from 0."""
        return self.number - 1

    @property
    def letters(self) -> int:
        return sum(len(token.text) for token in self.tokens)

    @property
    def size(self) -> tuple[float, float]:
        """The width and height of the page as the reader sees it."""
        width, height = self.frame.width, self.frame.height
        return (height, width) if self.quarter_turns % 2 else (width, height)

    def text(self, line: Line) -> str:
        return " ".join(self.tokens[i].text for i in line.words)

    def boxes(self, boxes: Boxes) -> list[Box]:
        """Turn boxes to the page as the reader sees it and clip them there, to a hundredth of a point."""
        width, height = self.frame.width, self.frame.height
        clipped = np.clip(boxes, 0, np.array((width, height, width, height), np.float32))
        turned = turn_boxes(clipped, quarter_turns=self.quarter_turns, width=width, height=height)
        return made(Box, turned.astype(np.float64).round(2).tolist())

"""The blocks of a page by the height they begin at → those right below a box, found without a look at all."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from esg.domain import Block, Box


class Shelf:
    """Blocks that begin at one height, from left to right."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = sorted(blocks, key=lambda block: block.box.x0)
        self._starts = [block.box.x0 for block in self._blocks]
        self._reach = list(accumulate((block.box.x1 for block in self._blocks), max))

    def overlapping(self, box: Box) -> Iterator[Block]:
        """Give the blocks that share some of a box's width, those that start on the right first."""
        for place in range(bisect_left(self._starts, box.x1) - 1, -1, -1):
            if self._reach[place] <= box.x0:
                return
            block = self._blocks[place]
            if min(block.box.x1, box.x1) > max(block.box.x0, box.x0):
                yield block


class Shelves:
    """The blocks of a page, from top to bottom."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        at: dict[float, list[Block]] = defaultdict(list)
        for block in blocks:
            at[block.box.y0].append(block)
        self._tops = sorted(at)
        self._shelves = [Shelf(at[top]) for top in self._tops]

    def below(self, box: Box, *, least: float, most: float) -> Iterator[Block]:
        """Give the blocks that share some of a box's width and begin `least` to `most` below its foot."""
        first = bisect_left(self._tops, least, key=lambda top: top - box.y1)
        last = bisect_right(self._tops, most, key=lambda top: top - box.y1)
        for shelf in self._shelves[first:last]:
            yield from shelf.overlapping(box)

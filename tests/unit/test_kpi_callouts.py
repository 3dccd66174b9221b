"""Figures set large: which block names them, and how much is looked at to find it."""

from random import Random

from esg.domain import Block, BlockKind, Box
from esg.kpi.beneath import Shelves

LEAST, MOST = -2.0, 12.0


def block(box: Box) -> Block:
    return Block(BlockKind.PARAGRAPH, 0, 1, box)


def is_below(box: Box, other: Block) -> bool:
    overlaps = min(box.x1, other.box.x1) > max(box.x0, other.box.x0)
    return overlaps and LEAST <= other.box.y0 - box.y1 <= MOST


def test_the_blocks_below_are_those_that_a_look_at_all_of_them_finds() -> None:
    random = Random(7)
    corners = [(random.randrange(0, 60, 3), random.randrange(0, 60, 4)) for _ in range(200)]
    blocks = [block(Box(x, y, x + random.randrange(0, 9), y + 4)) for x, y in corners]
    shelves = Shelves(blocks)

    for one in blocks:
        found = list(shelves.below(one.box, least=LEAST, most=MOST))
        assert sorted(found) == sorted(other for other in blocks if is_below(one.box, other))


class Counted(Block):
    """A block that counts how often it is asked where it stands."""

    asked = 0

    @property
    def box(self) -> Box:
        Counted.asked += 1
        return self[3]


def test_a_wide_table_costs_a_few_looks_a_cell() -> None:
    count = 2_000
    rows = [
        [Counted(BlockKind.PARAGRAPH, 0, 1, Box(x, y, x + 1, y + 10)) for x in range(count)] for y in (0, 12)
    ]
    Counted.asked = 0

    shelves = Shelves([*rows[0], *rows[1]])
    for cell in rows[0]:
        assert [b[3].x0 for b in shelves.below(cell[3], least=LEAST, most=MOST)] == [cell[3].x0]

    assert Counted.asked <= 8 * 2 * count

"""A mask → the boxes of what hangs together."""

import numpy as np
import pytest
from numpy.typing import NDArray

from esg.extract.ocr.regions import regions


def mask(*rows: str) -> NDArray[np.bool_]:
    return np.array([[letter == "#" for letter in row] for row in rows])


@pytest.mark.parametrize(
    ("drawn", "boxes", "pixels"),
    [
        (mask("...", "..."), [], []),
        (mask("##.", "##."), [[0, 0, 2, 2]], [4]),
        (mask("#.#", "#.#"), [[0, 0, 1, 2], [2, 0, 3, 2]], [2, 2]),
        (mask("#.#", "###"), [[0, 0, 3, 2]], [5]),
        (mask("..#", "#.."), [[2, 0, 3, 1], [0, 1, 1, 2]], [1, 1]),  # rows are not joined at the edge
        (mask("#.#.#", "#.#.#", "#####"), [[0, 0, 5, 3]], [11]),
    ],
)
def test_regions(drawn: NDArray[np.bool_], boxes: list[list[int]], pixels: list[int]) -> None:
    found, counts = regions(drawn)

    assert sorted(found.tolist()) == sorted(boxes)
    assert counts.tolist() == pixels


def test_a_spiral_is_one_region() -> None:
    spiral = mask("#######", "#.....#", "#.###.#", "#.#.#.#", "#.#...#", "#.#####", "#......")

    assert regions(spiral)[0].tolist() == [[0, 0, 7, 7]]

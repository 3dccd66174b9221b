"""Rules and shades → the spans that rows of tables lie between."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from esg.extract.pdf.frame import Boxes, Points
from esg.extract.pdf.rulings import Rulings

SAME_Y_POINTS = 1.5
PIECE_GAP_POINTS = 9.0  # between the pieces of a rule that is drawn column by column
REACH_POINTS = 60.0  # how far from its rule a figure may stand


class Span(NamedTuple):
    """A horizontal edge: a rule, or the edge of a shade, whole or in pieces."""

    y: float
    x0: float
    x1: float
    pieces: tuple[tuple[float, float], ...]


class Rules(NamedTuple):
    """The edges of a page."""

    spans: list[Span]  # from top to bottom
    vertical: Boxes

    def between(self, y0: float, y1: float) -> list[Span]:
        """Give the spans between two heights."""
        return [span for span in self.spans if y0 <= span.y <= y1]


def read_rules(rulings: Rulings) -> Rules:
    """Join the pieces of each horizontal edge."""
    edges = [((y0 + y1) / 2, x0, x1) for x0, y0, x1, y1 in rulings.horizontal.tolist()]
    shades = _joined_shades(rulings)
    for x0, y0, x1, y1 in shades:
        edges += [(y0, x0, x1), (y1, x0, x1)]
    edges.sort()
    spans: list[Span] = []
    start = 0
    for place, (before, here) in enumerate(pairwise([*edges, (np.inf, 0.0, 0.0)]), start=1):
        if here[0] - before[0] > SAME_Y_POINTS:
            spans += _spans(edges[start:place])
            start = place
    sides = [side for x0, y0, x1, y1 in shades for side in ((x0, y0, x0, y1), (x1, y0, x1, y1))]
    standing = np.array(sides, np.float32).reshape(-1, 4)
    return Rules(spans, np.concatenate((rulings.vertical, standing)))


def _joined_shades(rulings: Rulings) -> list[tuple[float, ...]]:
    """Join shades of one colour that lie upon one another, as where each line of text has its own."""
    joined: list[tuple[float, ...]] = []
    rows = zip(
        rulings.colours.tolist(), rulings.shades.round(0).tolist(), rulings.shades.tolist(), strict=True
    )
    last: tuple[int, float, float] | None = None
    for key, (_, box) in sorted(((colour, x0, x1), (box[1], box)) for colour, (x0, _, x1, _), box in rows):
        if key == last and box[1] - joined[-1][3] < SAME_Y_POINTS and box[1] >= joined[-1][1]:
            joined[-1] = (*joined[-1][:3], max(box[3], joined[-1][3]))
        else:
            joined.append(tuple(box))
        last = key
    return joined


def _spans(edges: Sequence[tuple[float, float, float]]) -> list[Span]:
    """Join edges of one height that touch, or nearly."""
    pieces: list[list[tuple[float, float]]] = []
    reach = -np.inf
    for x0, x1 in sorted((x0, x1) for _, x0, x1 in edges):
        if x0 - reach > PIECE_GAP_POINTS:
            pieces.append([])
        pieces[-1].append((x0, x1))
        reach = max(reach, x1)
    y = sum(edge[0] for edge in edges) / len(edges)
    return [Span(y, part[0][0], max(x1 for _, x1 in part), tuple(part)) for part in pieces]


def extents(rules: Rules, points: Points) -> Points:
    """Give the ends (x0, x1) of the span nearest above or below each point, nan where none is near."""
    if not rules.spans or not len(points):
        return np.full((len(points), 2), np.nan, np.float32)
    x, y = points.T
    table = np.array([(span.y, span.x0, span.x1) for span in rules.spans], np.float32)
    distance = np.abs(y[:, None] - table[:, 0])
    covers = (table[:, 1] <= x[:, None]) & (x[:, None] <= table[:, 2])
    distance[~covers | (distance > REACH_POINTS)] = np.inf
    nearest = distance.argmin(axis=1)
    found = table[nearest, 1:]
    found[np.isinf(distance[np.arange(len(x)), nearest])] = np.nan
    return found

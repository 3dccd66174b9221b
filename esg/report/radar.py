"""theme levels → the geometry of a radar chart, for a template to draw as SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from esg.domain import ThemeScore

LEVELS = 4
RADIUS = 100.0
LABEL_RADIUS = 118.0


class Point(NamedTuple):
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Axis:
    code: str
    end: Point
    label: Point
    anchor: str  # SVG text-anchor: start, middle, end
    value: Point


@dataclass(frozen=True, slots=True)
class Radar:
    """Coordinates around (0, 0), y downwards; polygons as SVG `points`."""

    axes: tuple[Axis, ...]
    rings: tuple[str, ...]  # from level 1 to 4
    shape: str


def radar(themes: Sequence[ThemeScore]) -> Radar | None:
    """Lay out one axis a theme, clockwise from the top; fewer than three themes make no radar."""
    if len(themes) < 3:
        return None
    turns = [index / len(themes) for index in range(len(themes))]
    axes = tuple(_axis(theme, turn) for theme, turn in zip(themes, turns, strict=True))
    rings = tuple(_polygon([_at(turn, RADIUS * n / LEVELS) for turn in turns]) for n in range(1, LEVELS + 1))
    return Radar(axes, rings, _polygon([axis.value for axis in axes]))


def _axis(theme: ThemeScore, turn: float) -> Axis:
    label = _at(turn, LABEL_RADIUS)
    anchor = "middle" if abs(label.x) < LABEL_RADIUS / 4 else "start" if label.x > 0 else "end"
    return Axis(theme.code, _at(turn, RADIUS), label, anchor, _at(turn, RADIUS * theme.level / LEVELS))


def _at(turn: float, radius: float) -> Point:
    angle = 2 * math.pi * turn
    return Point(round(radius * math.sin(angle), 1) + 0.0, round(-radius * math.cos(angle), 1) + 0.0)


def _polygon(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x:g},{point.y:g}" for point in points)

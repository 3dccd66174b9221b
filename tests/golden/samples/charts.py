"""Charts drawn as vectors, with printed axis labels and data values."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from look import Look
from prose import paragraph
from reportlab.lib.colors import Color
from reportlab.platypus import Flowable, Spacer

Series = tuple[str, Sequence[float]]


@dataclass(frozen=True)
class Bars:
    """Grouped vertical bars, or stacked ones; a value is printed as `shown` says."""

    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    height: float = 130
    shown: str = "{:,.0f}"
    stacked: bool = False

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        return _figure(self.title, _Bars(self, look, width), look)


@dataclass(frozen=True)
class Lines:
    """A line per series over common categories; the points carry their values. None leaves a gap.

    The values of the first series stand above its points, those of others below. The axis begins at `base`.
    """

    title: str
    categories: Sequence[str]
    series: Sequence[tuple[str, Sequence[float | None]]]
    height: float = 130
    shown: str = "{:,.0f}"
    base: float = 0.0

    def flowables(self, look: Look, width: float) -> list[Flowable]:
        return _figure(self.title, _Lines(self, look, width), look)


def _figure(title: str, drawing: Flowable, look: Look) -> list[Flowable]:
    return [Spacer(1, 5), paragraph(title, "caption", look), drawing, Spacer(1, 10)]


class _Chart(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """The frame of a chart: legend, base line, category labels."""

    bottom = 16.0

    def __init__(self, chart: Any, look: Look, width: float) -> None:
        super().__init__()
        self.chart, self.look = chart, look
        self.width, self.height = width, chart.height
        self.size = look.size * 0.78
        self.colors = [look.accent, look.second, _mix(look.accent, 0.45), _mix(look.second, 0.45)]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.setFont(self.look.display.regular, self.size)
        self._legend()
        self._categories()
        self._marks()
        canvas.setStrokeColor(self.look.ink)
        canvas.setLineWidth(0.6)
        canvas.line(0, self.bottom, self.width, self.bottom)

    def _legend(self) -> None:
        if len(self.chart.series) < 2:
            return
        x, y = 0.0, self.height - self.size
        for (name, _), color in zip(self.chart.series, self.colors, strict=False):
            self.canv.setFillColor(color)
            self.canv.rect(x, y, 6, 6, stroke=0, fill=1)
            self.canv.setFillColor(self.look.ink)
            self.canv.drawString(x + 9, y, name)
            x += 24 + self.canv.stringWidth(name, self.look.display.regular, self.size)

    def _categories(self) -> None:
        self.canv.setFillColor(self.look.ink)
        for i, label in enumerate(self.chart.categories):
            self.canv.drawCentredString(self._center(i), self.bottom - self.size - 3, label)

    def _center(self, index: int) -> float:
        return (index + 0.5) * self.width / len(self.chart.categories)

    def _scale(self, top: float) -> float:
        legend = self.size * 2.2 if len(self.chart.series) > 1 else 0
        room: float = self.height - self.bottom - legend - self.size * 1.6
        return room / top

    def _value(self, x: float, y: float, value: float, color: Color | None = None) -> None:
        self.canv.setFillColor(color or self.look.ink)
        self.canv.drawCentredString(x, y, self.chart.shown.format(value))

    def _marks(self) -> None:
        raise NotImplementedError


class _Bars(_Chart):
    def _marks(self) -> None:
        if self.chart.stacked:
            self._stacked()
        else:
            self._grouped()

    def _grouped(self) -> None:
        count = len(self.chart.series)
        scale = self._scale(max(max(values) for _, values in self.chart.series))
        slot = self.width / len(self.chart.categories) * 0.78 / count
        for s, ((_, values), color) in enumerate(zip(self.chart.series, self.colors, strict=False)):
            for i, value in enumerate(values):
                x = self._center(i) + (s - count / 2) * slot
                self._bar(x + slot * 0.06, self.bottom, slot * 0.88, value * scale, color)
                self._value(x + slot / 2, self.bottom + value * scale + 2, value)

    def _stacked(self) -> None:
        totals = [
            sum(values[i] for _, values in self.chart.series) for i in range(len(self.chart.categories))
        ]
        scale = self._scale(max(totals))
        width = self.width / len(self.chart.categories) * 0.56
        for i, total in enumerate(totals):
            y = self.bottom
            for (_, values), color in zip(self.chart.series, self.colors, strict=False):
                self._bar(self._center(i) - width / 2, y, width, values[i] * scale, color)
                if values[i] * scale > self.size * 1.3:
                    light = self.look.tint if color in self.colors[:2] else None
                    self._value(
                        self._center(i), y + values[i] * scale / 2 - self.size * 0.35, values[i], light
                    )
                y += values[i] * scale
            self._value(self._center(i), y + 2, total)

    def _bar(self, x: float, y: float, width: float, height: float, color: Color) -> None:
        self.canv.setFillColor(color)
        self.canv.rect(x, y, width, height, stroke=0, fill=1)


class _Lines(_Chart):
    def _marks(self) -> None:
        base = self.chart.base
        scale = self._scale(max(v - base for _, values in self.chart.series for v in values if v is not None))
        for index, ((_, values), color) in enumerate(zip(self.chart.series, self.colors, strict=False)):
            points = [
                (self._center(i), self.bottom + (value - base) * scale, value)
                for i, value in enumerate(values)
                if value is not None
            ]
            self._line(points, color, 4.5 if index == 0 else -self.size - 3)

    def _line(self, points: Sequence[tuple[float, float, float]], color: Color, shift: float) -> None:
        self.canv.setStrokeColor(color)
        self.canv.setLineWidth(1.6)
        for (x0, y0, _), (x1, y1, _) in pairwise(points):
            self.canv.line(x0, y0, x1, y1)
        for x, y, value in points:
            self.canv.setFillColor(color)
            self.canv.circle(x, y, 2.2, stroke=0, fill=1)
            self._value(x, y + shift, value)


def _mix(color: Color, share: float) -> Color:
    """The colour paled towards white, opaque."""
    return Color(*(1 - (1 - part) * share for part in (color.red, color.green, color.blue)))

"""Boxes on a page → reading order: white gutters part columns, what crosses a gutter parts bands (XY-cut).

A region is cut at its white rows into strips; neighbouring strips that share a gutter are one band of
columns, read column by column; the others are read from top to bottom. Columns are cut again the same way
(Nagy & Seth 1984, with gutters taken before rows so that two paragraphs side by side are not woven together).
"""

from collections.abc import Sequence
from typing import NamedTuple

from esg.extract.pdf.frame import Boxes

GUTTER_EM = 1.0  # the narrowest white column that parts text
CLOSE_EM = 1.0  # lines nearer than this belong together
ONE_LINE_EM = 1.6
LEAD_EM = 4.0  # height of a caption
MAX_DEPTH = 8

Row = Sequence[float]  # x0, y0, x1, y1
Gap = tuple[float, float]


class _Strip(NamedTuple):
    """A row of a region, or several: what stands in it and which of its columns are white."""

    members: list[int]
    y0: float
    y1: float
    gaps: list[Gap]  # the margins of the region included
    gutters: list[Gap]  # those of the gaps that have something on either side


class _Region(NamedTuple):
    boxes: Sequence[Row]
    left: float
    right: float
    em: float

    def is_inside(self, gap: Gap) -> bool:
        """Tell a gutter from a margin."""
        return gap[0] >= self.left and gap[1] <= self.right


def reading_order(boxes: Boxes, em: float) -> list[list[int]]:
    """Give the groups of boxes that stand in one column each, in reading order; `em` is the text's size."""
    return _order(boxes.tolist(), list(range(len(boxes))), em, MAX_DEPTH) if len(boxes) else []


def _order(boxes: Sequence[Row], members: list[int], em: float, depth: int) -> list[list[int]]:
    region = _Region(boxes, min(boxes[i][0] for i in members), max(boxes[i][2] for i in members), em)
    strips = [_strip(region, row) for row in _rows(boxes, members)]
    groups: list[list[int]] = []
    for band in _bands(region, _heal(region, strips)):
        columns = _columns(region, band)
        if len(columns) == 1 or not depth:
            groups.append(band.members)
        else:
            groups += [group for column in columns for group in _order(boxes, column, em, depth - 1)]
    return groups


def _rows(boxes: Sequence[Row], members: list[int]) -> list[list[int]]:
    """Cut at white rows."""
    rows: list[list[int]] = []
    bottom = -float("inf")
    for i in sorted(members, key=lambda i: (boxes[i][1], boxes[i][0])):
        if boxes[i][1] >= bottom:
            rows.append([])
        rows[-1].append(i)
        bottom = max(bottom, boxes[i][3])
    return rows


def _strip(region: _Region, members: list[int]) -> _Strip:
    boxes, width = region.boxes, GUTTER_EM * region.em
    gaps = []
    edge = region.left - width
    for i in sorted(members, key=lambda i: boxes[i][0]):
        if boxes[i][0] - edge >= width:
            gaps.append((edge, boxes[i][0]))
        edge = max(edge, boxes[i][2])
    gaps.append((edge, region.right + width))
    y0, y1 = min(boxes[i][1] for i in members), max(boxes[i][3] for i in members)
    return _Strip(members, y0, y1, gaps, [gap for gap in gaps if region.is_inside(gap)])


def _heal(region: _Region, strips: list[_Strip]) -> list[_Strip]:
    """Make whole a line with a wide blank that stands between lines that are whole there."""
    healed = list(strips)
    for k, strip in enumerate(strips):
        if not strip.gutters or strip.y1 - strip.y0 > ONE_LINE_EM * region.em:
            continue
        near = [
            other
            for other in (*strips[max(k - 1, 0) : k], *strips[k + 1 : k + 2])
            if max(other.y0 - strip.y1, strip.y0 - other.y1) < CLOSE_EM * region.em
        ]
        crossed = any(not _joined(region, strip, other) for other in near)
        if crossed and not any(other.gutters and _joined(region, strip, other) for other in near):
            healed[k] = strip._replace(gaps=[], gutters=[])
    return healed


def _bands(region: _Region, strips: list[_Strip]) -> list[_Strip]:
    """Join neighbouring strips that are cut by the same gutter, or by none."""
    bands: list[_Strip] = []
    parts: list[list[_Strip]] = []
    for strip in strips:
        joined = _joined(region, bands[-1], strip) if bands else None
        if joined:
            bands[-1] = joined
            parts[-1].append(strip)
            continue
        lead = _lead(region, parts[-1], strip) if bands and bands[-1].gutters else []
        if lead:
            parts[-1] = parts[-1][: -len(lead)]
            bands[-1] = _together(region, parts[-1])
        bands.append(_together(region, [*lead, strip]))
        parts.append([*lead, strip])
    return bands


def _lead(region: _Region, strips: Sequence[_Strip], following: _Strip) -> list[_Strip]:
    """Give the lines at the end of columns that stand closer to what follows: its title or caption."""
    lead: list[_Strip] = []
    below = following
    for strip in reversed(strips[1:]):
        if strip.gutters or below.y0 - strip.y1 > CLOSE_EM * region.em:
            break
        lead.insert(0, strip)
        below = strip
    while lead and lead[0].y0 - strips[len(strips) - len(lead) - 1].y1 <= following.y0 - lead[-1].y1:
        lead = lead[1:]
    return lead if lead and lead[-1].y1 - lead[0].y0 < LEAD_EM * region.em else []


def _together(region: _Region, strips: Sequence[_Strip]) -> _Strip:
    whole = strips[0]
    for strip in strips[1:]:
        whole = _joined(region, whole, strip) or whole._replace(
            members=whole.members + strip.members, y1=strip.y1, gaps=[], gutters=[]
        )
    return whole


def _joined(region: _Region, one: _Strip, other: _Strip) -> _Strip | None:
    """Join two strips; none where a gutter of theirs does not run through both."""
    gaps = [
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in one.gaps
        for b in other.gaps
        if min(a[1], b[1]) - max(a[0], b[0]) >= GUTTER_EM * region.em
    ]
    parting = one.gutters + other.gutters
    gutters = [gap for gap in gaps if any(a <= gap[0] and gap[1] <= b for a, b in parting)]
    if parting and not gutters:
        return None
    return _Strip(one.members + other.members, min(one.y0, other.y0), max(one.y1, other.y1), gaps, gutters)


def _columns(region: _Region, band: _Strip) -> list[list[int]]:
    """Deal the members of a band out to the columns between its gutters."""
    columns: list[list[int]] = [[] for _ in range(len(band.gutters) + 1)]
    for i in band.members:
        columns[sum(region.boxes[i][0] > gutter[0] for gutter in band.gutters)].append(i)
    return [column for column in columns if column]

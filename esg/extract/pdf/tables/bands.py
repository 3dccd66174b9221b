"""Lines of a table → its rows: what stands between two rules, or one line of figures with its label.

A label of several lines joins its figures: by the rules around it, else because its lines stand closer to one
another than rows do, else by how it reads. What joins nothing is the heading of a group of rows.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from esg.extract.pdf.tables.grid import Columns
from esg.extract.pdf.tables.pieces import Row

TIGHT_EM = 1.35  # lines nearer than this may be one label
CLOSER = 0.85  # of the distance of rows: lines of one label stand nearer
DENSE = 0.7  # of the bands hold one line of figures at most: every row has its rule
CENTRED_EM = 1.0  # a label of two lines around its figures
GOES_ON = (",", "-", "–", "(", "&", "/", ":")
SMALL_WORDS = re.compile(
    r"(?:.*\s)?(?:of|and|or|in|for|the|to|by|from|with|per|der|die|das|und|von|für|im"
    r"|di|e|del|della|de|et|la|le|dan)\Z",
    re.IGNORECASE | re.DOTALL,
)


def group_rows(rows: Sequence[Row], columns: Columns, rules: Sequence[float]) -> list[list[Row]]:
    """Group the lines of a table's body into rows; `rules` are the heights of the rules that part rows."""
    bands: list[list[Row]] = []
    last = -1
    for row in rows:
        above = sum(y < (row.y0 + row.y1) / 2 for y in rules)
        if above != last:
            bands.append([])
        bands[-1].append(row)
        last = above
    dense = len(bands) > 1 and sum(_count(band, columns) <= 1 for band in bands) > DENSE * len(bands)
    pitch = _pitch(rows, columns)
    groups: list[list[Row]] = []
    for band in bands:
        if dense and _count(band, columns) <= 1:
            groups += _without_titles(band, columns)
        else:
            groups += _part(band, columns, pitch)
    return groups


def _without_titles(band: Sequence[Row], columns: Columns) -> list[list[Row]]:
    """Part headings from the row they stand with between two rules: their letters are bold, the row's not."""
    bold = [row.pieces[0].line.bold for row in band]
    own = [at for at, row in enumerate(band) if columns.is_filled(row) and _label(row, columns)]
    if not own:
        return [list(band)]
    first = next((at for at in range(own[0]) if bold[at] == bold[own[0]]), own[0])
    last = next((at for at in range(len(band) - 1, own[0], -1) if bold[at] == bold[own[0]]), own[0])
    parts = [list(band[:first]), list(band[first : last + 1]), list(band[last + 1 :])]
    return [part for part in parts if part]


def _count(band: Sequence[Row], columns: Columns) -> int:
    return sum(columns.is_filled(row) for row in band)


def _pitch(rows: Sequence[Row], columns: Columns) -> float:
    """Give the usual distance of two lines of figures with nothing between, in em."""
    steps = [
        _step(above, below)
        for above, below in pairwise(rows)
        if columns.is_filled(above) and columns.is_filled(below)
    ]
    return median(steps) if steps else 2.0


def _step(above: Row, below: Row) -> float:
    return (below.baseline - above.baseline) / max(above.size, below.size)


def _part(band: Sequence[Row], columns: Columns, pitch: float) -> list[list[Row]]:
    """Part what no rule parts: every line of figures is a row, the other lines join it or stand alone."""
    figures = [columns.is_filled(row) for row in band]
    joined = [
        _joins(above, below, figures[at : at + 2], columns, pitch)
        for at, (above, below) in enumerate(pairwise(band))
    ]
    for at in range(1, len(band) - 1):
        if not figures[at] and joined[at - 1] and joined[at] and figures[at - 1] and figures[at + 1]:
            up, down = _step(band[at - 1], band[at]), _step(band[at], band[at + 1])
            joined[at - 1 if down < up - 0.05 else at] = False
    groups = [[band[0]]]
    for row, together in zip(band[1:], joined, strict=True):
        if together and not (_count(groups[-1], columns) and columns.is_filled(row)):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _joins(above: Row, below: Row, figures: Sequence[bool], columns: Columns, pitch: float) -> bool:
    """Say whether two neighbouring lines are of one row."""
    if all(figures):
        return False
    step = _step(above, below)
    if any(figures):
        bare = above if figures[0] else below
        if not _label(bare, columns):
            return step < CENTRED_EM
    if step > TIGHT_EM or abs(above.size - below.size) > 0.1 * below.size:
        return False
    if _reads_on(_label(above, columns), _label(below, columns)):
        return True
    bold = above.pieces[0].line.bold, below.pieces[0].line.bold
    return step < CLOSER * pitch and bold[0] == bold[1]


def _label(row: Row, columns: Columns) -> str:
    """Give the words of a line that stand in no column of figures."""
    return " ".join(piece.text for piece in row.pieces if not columns.in_figures(piece))


def _reads_on(above: str, below: str) -> bool:
    """Say whether a label that ends like this goes on with that."""
    if not above or not below:
        return False
    goes_on = above.endswith(GOES_ON) or SMALL_WORDS.match(above)
    return bool(goes_on) or below[0].islower() or (below[0] == "(" and not above.endswith(")"))

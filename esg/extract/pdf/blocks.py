"""Lines of one column → blocks: headings, paragraphs, list items, captions, footnotes."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from esg.domain import BlockKind
from esg.extract.pdf.lines import MARK, OVERLAP, Line, make_line
from esg.extract.pdf.words import Token

SAME_SIZE = 0.09  # sizes this near are one
LEADING = 1.30  # times the usual distance of lines: a new paragraph
WIDEST_LEADING_EM = 2.1
FULL_LINE_EM = 4.0  # a line that ends this near to the right edge may go on, bold or not
ENDS_EARLY = 0.15  # share of the column's width that the last line of a paragraph leaves white
BULLET_GAP_EM = 0.6
HEADING_SIZE = 1.12  # times the size of the body
HEADING_WORDS = 24
FOOTNOTE_SIZE = 0.88
FOOTNOTE_ZONE = 0.60  # footnotes stand below this share of the page
CAPTION = re.compile(
    r"(?:figure|fig\.|table|chart|graph|exhibit|abbildung|tabelle|grafik|tabella|grafico|figura|tableau|graphique"
    r"|gambar|tabel|図|图|圖|表)\s*\d",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁽ᵃᵇᶜᵈᵉ*†‡]|\(?\d{1,2}[.)]?\s|note[s]?\b", re.IGNORECASE)
FOOTNOTE_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵃᵇᶜᵈᵉᶠ]+\Z|[*†‡]{1,3}\Z")
SENTENCE_END = re.compile(r"[.!?:;。]['\"”’)]*[⁰¹²³⁴⁵⁶⁷⁸⁹]*\Z")


class Paragraph(NamedTuple):
    """Lines that are one block of text."""

    kind: BlockKind
    lines: list[Line]
    level: int = 0


class Body(NamedTuple):
    """How the report sets its text: the size of most letters; the larger sizes, largest first."""

    size: float
    heading_sizes: tuple[float, ...]


def count_letters(pages: Iterable[tuple[Sequence[Token], Sequence[Line]]]) -> Counter[float]:
    """Count the letters of each size, to half a point."""
    letters: Counter[float] = Counter()
    for tokens, lines in pages:
        for line in lines:
            letters[round(line.size * 2) / 2] += sum(len(tokens[i].text) for i in line.words)
    return letters


def measure_body(letters: Mapping[float, int]) -> Body:
    """Find the size most letters have and the sizes headings may have."""
    if not letters:
        return Body(10.0, ())
    size = max(letters, key=lambda size: (letters[size], -size))
    return Body(size, tuple(sorted((s for s in letters if s > HEADING_SIZE * size), reverse=True)))


def full_lines(tokens: Sequence[Token], pieces: Sequence[Line]) -> list[Line]:
    """Join the pieces of a column that stand on one line, from top to bottom."""
    lines: list[Line] = []
    for piece in sorted(pieces, key=lambda line: (line.baseline, line.x0)):
        if lines and _on_one_line(lines[-1], piece):
            lines[-1] = make_line(tokens, lines[-1].words + piece.words)
        else:
            lines.append(piece)
    return lines


def _on_one_line(one: Line, other: Line) -> bool:
    overlap = min(one.y1, other.y1) - max(one.y0, other.y0)
    return overlap > OVERLAP * min(one.y1 - one.y0, other.y1 - other.y0)


def read_blocks(
    tokens: Sequence[Token], pieces: Sequence[Line], *, body: Body, height: float
) -> list[Paragraph]:
    """Part the lines of one column into blocks, in reading order."""
    lines = full_lines(tokens, pieces)
    if not lines:
        return []
    right = max(line.x1 for line in lines)
    leading = _usual_leading(lines)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        if _starts_block(tokens, before, line, groups[-1], leading, right):
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_classify(tokens, group, body, height) for group in groups]


def _usual_leading(lines: Sequence[Line]) -> float:
    """Give the distance of baselines inside paragraphs, in em."""
    steps = [
        (line.baseline - before.baseline) / line.size
        for before, line in pairwise(lines)
        if _same_size(before, line) and line.baseline - before.baseline < WIDEST_LEADING_EM * line.size
    ]
    return min(median(steps), 1.6) if steps else 1.25


def _text(tokens: Sequence[Token], lines: Sequence[Line]) -> str:
    return " ".join(tokens[i].text for line in lines for i in line.words)


def _same_size(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= SAME_SIZE * max(one.size, other.size)


def _starts_block(
    tokens: Sequence[Token], before: Line, line: Line, group: Sequence[Line], leading: float, right: float
) -> bool:
    step = (line.baseline - before.baseline) / max(line.size, before.size)
    if _is_cut_word(tokens, before, line) and _same_size(before, line) and step < WIDEST_LEADING_EM:
        return False
    if not _same_size(before, line) or line.direction != before.direction:
        return True
    runs_on = right - before.x1 < FULL_LINE_EM * line.size and tokens[line.words[0]].text[:1].islower()
    if line.bold != before.bold and not (runs_on and step < LEADING * leading):
        return True
    if step > LEADING * leading or _starts_item(tokens, line) or CAPTION.match(_text(tokens, [line])):
        return True
    if _counts_on(tokens[group[0].words[0]].text, tokens[line.words[0]].text):
        return True
    width = right - min(item.x0 for item in group)
    early = right - before.x1 > ENDS_EARLY * width
    starts_new = not tokens[line.words[0]].text[:1].islower()
    return early and starts_new and bool(SENTENCE_END.search(tokens[before.words[-1]].text))


def _is_cut_word(tokens: Sequence[Token], before: Line, line: Line) -> bool:
    """Say whether a word goes on from one line to the next."""
    last, first = tokens[before.words[-1]].text, tokens[line.words[0]].text
    return len(last) > 2 and last[-1] == "-" and last[-2].isalpha() and first[:1].islower()


def _counts_on(one: str, other: str) -> bool:
    """Say whether two lines begin with a number and the next one, as footnotes do."""
    return len(one) < 3 and one.isascii() and one.isdigit() and other == str(int(one) + 1)


def _starts_item(tokens: Sequence[Token], line: Line) -> bool:
    if len(line.words) < 2:
        return False
    first, second = (tokens[i] for i in line.words[:2])
    if first.text == "o":  # Word's second bullet, or a word
        return second.x0 - first.x1 > BULLET_GAP_EM * line.size
    return bool(MARK.match(first.text) or FOOTNOTE_MARK.match(first.text))


def _classify(tokens: Sequence[Token], lines: list[Line], body: Body, height: float) -> Paragraph:
    text = _text(tokens, lines)
    first = lines[0]
    if _is_heading(text, first, body):
        return Paragraph(BlockKind.HEADING, lines, _level(first, body))
    if CAPTION.match(text) and len(text) < 300:
        return Paragraph(BlockKind.CAPTION, lines)
    if first.size < FOOTNOTE_SIZE * body.size and first.y0 > FOOTNOTE_ZONE * height and FOOTNOTE.match(text):
        return Paragraph(BlockKind.FOOTNOTE, lines)
    if _starts_item(tokens, first):
        return Paragraph(BlockKind.LIST, lines)
    return Paragraph(BlockKind.PARAGRAPH, lines)


def _is_heading(text: str, first: Line, body: Body) -> bool:
    words = text.split()
    if len(words) > HEADING_WORDS or not any(letter.isalpha() for letter in text):
        return False
    if first.size > HEADING_SIZE * body.size:
        return not text.endswith((".", ";", ","))
    return first.bold and first.size > 0.95 * body.size and not text.endswith((".", ";", ",", ":"))


def _level(line: Line, body: Body) -> int:
    larger = sum(size > line.size * (1 + SAME_SIZE) for size in body.heading_sizes)
    return min(larger + 1, 6)

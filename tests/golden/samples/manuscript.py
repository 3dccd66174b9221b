"""A manuscript (manuscripts/*.md) → the pages of a report.

    === key | Entry in the contents | flags      begins a page; flags: roman unnumbered unlisted wide shuffled
    +++ 2                                        begins a band of two columns
    [name: title | option=value]                 begins a block, which [/] ends:
                                                 callout quote tiles bars lines table notes
    [contents]  [gap: 12]                        blocks without a body

Everything else is prose (prose.py). `{page:key}` is replaced by the printed label of that page.
In a table `---` ends the header, `<` widens the cell to its left, lines after `...` are notes.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from blocks import Block, Callout, Gap, Grid, PullQuote, Tiles
from charts import Bars, Lines
from contents import Contents
from pages import Band, Item, Page

Options = Mapping[str, str]
Body = Sequence[str]


def read(text: str) -> list[Page]:
    """The pages of a manuscript, in order."""
    parts = re.split(r"^=== (.*)$", text, flags=re.MULTILINE)[1:]
    return [_page(head, body) for head, body in zip(parts[::2], parts[1::2], strict=True)]


def resolve(text: str, printed: Mapping[str, str]) -> str:
    """The manuscript with its references to pages replaced by printed labels."""
    return re.sub(r"\{page:(\w+)\}", lambda match: printed[match[1]], text)


def _page(head: str, body: str) -> Page:
    key, entry, *flags = [part.strip() for part in head.split("|")]
    flags = " ".join(flags).split()
    strips = re.split(r"^\+\+\+ (\d)$", "+++ 1\n" + body, flags=re.MULTILINE)[1:]
    return Page(
        key=key,
        section=entry,
        entry="" if "unlisted" in flags else entry,
        numbering="roman" if "roman" in flags else "" if "unnumbered" in flags else "arabic",
        wide="wide" in flags,
        shuffled="shuffled" in flags,
        notes=_notes(body),
        bands=[
            Band(int(columns), list(_items(strip)))
            for columns, strip in zip(strips[::2], strips[1::2], strict=True)
            if strip.strip()
        ],
    )


def _notes(body: str) -> list[str]:
    found = re.search(r"^\[notes\]\n(.*?)^\[/\]$", body, flags=re.MULTILINE | re.DOTALL)
    return found[1].strip().splitlines() if found else []


def _items(strip: str) -> Iterator[Item]:
    """Prose and blocks in turn."""
    prose: list[str] = []
    lines = iter(strip.splitlines())
    for line in lines:
        head = re.fullmatch(r"\[(\w+)(?:: (.*))?\]", line)
        if not head:
            prose.append(line)
            continue
        yield from _prose(prose)
        prose = []
        yield from _block(head[1], head[2] or "", lines)
    yield from _prose(prose)


def _prose(lines: Sequence[str]) -> Iterator[str]:
    text = "\n".join(lines).strip()
    if text:
        yield text


def _block(name: str, head: str, lines: Iterator[str]) -> Iterator[Block]:
    title, *pairs = [part.strip() for part in head.split(" | ")]
    options = dict(pair.split("=", 1) for pair in pairs)
    if name == "contents":
        yield Contents()
    elif name == "gap":
        yield Gap(float(title))
    else:
        body = list(iter(lambda: next(lines), "[/]"))
        if name != "notes":
            yield BLOCKS[name](title, options, body)


def _callout(title: str, options: Options, body: Body) -> Block:
    return Callout(title, "\n".join(body))


def _quote(title: str, options: Options, body: Body) -> Block:
    return PullQuote(" ".join(body), title)


def _tiles(title: str, options: Options, body: Body) -> Block:
    pairs = [line.split(" | ", 1) for line in body]
    return Tiles([(number, caption) for number, caption in pairs])


def _bars(title: str, options: Options, body: Body) -> Block:
    categories, series = _series(body)
    return Bars(
        title,
        categories,
        [(name, [value or 0.0 for value in values]) for name, values in series],
        height=float(options.get("height", 120)),
        shown=options.get("shown", "{:,.0f}"),
        stacked=options.get("stacked") == "yes",
    )


def _lines(title: str, options: Options, body: Body) -> Block:
    categories, series = _series(body)
    return Lines(
        title,
        categories,
        series,
        height=float(options.get("height", 120)),
        shown=options.get("shown", "{:,.0f}"),
        base=float(options.get("base", 0)),
    )


def _series(body: Body) -> tuple[list[str], list[tuple[str, list[float | None]]]]:
    (_, *categories), *rows = (_cells(line) for line in body)
    return categories, [(name, [float(v) if v else None for v in values]) for name, *values in rows]


def _table(title: str, options: Options, body: Body) -> Block:
    border = body.index("---")
    end = body.index("...") if "..." in body else len(body)
    header = [_spans(_cells(line)) for line in body[:border]]
    rows = [_cells(line) for line in body[border + 1 : end]]
    columns = sum(cell[1] if isinstance(cell, tuple) else 1 for cell in header[0])
    widths = [float(w) for w in options.get("widths", "3 " + "1 " * (columns - 1)).split()]
    return Grid(
        title,
        header,
        rows,
        widths,
        align=options.get("align", ""),
        rules=options.get("rules", "rows"),
        size=float(options.get("size", 0)),
        name=options.get("name", ""),
        notes=list(body[end + 1 :]),
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _spans(cells: Sequence[str]) -> list[str | tuple[str, int]]:
    found: list[str | tuple[str, int]] = []
    for cell in cells:
        if cell == "<":
            text, span = found[-1] if isinstance(found[-1], tuple) else (found[-1], 1)
            found[-1] = (text, span + 1)
        else:
            found.append(cell)
    return found


BLOCKS: Mapping[str, Callable[[str, Options, Body], Block]] = {
    "callout": _callout,
    "quote": _quote,
    "tiles": _tiles,
    "bars": _bars,
    "lines": _lines,
    "table": _table,
}

"""pieces -> chunks: as few as the limit allows, parted where a reader would part them."""

from collections.abc import Iterator, Sequence

from esg.chunk.pieces import Piece

FRAGMENT = 48  # tokens; less than this is not left alone where it has a neighbour


def pack(pieces: Sequence[Piece], *, limit: int) -> list[list[Piece]]:
    """Part the pieces of one section, in order, into runs of at most `limit` tokens."""
    runs = list(_runs(pieces, limit))
    if len(runs) > 1 and _tokens(runs[-1]) < FRAGMENT:
        last = runs.pop()
        runs += _halves(runs.pop() + last, limit)
    return runs


def pack_rows(
    rows: Sequence[Piece], *, opening: Sequence[Piece], lead: Sequence[Piece], limit: int
) -> list[list[Piece]]:
    """Part the rows of a table after its `opening`, with `lead` in every run that has room for it.

    Where the lead would take half of a run it comes once, as the first row; a row that fills a run by
    itself stands without it.
    """
    room = limit - _tokens(lead)
    if room < limit / 2:
        return list(_filled([*opening, *lead, *rows], limit))
    runs = [_led(run, lead, limit) for run in _filled([*opening, *rows], room)]
    is_kept = not lead or any(lead[0] in run for run in runs)
    return runs if is_kept else [list(lead), *runs]


def _led(run: list[Piece], lead: Sequence[Piece], limit: int) -> list[Piece]:
    return run if _tokens(lead) + _tokens(run) > limit else sorted([*lead, *run])


def _runs(pieces: Sequence[Piece], limit: int) -> Iterator[list[Piece]]:
    run: list[Piece] = []
    for i, piece in enumerate(pieces):
        if run and _parts(run, pieces, i, limit):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _parts(run: Sequence[Piece], pieces: Sequence[Piece], i: int, limit: int) -> bool:
    """Say whether a run ends before pieces[i]."""
    used, last, next_ = _tokens(run), run[-1], pieces[i]
    if used + next_.tokens > limit:
        return True
    if next_.block == last.block or not (last.closes or next_.opens):
        return False  # the paragraph goes on, be it in another column or on another page
    if next_.page != last.page and used >= FRAGMENT:
        return True
    return used >= limit / 2 and used + _block_tokens(pieces, i) > limit


def _filled(pieces: Sequence[Piece], limit: int) -> Iterator[list[Piece]]:
    """Part pieces greedily, wherever the limit comes."""
    run: list[Piece] = []
    for piece in pieces:
        if run and _tokens(run) + piece.tokens > limit:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _halves(pieces: Sequence[Piece], limit: int) -> list[list[Piece]]:
    """Part into two runs as equal as can be, or leave in one if it fits."""
    if _tokens(pieces) <= limit:
        return [list(pieces)]
    cuts = [i for i in range(1, len(pieces)) if max(_tokens(pieces[:i]), _tokens(pieces[i:])) <= limit]
    cut = min(cuts, key=lambda i: abs(_tokens(pieces[:i]) - _tokens(pieces[i:])))
    return [list(pieces[:cut]), list(pieces[cut:])]


def _block_tokens(pieces: Sequence[Piece], i: int) -> int:
    block = pieces[i].block
    total = 0
    for piece in pieces[i:]:
        if piece.block != block:
            break
        total += piece.tokens
    return total


def _tokens(pieces: Sequence[Piece]) -> int:
    return sum(piece.tokens for piece in pieces)

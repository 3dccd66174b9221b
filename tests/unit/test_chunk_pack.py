"""Rows of a table: the header goes with every run that has room for it, and no run is over the limit."""

from esg.chunk.pack import pack_rows
from esg.chunk.pieces import Piece


def piece(start: int, tokens: int) -> Piece:
    return Piece(1, start, start + 1, tokens, 0, True, True)


HEADER = piece(0, 20)


def test_the_header_goes_with_every_run() -> None:
    runs = pack_rows([piece(n, 40) for n in range(1, 5)], opening=[], lead=[HEADER], limit=100)

    assert [len(run) for run in runs] == [3, 3]
    assert all(run[0] == HEADER for run in runs)


def test_a_row_without_room_beside_the_header_stands_alone() -> None:
    runs = pack_rows([piece(1, 95), piece(2, 40)], opening=[], lead=[HEADER], limit=100)

    assert runs == [[piece(1, 95)], [HEADER, piece(2, 40)]]


def test_a_header_that_fits_nowhere_is_kept_by_itself() -> None:
    runs = pack_rows([piece(1, 95)], opening=[], lead=[HEADER], limit=100)

    assert runs == [[HEADER], [piece(1, 95)]]

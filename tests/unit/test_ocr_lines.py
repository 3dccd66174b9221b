"""Letters and the ink of their line → words: parted where blanks are, raised digits told from others."""

import numpy as np
import pytest

from esg.extract.ocr.ink import read_ink
from esg.extract.ocr.lines import OcrWord, part_words, raised
from esg.extract.ocr.picture import Pixels
from esg.extract.ocr.recognise import Letter

HEIGHT, EM = 40, 30.0
TALL = (8, 30)  # rows of a digit, of 40
RAISED = (6, 18)


def line(*letters: tuple[str, int, int, tuple[int, int]], width: int = 200) -> tuple[Pixels, list[Letter]]:
    """Black boxes for letters, each with its left and right side and its rows; blanks are not drawn."""
    pixels = np.full((HEIGHT, width, 3), 255, np.uint8)
    for text, left, right, rows in letters:
        if text != " ":
            pixels[slice(*rows), left:right] = 0
    return pixels, [Letter(text, (left + right) / 2 / width) for text, left, right, _ in letters]


def words(*letters: tuple[str, int, int, tuple[int, int]]) -> list[str]:
    pixels, read = line(*letters)
    return [word.text for word in part_words(read, read_ink(pixels), em=EM)]


def test_a_blank_parts_words() -> None:
    assert words(("a", 10, 20, TALL), (" ", 22, 28, TALL), ("b", 30, 40, TALL)) == ["a", "b"]


@pytest.mark.parametrize(("start", "parted"), [(22, ["ab"]), (50, ["a", "b"])])
def test_a_wide_gap_parts_words_where_no_blank_was_read(start: int, parted: list[str]) -> None:
    assert words(("a", 10, 20, TALL), ("b", start, start + 10, TALL)) == parted


def test_digits_are_not_parted_by_a_small_gap() -> None:
    assert words(("1", 10, 14, TALL), ("1", 24, 28, TALL)) == ["11"]


def test_words_end_where_their_ink_does() -> None:
    pixels, read = line(("a", 10, 20, TALL), (" ", 22, 28, TALL), ("b", 30, 40, TALL))
    first, second = part_words(read, read_ink(pixels), em=EM)

    assert (first.edges[0], first.edges[-1]) == (10, 20)
    assert (second.edges[0], second.edges[-1]) == (30, 40)


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((TALL, TALL, TALL), "512"),
        ((TALL, TALL, RAISED), "51²"),
        ((TALL, RAISED, RAISED), "5¹²"),
        ((RAISED, RAISED, RAISED), "512"),  # nothing stands on the line: the baseline is not known
    ],
)
def test_raised_digits_are_marks(rows: tuple[tuple[int, int], ...], text: str) -> None:
    drawn = [(d, 10 + 14 * i, 20 + 14 * i, r) for i, (d, r) in enumerate(zip("512", rows, strict=True))]
    pixels, read = line(*drawn)
    ink = read_ink(pixels)
    (word,) = part_words(read, ink, em=EM)

    assert raised(word, ink=ink, above=TALL[1] - 6, em=EM).text == text


def test_a_seven_whose_room_is_not_known_is_no_mark() -> None:
    """The recogniser saw it at the very end of the line: nothing is left for it."""
    pixels, _ = line((".", 10, 13, (27, 30)), ("7", 16, 28, TALL), width=28)
    pixels[16:, 22:28] = 255
    ink = read_ink(pixels)
    word = OcrWord("4.7", (2, 10, 28, 28))

    assert raised(word, ink=ink, above=TALL[1] - 6, em=EM).text == "4.7"


@pytest.mark.parametrize("overlap", [0, 2])
def test_a_mark_that_touches_its_number_is_told_by_where_its_ink_ends(overlap: int) -> None:
    right = 34 - overlap
    pixels, read = line(("2", 10, 22, TALL), ("3", 22, 34, TALL), ("1", right, right + 8, RAISED))
    ink = read_ink(pixels)
    (word,) = part_words(read, ink, em=EM)

    lifted = raised(word, ink=ink, above=TALL[1] - 6, em=EM)

    assert lifted.text == "23¹"
    assert lifted.edges[2:] == (34, right + 8)


def test_two_marks_that_touch_are_two() -> None:
    pixels, read = line(("3", 10, 22, TALL), ("1", 22, 30, RAISED), ("2", 30, 38, RAISED))
    ink = read_ink(pixels)
    (word,) = part_words(read, ink, em=EM)

    assert raised(word, ink=ink, above=TALL[1] - 6, em=EM).text == "3¹²"


def test_the_right_end_of_a_digit_is_no_mark() -> None:
    """A seven: its bar reaches to the right, its foot stands to the left."""
    pixels, read = line(("2", 10, 22, TALL), ("7", 22, 34, TALL))
    pixels[16:, 28:34] = 255
    ink = read_ink(pixels)
    (word,) = part_words(read, ink, em=EM)

    assert raised(word, ink=ink, above=TALL[1] - 6, em=EM).text == "27"


def test_light_letters_on_dark_paper_are_ink_too() -> None:
    pixels, _ = line(("a", 10, 20, TALL))

    assert read_ink(255 - pixels).extent == read_ink(pixels).extent == (10, 20)


def test_a_rule_is_no_ink() -> None:
    pixels, _ = line(("a", 10, 20, TALL))
    pixels[36:38] = 0

    assert (read_ink(pixels).top, read_ink(pixels).bottom) == TALL


def test_an_empty_picture_has_no_ink() -> None:
    assert not read_ink(np.full((HEIGHT, 50, 3), 255, np.uint8)).columns.any()

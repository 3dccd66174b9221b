"""What a page holds → whether its text can be trusted.

It has a text layer, or none, or one whose letters are not the printed ones. A font without a table of its
letters (ToUnicode) gives codes that look like text. Three signs tell: PDFium says that it had to guess, the
letters are private or replacement characters, or they do not fall as letters do: in languages
written with Latin letters the eight of `COMMON` make up 50 to 70 % of any page, in a scrambled one 30 %.
"""

from collections.abc import Iterable

from esg.domain import Legibility

FEWEST_LETTERS = 25  # a picture with fewer is a page without text
PICTURE_SHARE = 0.4  # of the page, covered by a picture
COMMON = frozenset("aeinorst")
COMMON_SHARE = 0.42
LETTERS_TO_JUDGE = 120
UNMAPPED_SHARE = 0.5  # of the glyphs, whose letter PDFium had to guess
STRANGE_SHARE = 0.15  # of the glyphs, that are no characters of any language


def judge(words: Iterable[str], *, unmapped: float, picture: float) -> Legibility:
    """Judge a page by its words, its share of glyphs without a known letter and of area under a picture."""
    text = "".join(words)
    if len(text) < FEWEST_LETTERS:
        return Legibility.NO_TEXT if picture >= PICTURE_SHARE else Legibility.TEXT
    latin = [letter for letter in text.lower() if "a" <= letter <= "z"]
    common = sum(letter in COMMON for letter in latin) / max(len(latin), 1)
    judged = len(latin) >= LETTERS_TO_JUDGE
    if judged and common < COMMON_SHARE:
        return Legibility.GARBLED
    if unmapped > UNMAPPED_SHARE and not judged:
        return Legibility.GARBLED
    if sum(map(_is_strange, text)) > STRANGE_SHARE * len(text):
        return Legibility.GARBLED
    return Legibility.TEXT


def _is_strange(letter: str) -> bool:
    code = ord(letter)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or 0xE000 <= code < 0xF900
        or 0xFFF0 <= code <= 0xFFFF
        or code >= 0xF0000
    )

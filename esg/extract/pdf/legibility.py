"""What a page holds → whether its text can be trusted: a text layer, none, or letters that are not printed.

A font without a table of its letters (ToUnicode) gives codes that look like text. Three signs tell: PDFium
says that it had to guess, the letters are private or replacement characters, or they do not fall as letters
do: in languages written with Latin letters the eight of `COMMON` make up 50 to 70 % of a page, in a scrambled
one 30 %.
"""

import re
from collections.abc import Iterable
from string import ascii_lowercase

from esg.domain import Legibility

FEWEST_LETTERS = 25  # a picture with fewer is a page without text
PICTURE_SHARE = 0.4  # of the page, covered by a picture
COMMON = "aeinorst"
COMMON_SHARE = 0.42
LETTERS_TO_JUDGE = 120
UNMAPPED_SHARE = 0.5  # of the glyphs, whose letter PDFium had to guess
STRANGE_SHARE = 0.15  # of the glyphs, that are no characters of any language
STRANGE = re.compile(r"[\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufff0-\uffff\U000f0000-\U0010ffff]")


def judge(words: Iterable[str], *, unmapped: float, picture: float) -> Legibility:
    """Judge a page by its words, by how many of its letters are guessed, and by how much a picture covers."""
    text = "".join(words)
    if len(text) < FEWEST_LETTERS:
        return Legibility.NO_TEXT if picture >= PICTURE_SHARE else Legibility.TEXT
    lower = text.lower()
    latin = sum(map(lower.count, ascii_lowercase))
    judged = latin >= LETTERS_TO_JUDGE
    scrambled = judged and sum(map(lower.count, COMMON)) < COMMON_SHARE * latin
    guessed = not judged and unmapped > UNMAPPED_SHARE
    strange = len(STRANGE.findall(text)) > STRANGE_SHARE * len(text)
    return Legibility.GARBLED if scrambled or guessed or strange else Legibility.TEXT

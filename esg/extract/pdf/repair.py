"""Letters that are numbers of glyphs → the letters printed.

Some writers of PDFs leave the table of letters of a Calibri font incomplete. What is missing then comes out
as the number of the glyph, read as a code point: `oƌgaŶizatioŶ` for organization, `ϮϬϭϳ` for 2017. The
numbers are those of the font, the same in every such file.
"""

import re

_LETTERS = {
    "Ă": "a", "ď": "b", "Đ": "c", "Ě": "d", "Ğ": "e", "Ĩ": "f", "Ő": "g", "Ś": "h", "ŝ": "i",
    "Ŭ": "k", "ů": "l", "ŵ": "m", "Ŷ": "n", "Ž": "o", "Ɖ": "p", "Ƌ": "q", "ƌ": "r", "Ɛ": "s", "ƚ": "t",
    "Ƶ": "u", "ǀ": "v", "ǁ": "w", "ǆ": "x", "Ǉ": "y", "ǌ": "z",
    "Ϭ": "0", "ϭ": "1", "Ϯ": "2", "ϯ": "3", "ϰ": "4", "ϱ": "5", "ϲ": "6", "ϳ": "7", "ϴ": "8", "ϵ": "9",
    "͞": "“", "͟": "”", "͚": "‘", "͛": "’", "Ϳ": ")",
}  # fmt: skip
_CAPITALS = {"“": "S", "‘": "R", ";": "("}  # numbers of glyphs too, but only beside others
_TRACE = re.compile("[Ŷƌǀǁǆ Ǉ Ƌ Ϭ-ϵ Ϳ ͟͞ ]".replace(" ", ""))
_TABLE = str.maketrans(_LETTERS)
_WHOLE = str.maketrans(_LETTERS | _CAPITALS)
FEWEST = 3  # traces on a page


def is_affected(letters: str) -> bool:
    """Say whether a page has letters that are numbers of glyphs."""
    return len(_TRACE.findall(letters)) >= FEWEST


def repair(word: str) -> str:
    """Write the letters printed, on a page that is affected.

    >>> repair("ƌepƌeseŶt"), repair("ϮϬϭϳ"), repair("bank")
    ('represent', '2017', 'bank')
    """
    return word.translate(_WHOLE if _TRACE.search(word) else _TABLE)

"""Letters as printed → letters as typed: ligatures taken apart, raised digits marked, hyphens made plain.

Unicode's compatibility folding (NFKC) is not used: it would turn `12,345²` into 123452 and `CO₂` into CO2.
"""

import re

_LETTERS = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "\u2010": "-", "\u2011": "-",
    "\uf0b7": "•", "\uf0a7": "▪", "\uf075": "◆", "\uf0d8": "➢", "\uf0fc": "✓",  # Symbol, Wingdings
}  # fmt: skip
_UNUSUAL = re.compile(f"[{''.join(_LETTERS)}]")
_SOFT_HYPHEN = "\u00ad"
_RAISED = str.maketrans("0123456789()+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻⁻")
_RAISED_LETTERS = dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))


def is_unusual(letters: str) -> bool:
    """Say whether any of the letters is spelled in another way than it is printed."""
    return not letters.isascii() and (_SOFT_HYPHEN in letters or _UNUSUAL.search(letters) is not None)


def spell(letters: str) -> str:
    """Write ligatures as letters, and the bullets of symbol fonts as bullets.

    >>> spell("eﬃcient")
    'efficient'
    """
    if letters.isascii():
        return letters
    if (
        _SOFT_HYPHEN in letters
    ):  # one that ends a word is painted, others only say where the word may be parted
        letters = letters[:-1].replace(_SOFT_HYPHEN, "") + letters[-1].replace(_SOFT_HYPHEN, "-")
    return _UNUSUAL.sub(lambda match: _LETTERS[match[0]], letters)


def superscript(text: str) -> str:
    """Write raised text so that it cannot be read as part of the word before it.

    >>> superscript("12"), superscript("(a)"), superscript("th")
    ('¹²', '⁽ᵃ⁾', 'th')
    """
    letters = re.findall(r"[a-z]", text)
    if len(letters) == 1:
        text = text.replace(letters[0], _RAISED_LETTERS.get(letters[0], letters[0]))
    return text.translate(_RAISED)

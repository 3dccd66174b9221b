"""A report's words → what is safe and honest to display.

A report is hostile input: escape sequences drive terminals, bidirectional controls turn sentences round, zero
width and tag characters hide words. Each is shown as what it is, never acted on and never dropped in silence.
"""

import re
import unicodedata

ELLIPSIS = "…"
_JOINERS = {"\u200c", "\u200d", "\u00ad"}  # spell Persian, Hindi and hyphenated words: harmless
_ARABIC_SIGNS = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")  # Cf, yet printed
_SUSPECT = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """Show controls, bidirectional marks and hidden characters as symbols; keep tabs and line feeds."""
    return _SUSPECT.sub(lambda match: _show(match[0]), text)


def one_line(text: str, *, limit: int | None = None) -> str:
    """Make a visible single line of at most `limit` characters."""
    line = visible(" ".join(text.split()))
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


def _show(character: str) -> str:
    if character in _JOINERS or character in _ARABIC_SIGNS:
        return character
    if character in "\u2028\u2029":
        return "\n"
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)  # ␛ for escape
    if code == 0x7F:
        return "␡"
    if unicodedata.category(character) == "Cs":
        return "\ufffd"
    return f"⟨U+{code:04X}⟩"

"""text -> sentences, as places in it; for the languages of reports, without a model.

A sentence ends at . ! ? … or a full-width stop, unless the stop belongs to an abbreviation, an initial, a
list number, an ordinal or a decimal; at the end of a block or table row, which is where `Page.text` has its
lines; and before a bullet. A footnote mark stays with its sentence.
"""

import re

from esg.chunk.abbreviations import AFTER_ORDINALS, BEFORE_FIGURES, OPENERS, SOMETIMES, TITLES

_BULLETS = "•●○◦▪■□◆◇‣➢►▶▸✓✔❖⁃"
_BORDER = re.compile(
    rf"""
      (?P<wide>[。！？｡]+[」』”’）)\]]*)
    | (?P<stop>[.!?…]+) (?P<close>["'”’»)\]]*) (?P<note>[¹²³⁰-⁹]+|\d{{1,2}}|\[\d{{1,3}}\])? (?=\s|\Z)
    | \n
    | \s(?=[{_BULLETS}])
    """,
    re.VERBOSE,
)
_LIST_NUMBER = re.compile(r"\W*(?:\d{1,2}(?:\.\d{1,2})*|[A-Za-z]|[ivxIVX]{1,4})\Z")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_UNIT = re.compile(r"\d\s+[^\W\d_]\Z")  # "1,200 t"
_LAST_WORD = re.compile(r"[^\s(\[„“\"'«/]*\Z")
_NEXT_WORD = re.compile(r"\s*[\"'“„«‘(\[]*([^\W_]*)")
_LONGEST_WORD = 60  # characters looked back for the word before a stop


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part text[start:end] into sentences without the blanks around them; nothing else is left out."""
    places = []
    begin = start
    for border in _BORDER.finditer(text, start, end):
        if _is_end(text, begin, border, end):
            places.append(_trim(text, begin, border.end()))
            begin = border.end()
    places.append(_trim(text, begin, end))
    return [place for place in places if place[0] < place[1]]


def _is_end(text: str, begin: int, border: re.Match[str], end: int) -> bool:
    if border["stop"] is None:
        return True
    after = _NEXT_WORD.match(text, border.end(), end)
    follower = text[after.end(1) - len(after[1]) : end][:1] if after else ""
    if not follower:
        return True
    if follower.islower() or follower == ".":
        return False
    if border["stop"] != ".":
        return not border["stop"].startswith("....")  # the dots that lead to a page number
    return _is_full_stop(text[begin : border.start()], border["note"] or "", after[1] if after else "")


def _is_full_stop(sentence: str, note: str, follower: str) -> bool:
    """Decide about a single stop after `sentence`, before a word that does not begin in lower case."""
    word = _last_word(sentence)
    bare = word.lower()
    if note.isdecimal() and (not word[-1:].isalpha() or bare in BEFORE_FIGURES):
        return False  # a decimal or "No.5"
    if bare in TITLES or _LIST_NUMBER.match(sentence):
        return False
    if bare in BEFORE_FIGURES and follower[:1].isdigit():
        return False
    if word.isdecimal() and len(word) <= 2:
        return follower.lower() not in AFTER_ORDINALS
    if bare in SOMETIMES or (_is_initial(word) and not _UNIT.search(sentence)):
        return follower.lower() in OPENERS
    return True


def _is_initial(word: str) -> bool:
    """Say whether the word is one letter or letters with stops: "J", "U.S"."""
    return (len(word) == 1 and word.isalpha() and not _is_wide(word)) or bool(_ACRONYM.match(word))


def _is_wide(letter: str) -> bool:
    return letter.lower() == letter.upper()  # scripts without case have no initials


def _last_word(sentence: str) -> str:
    found = _LAST_WORD.search(sentence, max(0, len(sentence) - _LONGEST_WORD))
    return found[0] if found else ""


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the blanks at both ends."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))

"""The codes of a garbled text layer and pictures of its lines → the letters they stand for.

A font without a table of its letters writes each letter as a code of its own, the same everywhere. Lines are
read by OCR until every code has been seen often enough; what most readings say is its letter. The text layer
is then translated: letters are exact where OCR errs once in a while, and every glyph keeps its box.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from esg.extract.ocr import Picture, is_plain, recognise
from esg.extract.pdf.codes import Symbol, WrittenLine, read_script
from esg.extract.pdf.glyphs import UNKNOWN, Codes, known

ENOUGH = 4  # readings of a symbol that agree
MOST = 10  # readings of a symbol that do not
MEANT = 0.7  # of a font's readings that are its codes: its text layer is right
AGREED = 0.6  # of a symbol's readings, for the most frequent one to count
MAX_LINES = 500  # read for a document
LIGATURES = {"ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ", "ffi": "ﬃ", "ffl": "ﬄ", "...": "…"}
BLANK = 0x20
LOOKS = 5  # at a symbol, to see whether anything is printed for it
BESIDE = 6  # symbols around a new one that are read with it
MARGIN = 1.0  # points around a line that is read

Written = tuple[Symbol, ...]  # a word


@dataclass(frozen=True, slots=True)
class Cipher:
    """Letters of symbols; a font that means what it says is not in it."""

    letters: Mapping[Symbol, str]
    fonts: frozenset[str]


@dataclass(slots=True)
class Learner:
    """Readings of symbols while they are collected."""

    votes: dict[Symbol, Counter[str]] = field(default_factory=dict)
    looks: dict[Symbol, Counter[bool]] = field(default_factory=dict)  # whether nothing was printed for it
    unequal: list[tuple[Written, str]] = field(default_factory=list)  # words read with more or fewer letters
    lines: int = 0

    def wants(self, line: WrittenLine) -> bool:
        """Say whether a line has symbols that were not read often enough."""
        return self.lines < MAX_LINES and any(map(self._is_open, line.symbols))

    def _is_open(self, symbol: Symbol) -> bool:
        if self.is_blank(symbol):
            return False
        votes = self.votes.get(symbol)
        return votes is None or (max(votes.values()) < ENOUGH and votes.total() < MOST)

    def is_blank(self, symbol: Symbol) -> bool:
        looks = self.looks.get(symbol)
        return looks is not None and looks[True] > looks[False]

    def learn(self, line: WrittenLine, picture: Picture) -> None:
        """Look at a line, and read those of its words that hold something new, and their neighbours."""
        self.lines += 1
        for symbol, box in zip(line.symbols, line.boxes.tolist(), strict=True):
            looks = self.looks.setdefault(symbol, Counter())
            if looks.total() < LOOKS:
                looks[is_plain(picture, box)] += 1
        wanted = [i for i, symbol in enumerate(line.symbols) if self._is_open(symbol)]
        if not wanted:
            return
        line = line.part(*self._whole_words(line, wanted[0] - BESIDE, wanted[-1] + BESIDE + 1))
        x0, y0, x1, y1 = line.box
        reading = recognise(picture.part(x0 - MARGIN, y0 - MARGIN, x1 + MARGIN, y1 + MARGIN))
        self.count(self._words(line), reading.text.split())

    def _whole_words(self, line: WrittenLine, start: int, stop: int) -> tuple[int, int]:
        starts = [i for i, symbol in enumerate(line.symbols) if line.apart[i] or self.is_blank(symbol)]
        return max((i for i in starts if i <= start), default=0), min(
            (i for i in starts if i >= stop), default=len(line.symbols)
        )

    def _words(self, line: WrittenLine) -> list[Written]:
        words: list[list[Symbol]] = [[]]
        for symbol, apart in zip(line.symbols, line.apart.tolist(), strict=True):
            blank = self.is_blank(symbol)
            if (apart or blank) and words[-1]:
                words.append([])
            if not blank:
                words[-1].append(symbol)
        return [tuple(word) for word in words if word]

    def count(self, words: Sequence[Written], texts: Sequence[str]) -> None:
        for word, text in _pairs(words, texts):
            if len(word) != len(text):
                self.unequal.append((word, text))
                continue
            for symbol, letter in zip(word, text, strict=True):
                self.votes.setdefault(symbol, Counter())[letter] += 1

    def cipher(self) -> Cipher:
        """Give the letters that are agreed on, ligatures among them, and the fonts that need them."""
        letters = {symbol: letter for symbol, votes in self.votes.items() if (letter := _agreed(votes))}
        ligatures: dict[Symbol, Counter[str]] = {}
        for word, text in self.unequal:
            if found := _ligature(word, text, letters):
                ligatures.setdefault(found[0], Counter())[found[1]] += 1
        letters |= {symbol: " " for symbol in self.looks if self.is_blank(symbol)}
        letters |= {symbol: letter for symbol, votes in ligatures.items() if (letter := _agreed(votes))}
        return Cipher(letters, frozenset(_garbled_fonts(self.votes)))


def _garbled_fonts(votes: Mapping[Symbol, Counter[str]]) -> Iterable[str]:
    """Give the fonts whose codes are not the letters that are read."""
    same, total = Counter[str](), Counter[str]()
    for (font, code), readings in votes.items():
        same[font] += readings[chr(code)]
        total[font] += readings.total()
    return (font for font in total if same[font] < MEANT * total[font])


def _pairs(words: Sequence[Written], texts: Sequence[str]) -> Iterable[tuple[Written, str]]:
    """Pair words with their readings: one by one, or all as one where only the blanks differ."""
    if len(words) == len(texts):
        return zip(words, texts, strict=True)
    whole, text = tuple(symbol for word in words for symbol in word), "".join(texts)
    return [(whole, text)] if len(whole) == len(text) else []


def _agreed(votes: Counter[str]) -> str:
    letter, count = min(votes.items(), key=lambda item: (-item[1], item[0]))
    return letter if count >= AGREED * votes.total() else ""


def _ligature(word: Written, text: str, letters: Mapping[Symbol, str]) -> tuple[Symbol, str] | None:
    """Find the one unknown symbol of a word, if what is left of its reading are the letters of a ligature."""
    unknown = [i for i, symbol in enumerate(word) if symbol not in letters]
    if len(unknown) != 1:
        return None
    before = "".join(letters[symbol] for symbol in word[: unknown[0]])
    after = "".join(letters[symbol] for symbol in word[unknown[0] + 1 :])
    inside = text[len(before) : len(text) - len(after)]
    if not (text.startswith(before) and text.endswith(after) and inside in LIGATURES):
        return None
    return word[unknown[0]], LIGATURES[inside]


def decipher(text_page: int, codes: Codes, *, cipher: Cipher) -> Codes:
    """Translate the codes of a page; a printed one that is not in the cipher is U+FFFD."""
    script = read_script(text_page, codes)
    translated = known(text_page, codes.copy())
    letters = [_letter(symbol, cipher) for symbol in script.symbols]
    foreign = np.array([letter is not None for letter in letters], np.bool_)
    printed = np.array([letter or 0 for letter in letters], np.uint32)
    translated[script.places[foreign]] = np.where(script.inked, printed, BLANK)[foreign]
    return translated


def _letter(symbol: Symbol, cipher: Cipher) -> int | None:
    """Give the code point of a symbol, None where its font means what it says."""
    if symbol[0] not in cipher.fonts:
        return None
    return ord(cipher.letters[symbol]) if symbol in cipher.letters else UNKNOWN

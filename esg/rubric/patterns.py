"""How a rubric writes a pattern: a regular expression with named words, blind to case and kind of blank.

`{name}` stands for the vocabulary's entry (entries may use others), a blank for any run of white space, a
straight quote or hyphen for its typographic forms (the text is folded to the straight ones before matching;
full-width letters, figures and marks to the plain ones). Between two ideographs a blank may stand, as
typesetters put it, and an ideograph stands for all its forms that the language's `letters` name (气 and 氣).
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

_NAME = re.compile(r"\{([a-z_][a-z_0-9]*)\}")
_BLANKS = re.compile(r"(?P<escape>\\.)|(?P<open>\[\^?\]?)|(?P<close>\])|(?P<blank> +)(?P<times>[?*+])?")
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff"
_IDEOGRAPHS = re.compile(
    f"(?<!\\\\)(?P<open>\\[\\^?)|(?P<close>\\])|(?P<letter>[{_IDEOGRAPH}])(?P<joined>(?=[{_IDEOGRAPH}]))?"
)
_FULL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)}  # as NFKC does, one for one
_FOLD: dict[int, str | int] = {
    **_FULL_WIDTH,
    0x3000: " ",
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u2002\u2003\t\n\r\f\v"), " "),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u02bc\u00b4`"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u2080"), "0"),
    **dict.fromkeys(map(ord, "\u2081"), "1"),
    **dict.fromkeys(map(ord, "\u2082"), "2"),
    **dict.fromkeys(map(ord, "\u2083"), "3"),
}
_NOT_PLAIN = re.compile(f"[{''.join(chr(code) for code in sorted(_FOLD) if code < 0x80)}]")  # of ASCII


def fold(text: str) -> str:
    """Replace typographic forms by plain ones, character by character: offsets stay what they are."""
    return text if text.isascii() and not _NOT_PLAIN.search(text) else text.translate(_FOLD)


def expand(pattern: str, vocabulary: Mapping[str, str]) -> str:
    """Put the vocabulary's words in; raises KeyError with the name of an unknown one."""
    return _NAME.sub(lambda m: f"(?:{expand(vocabulary[m[1]], vocabulary)})", pattern)


def compile_pattern(
    pattern: str, vocabulary: Mapping[str, str], letters: Mapping[str, str] = MappingProxyType({})
) -> re.Pattern[str]:
    """Compile a rubric's pattern; raises KeyError (unknown word) or re.error.

    `letters` gives all forms of an ideograph by each of them.
    """
    return re.compile(_any_form(_any_blank(expand(pattern, vocabulary)), letters), re.IGNORECASE)


def forms(groups: Sequence[str]) -> dict[str, str]:
    """Index groups of letters that are forms of one another ("气氣") by each letter."""
    return {letter: group for group in groups for letter in group}


def _any_form(pattern: str, letters: Mapping[str, str]) -> str:
    """Let an ideograph stand for all its forms, and a blank stand between two."""
    in_set = False

    def replace(match: re.Match[str]) -> str:
        nonlocal in_set
        if match["letter"] is None:
            in_set = match["open"] is not None
            return match[0]
        every = letters.get(match["letter"], match["letter"])
        if in_set:
            return every
        one = f"[{every}]" if len(every) > 1 else every
        return one if match["joined"] is None else rf"{one}\s?"

    return _IDEOGRAPHS.sub(replace, pattern)


def _any_blank(pattern: str) -> str:
    """Let a blank stand for any run of white space: one in a set of characters, none where it is optional."""
    in_set = False

    def replace(match: re.Match[str]) -> str:
        nonlocal in_set
        if match["open"]:
            in_set = True
        elif match["close"]:
            in_set = False
        elif match["blank"]:
            if in_set:
                return r"\s" + (match["times"] or "")
            return r"\s*" if match["times"] in ("?", "*") else r"\s+"
        return match[0]

    return _BLANKS.sub(replace, pattern)


def in_time(found: re.Match[str], year: int | None) -> bool:
    """Whether the years that a match names lie where the pattern says, before or after the document's own.

    A group named `future` must be a later year, one named `past` an earlier one or the same; a digit may
    follow the name. True where the document's year is unknown.
    """
    if year is None or not found.re.groupindex:
        return True
    named = {name.rstrip("0123456789"): text for name, text in found.groupdict().items() if text}
    future, past = named.get("future"), named.get("past")
    return (not future or _year(future) > year) and (not past or _year(past) <= year)


def _year(text: str) -> int:
    number = int(text)
    return number if number > 100 else 2000 + number

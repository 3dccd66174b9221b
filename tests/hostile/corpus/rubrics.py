"""Rubric files: patterns that never end, nesting, wrong types everywhere, words that are markup."""

from collections.abc import Iterator

from tests.fakes.rubrics import own
from tests.hostile.case import Case, case
from tests.hostile.corpus.words import HOSTILE, LONG

PATTERNS = (
    "(a+)+$", "(a|a)*b", "((a*)*)*c", "[", "(", "*", "\\\\", "(?P<x>a)(?P<x>b)", "(?<=a+)b", "a{99999999}", "a{99999999999}", "(?:a{1000}){1000}",
    "\\\\p{L}", "(?i-x:a)", "(?#", "\\\\1", "{{water}}{{water}}", "{{nothing}}", "{{", "(" * 200 + ")" * 200, "(" * 20_000, "\\\\u202e",
)  # fmt: skip
WRONG = (
    "true",
    "-1",
    "1e400",
    "nan",
    "9" * 400,
    '""',
    "[]",
    "{}",
    "[[[[]]]]",
    "2024-01-01",
    '"\\u0000"',
    '"\\U000E0041"',
)


def cases() -> Iterator[Case]:
    plain = own()
    yield case("rubric", "a small rubric: what mutants begin with", plain)
    yield case("one level", "a rubric of one level", own((1,)))
    for number, pattern in enumerate(PATTERNS):
        yield case(
            f"cue {number}", "a cue that is no pattern, or never ends", plain.replace("'\\d'", f'"{pattern}"')
        )
        yield case(
            f"counter-cue {number}", "the same as a counter-cue", plain.replace("'\\bnot\\b'", f'"{pattern}"')
        )
        yield case(
            f"vocabulary {number}",
            "the same as a word",
            plain.replace("'\\b(?:water|effluent)\\b'", f'"{pattern}"'),
        )
    for field in ("version", "as_of", "languages", "need", "id", "queries", "cues", "code", "patterns"):
        for number, value in enumerate(WRONG):
            lines = (
                f"{field} = {value}" if line.startswith(f"{field} =") else line for line in plain.splitlines()
            )
            yield case(f"{field} {number}", "a value of the wrong kind", "\n".join(lines))
    for number, text in enumerate((*HOSTILE, LONG)):
        quoted = text.encode("unicode_escape").decode().replace("\\x", "\\u00").replace('"', "'")
        yield case(f"words {number}", "hostile words", plain.replace("Water is", quoted))
    yield case(
        "ring",
        "words that are made of one another",
        plain.replace("'\\b(?:water|effluent)\\b'", "'{{water}}x'"),
    )
    yield case("depth", "lists in one another", plain + "\nx = " + "[" * 900 + "]" * 900)
    yield case("more depth", "lists deeper than Python goes", plain + "\nx = " + "[" * 50_000 + "]" * 50_000)
    yield case("digits", "a number of 5,000 digits", plain + "\nx = " + "9" * 5000)
    yield case("tables", "a name of 5,000 parts", plain + "\n[" + ".".join(["a"] * 5000) + "]\n")
    yield case(
        "themes",
        "300 themes of one name",
        plain + plain.partition("[[theme]]")[1] + plain.partition("[[theme]]")[2] * 300,
    )
    yield case("criteria", "2,000 criteria", plain + plain[plain.index("[[theme.criterion]]") :] * 500)
    yield case("no UTF-8", "bytes that are no letters", plain.encode() + b"# \xff\xfe\x80")
    yield case("nothing", "an empty file", b"")

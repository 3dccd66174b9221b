"""What is wrong with a rubric's language files, each as a sentence that says in which line."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from esg.rubric.patterns import compile_pattern, forms
from esg.rubric.read import Raw


def wording_problems(raw: Raw) -> Iterator[str]:
    """Check every language of a rubric that is well-formed."""
    codes = Counter([*raw["rubric"]["languages"], *(part["code"] for part in raw.get("language", []))])
    yield from (f"language {code} is there {n} times" for code, n in codes.items() if n > 1)
    for part in raw.get("language", []):
        yield from _Wording(raw, part).problems()


def bad_patterns(
    patterns: Iterable[str], vocabulary: Mapping[str, str], letters: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Give each pattern that cannot be used, and what is wrong with it."""
    for pattern in patterns:
        try:
            compiled = compile_pattern(pattern, vocabulary, letters)
        except KeyError as error:
            yield (
                pattern,
                f"the pattern '{pattern}' uses the word {error}, which the vocabulary does not have",
            )
        except (re.error, OverflowError, RecursionError) as error:
            yield pattern, f"the pattern '{pattern}' is not a regular expression: {error}"
        else:
            if compiled.search(""):
                yield pattern, f"the pattern '{pattern}' matches nothing at all, so it would match everywhere"


class _Wording:
    """One language's part of a rubric."""

    def __init__(self, raw: Raw, part: Raw) -> None:
        self.raw, self.part = raw, part
        self.lines = part.get("source", "").splitlines()
        self.letters = forms(part.get("letters", ()))

    def problems(self) -> Iterator[str]:
        yield from self._unknown()
        yield from self._repeated()
        yield from self._lacking()
        for place, patterns in self._places():
            for pattern, problem in bad_patterns(patterns, self.part.get("vocabulary", {}), self.letters):
                yield self._at(place, problem, text=pattern)

    def _unknown(self) -> Iterator[str]:
        """Ids that stand for nothing in the rubric."""
        themes = {theme["code"] for theme in self.raw["theme"]}
        criteria = {c["id"] for theme in self.raw["theme"] for c in theme["criterion"]}
        for theme in self.part.get("theme", []):
            if theme["code"] not in themes:
                yield self._at(theme["code"], "the rubric has no such theme")
        for criterion in self.part.get("criterion", []):
            if criterion["id"] not in criteria:
                yield self._at(criterion["id"], "the rubric has no such criterion")
            for name in criterion.get("excludes", []):
                if name not in self.part.get("counter_cues", {}):
                    yield self._at(criterion["id"], f"excludes: there is no [language.counter_cues.{name}]")

    def _repeated(self) -> Iterator[str]:
        names = Counter(c["id"] for c in self.part.get("criterion", []))
        names.update(theme["code"] for theme in self.part.get("theme", []))
        yield from (self._at(name, f"it is there {n} times") for name, n in names.items() if n > 1)

    def _lacking(self) -> Iterator[str]:
        """Counter-cues that the rubric has and the language has not: they would be lost without a word."""
        for name in self.raw.get("counter_cues", {}):
            if name not in self.part.get("counter_cues", {}):
                yield self._at(self.part["code"], f"counter_cues: [language.counter_cues.{name}] is missing")

    def _places(self) -> Iterator[tuple[str, list[str]]]:
        """Every list of patterns, with the name of what it belongs to."""
        yield self.part["code"], [self.part["borders"]] if "borders" in self.part else []
        for name, counter in self.part.get("counter_cues", {}).items():
            yield f"counter_cues.{name}", counter["patterns"]
        for name, patterns in self.part.get("ignore", {}).items():
            yield f"ignore.{name}", patterns
        for theme in self.part.get("theme", []):
            yield theme["code"], theme["topic"]
        for criterion in self.part.get("criterion", []):
            cues = [pattern for group in criterion.get("cues", []) for pattern in group]
            yield criterion["id"], cues + criterion.get("counter_cues", [])

    def _at(self, name: str, problem: str, *, text: str = "") -> str:
        """Say the file, the line and the name: the line of `text` behind the name, where it is found."""
        line = self._line(name)
        line = self._line(text, line) or line if text else line
        where = f"{self.part['file']}:{line}" if line else self.part["file"]
        return f"{where} › {name}: {problem}"

    def _line(self, text: str, start: int = 1) -> int:
        """The first line from `start`, counted from 1, that holds a text; 0 where none does."""
        lines = enumerate(self.lines[max(0, start - 1) :], start=max(1, start))
        return next((number for number, line in lines if text in line), 0)

"""A rubric's raw mapping → its languages: the same themes and criteria, worded in each.

A language file gives cues by criterion id; weights, figures, claims and all that decides a level stay those
of the rubric. Patterns are compiled when a document is written in the language, not before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from esg.rubric.nouns import CounterCues, Criterion, Cue, Language, Pattern, Theme
from esg.rubric.patterns import compile_pattern, forms
from esg.rubric.read import Raw
from esg.rubric.sieve import sieve

ENOUGH = 0.9  # of the criteria's weight must have cues, where the rubric does not say otherwise
LOSS = 0.2  # of confidence, where a language does not say what was measured


def languages(raw: Raw, themes: Sequence[Theme]) -> tuple[Language, ...]:
    """Give the languages of a checked rubric beside its own, by their codes."""
    found = (_language(part, raw, themes) for part in raw.get("language", []))
    return tuple(sorted(found, key=lambda language: language.code))


def missing(language: Raw, criteria: Sequence[Raw]) -> list[str]:
    """Name the criteria that have cues in the rubric's own language and none in this one."""
    spoken = {c["id"] for c in language.get("criterion", []) if c.get("cues")}
    return [c["id"] for c in criteria if c.get("cues") and c["id"] not in spoken]


def coverage(language: Raw, criteria: Sequence[Raw]) -> float:
    """Weigh the criteria that have cues in the language against those that have cues at all, 0..1."""
    weights = {c["id"]: float(c.get("weight", 1.0)) for c in criteria if c.get("cues")}
    lacking = sum(weights[name] for name in missing(language, criteria))
    total = sum(weights.values())
    return 1 - lacking / total if total else 1.0


def _language(part: Raw, raw: Raw, themes: Sequence[Theme]) -> Language:
    criteria = [c for theme in raw["theme"] for c in theme["criterion"]]
    return Language(
        code=part["code"],
        name=part["name"],
        loss=float(part.get("loss", LOSS)),
        coverage=coverage(part, criteria),
        missing=tuple(missing(part, criteria)),
        word=cache(partial(_worded, part, raw, tuple(themes))),
    )


def _worded(part: Raw, raw: Raw, themes: Sequence[Theme]) -> tuple[Theme, ...]:
    wording = _Wording(part, raw)
    return tuple(map(wording.theme, themes))


class _Wording:
    """Words themes in one language, with its vocabulary and counter-cues at hand."""

    def __init__(self, part: Raw, raw: Raw) -> None:
        self.vocabulary: Mapping[str, str] = part.get("vocabulary", {})
        self.letters = forms(part.get("letters", ()))
        self.within = part.get("within")
        self.ignored = {name: self._patterns(patterns) for name, patterns in part.get("ignore", {}).items()}
        general = raw["rubric"].get("ignore", [])
        self.ignores = {theme["code"]: theme.get("ignore", general) for theme in raw["theme"]}
        self.topics = {theme["code"]: theme["topic"] for theme in part.get("theme", [])}
        self.criteria = {criterion["id"]: criterion for criterion in part.get("criterion", [])}
        self.borders = self._patterns([part["borders"]])[0] if "borders" in part else None
        self.counters = {name: self._counter(name, c) for name, c in part.get("counter_cues", {}).items()}

    def theme(self, theme: Theme) -> Theme:
        return replace(
            theme,
            topic=self._patterns(self.topics.get(theme.code, ())),
            ignore=tuple(p for name in self.ignores[theme.code] for p in self.ignored.get(name, ())),
            criteria=tuple(map(self._criterion, theme.criteria)),
        )

    def _criterion(self, criterion: Criterion) -> Criterion:
        """Word a criterion; one without cues here keeps its figures and claims, and no cue."""
        raw = self.criteria.get(criterion.id, {})
        names = raw.get("excludes", [counter.name for counter in criterion.excludes])
        return replace(
            criterion,
            queries=tuple(raw.get("queries", ())),
            cues=tuple(Cue(self._patterns(group)) for group in raw.get("cues", ())),
            counter_cues=self._patterns(raw.get("counter_cues", ())),
            excludes=tuple(self.counters[name] for name in names if name in self.counters),
            within=raw.get("within", self.within or criterion.within),
        )

    def _counter(self, name: str, raw: Raw) -> CounterCues:
        before, after = raw.get("before", 60), raw.get("after", 0)
        return CounterCues(name, self._patterns(raw["patterns"]), before, after, self.borders)

    def _patterns(self, patterns: Sequence[str]) -> tuple[Pattern, ...]:
        return tuple(sieve(compile_pattern(p, self.vocabulary, self.letters)) for p in patterns)

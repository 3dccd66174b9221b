"""Rubric files → Rubric."""

from esg.errors import Misconfigured
from esg.rubric.check import problems
from esg.rubric.languages import ENOUGH, languages
from esg.rubric.nouns import (
    LEVELS,
    CounterCues,
    Criterion,
    Cue,
    Demand,
    Framework,
    Pattern,
    Requirement,
    Rubric,
    Statement,
    Theme,
)
from esg.rubric.patterns import compile_pattern
from esg.rubric.read import DATA, Raw, locate, read
from esg.rubric.sieve import sieve

WITHIN = 200  # characters, where a criterion does not say otherwise
K = 24  # chunks for each criterion where the rubric does not say


def load(id_or_path: str) -> Rubric:
    """Load a shipped rubric by id or one's own by path; Misconfigured says all that is wrong with it."""
    path = locate(id_or_path)
    raw = read(path)
    is_shipped = DATA in path.parents  # the tests have checked it, and there are thousands of patterns
    if not is_shipped and (found := problems(raw)):
        raise Misconfigured(
            f"The rubric {path} cannot be used: " + "; ".join(found) + ".",
            next_step=f"Correct it and run: esg rubric check {path}",
        )
    return _Builder(raw).rubric()


class _Builder:
    """Turns the checked mapping into values, with the vocabulary and counter-cues at hand."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.vocabulary = raw.get("vocabulary", {})
        self.counters = {name: self._counter(name, c) for name, c in raw.get("counter_cues", {}).items()}

    def rubric(self) -> Rubric:
        head = self.raw["rubric"]
        year, month = map(int, head["as_of"].split("-"))
        themes = tuple(map(self._theme, self.raw["theme"]))
        others = languages(self.raw, themes)
        enough = head.get("coverage", ENOUGH)
        return Rubric(
            id=head["id"],
            version=head["version"],
            as_of=(year, month),
            languages=(*head["languages"], *(o.code for o in others if o.coverage >= enough)),
            k=head.get("k", K),
            themes=themes,
            statements=tuple(map(self._statement, self.raw.get("statement", []))),
            frameworks=tuple(map(_framework, self.raw.get("framework", []))),
            others=others,
            coverage=enough,
        )

    def _theme(self, raw: Raw) -> Theme:
        defaults = raw.get("excludes", self.raw["rubric"].get("excludes", []))
        return Theme(
            code=raw["code"],
            name=raw["name"],
            definition=raw["definition"],
            topic=self._patterns(raw.get("topic", [])),
            ignore=self._ignored(raw),
            demands=tuple(_demand(level, raw["level"][str(level)]) for level in LEVELS),
            criteria=tuple(self._criterion(c, defaults) for c in raw["criterion"]),
            unmet=raw.get("unmet", 0.5),
        )

    def _ignored(self, raw: Raw) -> tuple[Pattern, ...]:
        names = raw.get("ignore", self.raw["rubric"].get("ignore", []))
        return tuple(p for name in names for p in self._patterns(self.raw["ignore"][name]))

    def _statement(self, raw: Raw) -> Statement:
        excludes = self.raw["rubric"].get("excludes", [])
        return Statement(self._decided(f"statement:{raw['id']}", 0, raw, excludes), self._ignored(raw))

    def _criterion(self, raw: Raw, excludes: list[str]) -> Criterion:
        return self._decided(raw["id"], int(raw["id"].split(".")[1]), raw, excludes)

    def _decided(self, name: str, level: int, raw: Raw, excludes: list[str]) -> Criterion:
        return Criterion(
            id=name,
            level=level,
            text=raw["text"],
            queries=tuple(raw["queries"]),
            cues=tuple(Cue(self._patterns(group)) for group in raw.get("cues", [])),
            counter_cues=self._patterns(raw.get("counter_cues", [])),
            excludes=tuple(self.counters[name] for name in raw.get("excludes", excludes)),
            kpis=_groups(raw.get("kpis", [])),
            claims=_groups(raw.get("claims", [])),
            weight=float(raw.get("weight", 1.0)),
            required=raw.get("required", False),
            minimum=raw.get("minimum", 1),
            implied_by=tuple(raw.get("implied_by", [])),
            within=raw.get("within", WITHIN),
        )

    def _counter(self, name: str, raw: Raw) -> CounterCues:
        return CounterCues(name, self._patterns(raw["patterns"]), raw.get("before", 60), raw.get("after", 0))

    def _patterns(self, patterns: list[str]) -> tuple[Pattern, ...]:
        return tuple(sieve(compile_pattern(p, self.vocabulary)) for p in patterns)


def _demand(level: int, raw: Raw) -> Demand:
    return Demand(level, raw["text"], float(raw["need"]))


def _framework(raw: Raw) -> Framework:
    requirements = (Requirement(r["id"], r["text"], _groups(r["needs"])) for r in raw["requirement"])
    return Framework(raw["id"], raw["version"], tuple(requirements))


def _groups(raw: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, raw))

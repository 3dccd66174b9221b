"""A rubric as values: themes, their criteria by level, the cues for them, the frameworks they answer."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from esg.rubric.sieve import Sieve

Pattern = Sieve
LEVELS = (1, 2, 3, 4)  # level 0 is the absence of level 1: it has no criteria


@dataclass(frozen=True, slots=True)
class Cue:
    """Patterns that must all be found in one sentence or table row, fewer than half of them in its heading.

    A group named `future` must be a year after the document's own, one named `past` a year not after it;
    a digit may follow the name where a pattern has several.
    """

    patterns: tuple[Pattern, ...]

    @property
    def elsewhere(self) -> int:
        """How many patterns may be found in the heading instead."""
        return (len(self.patterns) - 1) // 2


@dataclass(frozen=True, slots=True)
class CounterCues:
    """A named set of patterns that take a cue's force away when they stand near it.

    `before` and `after` are how far to look, in characters from the cue; sentences end the search, and so
    do `borders` between clauses, where the language has its own.
    """

    name: str
    patterns: tuple[Pattern, ...]
    before: int
    after: int
    borders: Pattern | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One demand of one level, decided from sentences and rows (`cues`) or from figures and claims read.

    `kpis` and `claims` are groups: of each group one is enough, and every group is needed. A claim is written
    `key` or `key:value`. Any of the three ways (cues, kpis, claims) suffices. One of weight 0 is there for
    the frameworks and moves no level; so is that of a statement, which has level 0.
    """

    id: str
    level: int
    text: str
    queries: tuple[str, ...]
    cues: tuple[Cue, ...] = ()
    counter_cues: tuple[Pattern, ...] = ()  # anywhere in the sentence or row
    excludes: tuple[CounterCues, ...] = ()  # near the cue
    kpis: tuple[tuple[str, ...], ...] = ()
    claims: tuple[tuple[str, ...], ...] = ()
    weight: float = 1.0
    required: bool = False
    minimum: int = 1  # how many different sentences or rows must speak for it
    implied_by: tuple[str, ...] = ()  # criteria of higher demands: where one of them is met, so is this
    within: int = 200  # characters of a sentence in which a cue's patterns must be found together
    others: Mapping[str, "Criterion"] = field(default_factory=dict, hash=False)  # by language (ISO 639-1)

    def in_language(self, code: str) -> "Criterion":
        """The criterion with the cues of a language; "" is the rubric's own."""
        return self.others.get(code, self)

    @property
    def every_cue(self) -> Iterator[Cue]:
        """The cues of every language."""
        yield from self.cues
        for other in self.others.values():
            yield from other.every_cue

    @property
    def patterns(self) -> Iterator[Pattern]:
        """All that is looked for, in every language: cues, and what takes them away."""
        yield from (pattern for cue in self.cues for pattern in cue.patterns)
        yield from self.counter_cues
        yield from (pattern for counter in self.excludes for pattern in counter.patterns)
        for other in self.others.values():
            yield from other.patterns


@dataclass(frozen=True, slots=True)
class Demand:
    """What a level asks for in one sentence, and the share of its criteria's weight that reaches it."""

    level: int
    text: str
    need: float


@dataclass(frozen=True, slots=True)
class Theme:
    code: str
    name: str
    definition: str
    topic: tuple[Pattern, ...]  # whether a sentence speaks of the theme at all
    ignore: tuple[Pattern, ...]  # sentences and rows, after their headings, that are no evidence here
    demands: tuple[Demand, ...]  # of levels 1 to 4
    criteria: tuple[Criterion, ...]
    unmet: float = 0.5  # the share of all lower levels' weight below which a level does not count

    def of_level(self, level: int) -> tuple[Criterion, ...]:
        return tuple(c for c in self.criteria if c.level == level)


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that only frameworks ask a document to say: that it speaks of pollution, has an index.

    It belongs to no theme, so its criterion, `statement:NAME`, moves no level; `ignore` is as in a theme.
    """

    criterion: Criterion
    ignore: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of a framework; each group of `needs` holds references of which one is enough.

    A reference is a criterion's id, `statement:NAME`, `kpi:KEY` or `claim:KEY[:VALUE]`.
    """

    id: str
    text: str
    needs: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Framework:
    id: str
    version: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which a rubric has cues beside its own, and how far they go.

    `loss` is what a level read with these cues alone loses in confidence. `missing` names the criteria that
    have cues in the rubric's own language and none in this one: they cannot be met by a sentence.
    """

    code: str  # ISO 639-1
    name: str
    loss: float
    coverage: float  # share of the criteria's weight that has cues here, 0..1
    missing: tuple[str, ...]
    word: Callable[[], tuple[Theme, ...]] = field(compare=False, repr=False)  # all themes, worded in it


@dataclass(frozen=True, slots=True)
class Rubric:
    """`as_of` (year, month) is what freshness counts from: a clock would break "same bytes, same JSON".

    `languages` are those that the themes themselves are worded in, then the `others` that cover at least
    the `coverage` asked for; a document in none of them is not judged.
    """

    id: str
    version: str
    as_of: tuple[int, int]
    languages: tuple[str, ...]
    k: int  # chunks retrieved for each criterion
    themes: tuple[Theme, ...]
    statements: tuple[Statement, ...]
    frameworks: tuple[Framework, ...]
    others: tuple[Language, ...] = ()
    coverage: float = 0.9

    def speaking(self, codes: Collection[str]) -> "Rubric":
        """The rubric with the cues of some of the other languages in its themes and criteria.

        Statements have cues in the rubric's own languages alone: on other pages they are not looked for.
        """
        worded = {language.code: language.word() for language in self.others if language.code in codes}
        if not worded:
            return self
        themes = (
            _speaking(theme, {code: in_it[place] for code, in_it in worded.items()})
            for place, theme in enumerate(self.themes)
        )
        statements = tuple(replace(s, criterion=_silent(s.criterion, worded)) for s in self.statements)
        return replace(self, themes=tuple(themes), statements=statements)

    @property
    def patterns(self) -> Iterator[Pattern]:
        """All that is looked for in a document; one may be there several times."""
        for theme in self.themes:
            yield from (*theme.topic, *theme.ignore)
        for statement in self.statements:
            yield from statement.ignore
        for criterion in self.criteria:
            yield from criterion.patterns

    @property
    def criteria(self) -> Iterator[Criterion]:
        """Those of the themes, then those of the statements."""
        yield from (criterion for theme in self.themes for criterion in theme.criteria)
        yield from (statement.criterion for statement in self.statements)

    def theme(self, code: str) -> Theme:
        return next(theme for theme in self.themes if theme.code == code)

    def criterion(self, criterion_id: str) -> Criterion:
        return next(c for theme in self.themes for c in theme.criteria if c.id == criterion_id)


def _silent(criterion: Criterion, codes: Collection[str]) -> Criterion:
    """Give a criterion nothing to ask and nothing to find in some languages."""
    return replace(criterion, others=dict.fromkeys(codes, replace(criterion, queries=(), cues=())))


def _speaking(theme: Theme, others: Mapping[str, Theme]) -> Theme:
    """Join a theme with itself in other languages: what is ignored or on topic counts wherever it stands."""
    return replace(
        theme,
        topic=(*theme.topic, *(p for other in others.values() for p in other.topic)),
        ignore=(*theme.ignore, *(p for other in others.values() for p in other.ignore)),
        criteria=tuple(
            replace(criterion, others={code: other.criteria[place] for code, other in others.items()})
            for place, criterion in enumerate(theme.criteria)
        ),
    )

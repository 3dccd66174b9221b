"""A rubric as values: themes, their criteria by level, the cues for them, the frameworks they answer."""

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class CounterCues:
    """A named set of patterns that take a cue's force away when they stand near it.

    `before` and `after` are how far to look, in characters from the cue; sentences end the search.
    """

    name: str
    patterns: tuple[Pattern, ...]
    before: int
    after: int


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
class Rubric:
    """`as_of` (year, month) is what freshness counts from: a clock would break "same bytes, same JSON"."""

    id: str
    version: str
    as_of: tuple[int, int]
    languages: tuple[str, ...]
    k: int  # chunks retrieved for each criterion
    themes: tuple[Theme, ...]
    statements: tuple[Statement, ...]
    frameworks: tuple[Framework, ...]

    def theme(self, code: str) -> Theme:
        return next(theme for theme in self.themes if theme.code == code)

    def criterion(self, criterion_id: str) -> Criterion:
        return next(c for theme in self.themes for c in theme.criteria if c.id == criterion_id)

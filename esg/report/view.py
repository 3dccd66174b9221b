"""scorecard (+ the rubric's words) → what the page shows, resolved so that the template only lays out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from esg.domain import (
    Claim,
    CriterionResult,
    Disclosure,
    Evidence,
    Kpi,
    Scorecard,
    Status,
    ThemeScore,
)
from esg.errors import Misconfigured
from esg.report import names
from esg.rubric import Rubric, load


@dataclass(frozen=True, slots=True)
class CriterionView:
    id: str
    level: int
    met: bool
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ThemeView:
    code: str
    name: str
    definition: str
    level: int
    confidence: float
    status: Status
    rationale: str
    next_demand: str  # what the level above asks for
    criteria: tuple[CriterionView, ...]
    evidence: tuple[Evidence, ...]

    @property
    def unmet(self) -> int:
        return sum(not criterion.met for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    evidence: Evidence
    cited_by: tuple[tuple[str, str], ...]  # (words, anchor in the page)


@dataclass(frozen=True, slots=True)
class KpiView:
    kpi: Kpi
    name: str
    notes: tuple[tuple[str, bool], ...]  # (words, whether they ask for a second look)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a framework."""

    id: str
    text: str
    disclosed: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class FrameworkView:
    id: str
    name: str
    version: str  # which edition of it, "" where the rubric is not at hand
    lines: tuple[LineView, ...]

    def count(self, disclosed: str) -> int:
        return sum(line.disclosed == disclosed for line in self.lines)


@dataclass(frozen=True, slots=True)
class ScorecardView:
    card: Scorecard
    themes: tuple[ThemeView, ...]
    kpis: tuple[KpiView, ...]
    claims: tuple[tuple[str, Claim], ...]
    frameworks: tuple[FrameworkView, ...]
    evidence: tuple[EvidenceView, ...]
    cited: Mapping[str, Evidence]

    def where(self, evidence: Evidence | str) -> str:
        """Where a quote, or the quote of an id, stands: "p. 12"."""
        found = self.cited[evidence] if isinstance(evidence, str) else evidence
        return names.place(self.card, found)


def view(scorecard: Scorecard, rubric: Rubric | None = None) -> ScorecardView:
    """Resolve ids into evidence, keys into names and, where the rubric is at hand, criteria into words.

    A shipped rubric is looked up; someone's own is given, or its criteria go by their ids.
    """
    cited = {evidence.id: evidence for evidence in scorecard.evidence}
    words = _Words.of(rubric or _shipped(scorecard.rubric_id, scorecard.rubric_version))
    citations = _citations(scorecard)
    return ScorecardView(
        card=scorecard,
        themes=tuple(_theme(theme, cited, words) for theme in scorecard.themes),
        kpis=tuple(_kpi(kpi) for kpi in sorted(scorecard.kpis, key=_place)),
        claims=tuple((names.readable(claim.claim, names.CLAIMS), claim) for claim in scorecard.claims),
        frameworks=tuple(_framework(name, lines, cited, words) for name, lines in scorecard.frameworks),
        evidence=tuple(
            EvidenceView(evidence, tuple(citations.get(evidence.id, ())))
            for evidence in sorted(
                scorecard.evidence,
                key=lambda e: (names.document_number(scorecard, e), e.page, e.start, e.id),
            )
        ),
        cited=cited,
    )


@cache
def _shipped(rubric_id: str, version: str) -> Rubric | None:
    """The shipped rubric of this id, if it still is of this version."""
    try:
        rubric = load(rubric_id) if rubric_id.isidentifier() else None  # an id, never someone's path
    except Misconfigured:
        return None
    return rubric if rubric and (rubric.id, rubric.version) == (rubric_id, version) else None


@dataclass(frozen=True, slots=True)
class _Words:
    """The rubric's sentences by id; empty without a rubric."""

    names: Mapping[str, str]
    definitions: Mapping[str, str]
    demands: Mapping[tuple[str, int], str]
    criteria: Mapping[str, str]
    requirements: Mapping[tuple[str, str], str]
    editions: Mapping[str, str]

    @classmethod
    def of(cls, rubric: Rubric | None) -> "_Words":
        themes = rubric.themes if rubric else ()
        frameworks = rubric.frameworks if rubric else ()
        return cls(
            names=names.THEMES | {theme.code: theme.name for theme in themes},
            definitions={theme.code: theme.definition for theme in themes},
            demands={(theme.code, d.level): d.text for theme in themes for d in theme.demands},
            criteria={c.id: c.text for theme in themes for c in theme.criteria},
            requirements={(f.id, line.id): line.text for f in frameworks for line in f.requirements},
            editions={f.id: f.version for f in frameworks},
        )


def _theme(theme: ThemeScore, cited: Mapping[str, Evidence], words: _Words) -> ThemeView:
    return ThemeView(
        code=theme.code,
        name=words.names.get(theme.code, theme.code),
        definition=words.definitions.get(theme.code, ""),
        level=theme.level,
        confidence=theme.confidence,
        status=theme.status,
        rationale=theme.rationale,
        next_demand=words.demands.get((theme.code, theme.level + 1), ""),
        criteria=tuple(_criterion(criterion, cited, words) for criterion in theme.criteria),
        evidence=_resolve(theme.evidence, cited),
    )


def _criterion(criterion: CriterionResult, cited: Mapping[str, Evidence], words: _Words) -> CriterionView:
    return CriterionView(
        id=criterion.id,
        level=criterion.level,
        met=criterion.met,
        text=words.criteria.get(criterion.id, ""),
        evidence=_resolve(criterion.evidence, cited),
    )


def _place(kpi: Kpi) -> tuple[int, int]:
    """Where a reader looks for a figure: in the order of the names, the newest year first."""
    order = list(names.KPIS)
    place = order.index(kpi.kpi) if kpi.kpi in order else len(order)
    return place, -(kpi.fiscal_year or 0)


def _kpi(kpi: Kpi) -> KpiView:
    doubts = names.warnings(kpi)
    notes = [("Restated", True)] if kpi.restated else []
    notes += [(names.readable(flag, names.FLAGS), flag in doubts) for flag in kpi.flags if flag != "restated"]
    return KpiView(kpi, names.readable(kpi.kpi, names.KPIS), tuple(notes))


def _framework(
    name: str, lines: Sequence[Disclosure], cited: Mapping[str, Evidence], words: _Words
) -> FrameworkView:
    shown = tuple(
        LineView(
            line.id,
            words.requirements.get((name, line.id), ""),
            line.disclosed,
            _resolve(line.evidence, cited),
        )
        for line in lines
    )
    return FrameworkView(name, names.FRAMEWORKS.get(name, name), words.editions.get(name, ""), shown)


def _resolve(ids: Sequence[str], cited: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    return tuple(cited[i] for i in ids if i in cited)


def _citations(scorecard: Scorecard) -> dict[str, list[tuple[str, str]]]:
    """By evidence id: who cites it, once each, in the order of the page."""
    found: dict[str, dict[tuple[str, str], None]] = {}

    def cite(ids: Sequence[str], words: str, anchor: str) -> None:
        for evidence in ids:
            found.setdefault(evidence, {})[words, anchor] = None

    for theme in scorecard.themes:
        criteria = {i for criterion in theme.criteria for i in criterion.evidence}
        for criterion in theme.criteria:
            cite(criterion.evidence, criterion.id, f"theme-{theme.code}")
        cite([i for i in theme.evidence if i not in criteria], theme.code, f"theme-{theme.code}")
    for kpi in scorecard.kpis:
        cite([kpi.evidence], names.readable(kpi.kpi, names.KPIS), "kpis")
    for claim in scorecard.claims:
        cite([claim.evidence], names.readable(claim.claim, names.CLAIMS), "claims")
    for name, lines in scorecard.frameworks:
        for line in lines:
            cite(line.evidence, f"{names.FRAMEWORKS.get(name, name)} {line.id}", "frameworks")
    return {evidence: list(citations) for evidence, citations in found.items()}

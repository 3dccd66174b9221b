"""scorecard → quotes in the order in which a reader goes through them, all or those of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass

from esg.domain import Scorecard
from esg.report import names


@dataclass(frozen=True, slots=True)
class Walk:
    """Quotes to go through one after another; `of` is the key of what they speak for, "" for all."""

    of: str
    words: str
    ids: tuple[str, ...]

    def place(self, evidence_id: str) -> int:
        """From 1."""
        return self.ids.index(evidence_id) + 1

    def beside(self, evidence_id: str, step: int) -> str | None:
        """The quote so many steps on; None where there is none."""
        at = self.ids.index(evidence_id) + step
        return self.ids[at] if 0 <= at < len(self.ids) else None


def walk(card: Scorecard, of: str, evidence_id: str) -> Walk:
    """The quotes of a theme, a framework, of figures or claims, if a given one is there; else all."""
    words, ids = _known(card).get(of, ("", ()))
    if evidence_id in ids:
        return Walk(of, words, tuple(dict.fromkeys(ids)))
    ordered = sorted(
        card.evidence, key=lambda e: (names.document_number(card, e), e.page, e.start, e.end, e.id)
    )
    return Walk("", "the report", tuple(e.id for e in ordered))


def _known(card: Scorecard) -> dict[str, tuple[str, Sequence[str]]]:
    known: dict[str, tuple[str, Sequence[str]]] = {
        "kpis": ("key figures", [kpi.evidence for kpi in card.kpis]),
        "claims": ("claims", [claim.evidence for claim in card.claims]),
    }
    for theme in card.themes:
        of_criteria = [evidence for criterion in theme.criteria for evidence in criterion.evidence]
        known[theme.code] = (names.readable(theme.code, names.THEMES), [*of_criteria, *theme.evidence])
    for framework, lines in card.frameworks:
        cited = [evidence for line in lines for evidence in line.evidence]
        known[framework] = (names.FRAMEWORKS.get(framework, framework), cited)
    return known

"""A scorecard → the answers of the first engine's API (api/routes/score.py)."""

from collections.abc import Mapping, Sequence

from api import schemas
from esg.domain import Evidence, Hit, Scorecard, ThemeScore
from esg.state import Company


def scored(company: Company, year: int | None, *, card: Scorecard, hits: Sequence[Hit]) -> schemas.FirstScore:
    """Lay out the levels with their quotes, and the passages that were found."""
    quotes = {evidence.id: evidence for evidence in card.evidence}
    return schemas.FirstScore(
        company=company.name,
        year=year,
        scores=[_theme(theme, quotes) for theme in sorted(card.themes, key=lambda theme: theme.code)],
        passages=[schemas.FirstPassage.of(hit) for hit in hits],
        model_version=card.versions.pipeline,
        rubric_version=card.rubric_version,
        trace_id=card.trace_id,
        parity=_parity(card),
    )


def traced(company: Company, year: int | None, *, card: Scorecard) -> schemas.FirstTrace:
    """Lay out every quote with its place and hash."""
    return schemas.FirstTrace(
        company=company.name,
        year=year,
        ledger_manifest=_ledger(company, year),
        quote_records=[_quote(evidence) for evidence in card.evidence],
        parity_verdict="PASS" if card.parity.ok else "FAIL",
        parity=_parity(card),
        trace_id=card.trace_id,
    )


def _theme(theme: ThemeScore, quotes: Mapping[str, Evidence]) -> schemas.FirstTheme:
    return schemas.FirstTheme(
        theme=theme.code,
        stage=theme.level,
        confidence=theme.confidence,
        stage_descriptor=theme.rationale,
        status=theme.status.value,
        evidence=[schemas.FirstEvidence.of(quotes[name]) for name in theme.evidence],
    )


def _parity(card: Scorecard) -> schemas.FirstParity:
    """Of the quotes that a level stands on, each by its span: a figure from a table was not retrieved."""
    named = dict.fromkeys(name for theme in card.themes for name in theme.evidence)
    outside = card.parity.evidence_outside_top_k
    return schemas.FirstParity(
        parity_ok=card.parity.ok, evidence_ids=list(named), evidence_outside_top_k=list(outside)
    )


def _quote(evidence: Evidence) -> schemas.FirstQuote:
    return schemas.FirstQuote(
        text=evidence.quote,
        page=evidence.page,
        chunk_id=evidence.chunk_id,
        source_hash=evidence.document_id,
        evidence_id=evidence.id,
        start=evidence.start,
        end=evidence.end,
        sha256=evidence.sha256,
        links=schemas.evidence_links(evidence),
    )


def _ledger(company: Company, year: int | None) -> str:
    """Where the documents are listed that it was judged on."""
    of_year = f"&year={year}" if year is not None else ""
    return f"/v1/documents?company={company.slug}{of_year}"

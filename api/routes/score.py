"""/score and /trace: the shape of the first engine's API, for whoever speaks it.

Its fields keep their names; beside them stand where on which page a quote is, and whether each quote lies
inside the spans that retrieval returned.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from api import company_cards, schemas
from api.company_cards import YearCard
from api.deps import House, Reader, TheHouse
from esg import retrieve
from esg.domain import LONGEST_COMPANY, Evidence, Hit, Scorecard, ThemeScore

router = APIRouter(tags=["first shape"])

PASSAGES = 10

CompanyName = Annotated[
    str, Query(min_length=1, max_length=LONGEST_COMPANY, description="Its name or its slug.")
]


@router.post("/score", response_model=schemas.FirstScore)
def score(caller: Reader, asked: schemas.FirstScoreRequest, house: TheHouse) -> schemas.FirstScore:
    """A company's levels by theme with their quotes, and the passages of its reports nearest to the query.

    Nothing is scored here: send the report to `POST /v1/documents` first.
    """
    found = company_cards.find(house, asked.company, asked.year)
    card = found.parsed(house)
    quotes = {evidence.id: evidence for evidence in card.evidence}
    return schemas.FirstScore(
        company=found.company.name,
        year=found.year,
        scores=[_theme(theme, quotes) for theme in sorted(card.themes, key=lambda theme: theme.code)],
        passages=[schemas.FirstPassage.of(hit) for hit in _passages(house, card, asked.query)],
        model_version=card.versions.pipeline,
        rubric_version=card.rubric_version,
        trace_id=card.trace_id,
        parity=_parity(card),
    )


@router.get("/trace", response_model=schemas.FirstTrace)
def trace(
    caller: Reader, house: TheHouse, company: CompanyName, year: schemas.AnyYear = None
) -> schemas.FirstTrace:
    """Every quote that a company's levels and figures stand on, down to page, place and hash."""
    found = company_cards.find(house, company, year)
    card = found.parsed(house)
    return schemas.FirstTrace(
        company=found.company.name,
        year=found.year,
        ledger_manifest=_ledger(found),
        quote_records=[_quote(evidence) for evidence in card.evidence],
        parity_verdict="PASS" if card.parity.ok else "FAIL",
        parity=_parity(card),
        trace_id=card.trace_id,
    )


def _theme(theme: ThemeScore, quotes: dict[str, Evidence]) -> schemas.FirstTheme:
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


def _passages(house: House, card: Scorecard, query: str) -> list[Hit]:
    documents = [document.id for document in card.documents or (card.document,)]
    resources = house.resources
    return retrieve.find(
        query,
        store=resources.store,
        embedder=resources.embedder,
        documents=documents,
        k=PASSAGES,
        reranker=resources.reranker,
    )


def _ledger(found: YearCard) -> str:
    """Where the documents are listed that it was judged on."""
    year = f"&year={found.year}" if found.year is not None else ""
    return f"/v1/documents?company={found.company.slug}{year}"

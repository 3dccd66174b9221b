"""pages → all figures and claims, with their quotes: what a scorecard needs of them, whatever the rubric."""

from collections.abc import Sequence
from dataclasses import dataclass

from esg.domain import Claim, Document, Evidence, Fact, Kpi, Page
from esg.kpi.claims import read_claims
from esg.kpi.read import evidence_of, read_kpis
from esg.kpi.translate import translations

VERSION = "4"  # of everything that decides what is read and how it is kept; a change reads and scores anew


@dataclass(frozen=True, slots=True)
class Readings:
    """Figures and claims as they were read; `evidence` are the quotes of the figures, then of the claims."""

    kpis: tuple[Kpi, ...]
    claims: tuple[Claim, ...]
    evidence: tuple[Evidence, ...]


def read_all(document: Document, pages: Sequence[Page], tagged: Sequence[Fact] = ()) -> Readings:
    """Read a document as one of its company and year: these decide, nothing else of `document` does.

    `tagged` are the facts of inline XBRL on its pages.
    """
    translated = translations(document, pages)
    kpis = read_kpis(document, pages, tagged, translated=translated)
    claims = read_claims(document, pages, translated=translated)
    quotes = (*(evidence_of(kpi, pages) for kpi in kpis), *(claim.evidence for claim in claims))
    return Readings(tuple(kpis), tuple(claim.claim for claim in claims), quotes)

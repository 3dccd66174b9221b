"""pages → figures and claims, each with its quote."""

from esg.kpi.cite import boxes, cite, is_running, rounded
from esg.kpi.claims import Reading, read_claims
from esg.kpi.read import evidence_of, read_kpis

__all__ = [
    "Reading",
    "boxes",
    "cite",
    "evidence_of",
    "is_running",
    "read_claims",
    "read_kpis",
    "rounded",
]

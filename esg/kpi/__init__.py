"""pages → figures and claims, each with its quote."""

from esg.kpi.cite import boxes, cite, is_running, rounded
from esg.kpi.claims import Reading, read_claims
from esg.kpi.glossary import languages
from esg.kpi.gold import in_kpi_unit, year_of
from esg.kpi.identity import figure_key
from esg.kpi.quote import MAX_WORDS, quote_span
from esg.kpi.read import evidence_of, read_kpis
from esg.kpi.readings import VERSION, Readings, read_all
from esg.kpi.reconcile import Ledger, reconcile
from esg.kpi.references import references

__all__ = [
    "MAX_WORDS",
    "VERSION",
    "Ledger",
    "Reading",
    "Readings",
    "boxes",
    "cite",
    "evidence_of",
    "figure_key",
    "in_kpi_unit",
    "is_running",
    "languages",
    "quote_span",
    "read_all",
    "read_claims",
    "read_kpis",
    "reconcile",
    "references",
    "rounded",
    "year_of",
]

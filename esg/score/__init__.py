"""Passages and figures → levels with quotes: the scorecard."""

from esg.kpi import cite
from esg.score.base import Finding, Judge, Passage, Retriever, Verdict
from esg.score.local import LocalJudge
from esg.score.scorecard import score, trace_id
from esg.score.verify import verify

__all__ = [
    "Finding",
    "Judge",
    "LocalJudge",
    "Passage",
    "Retriever",
    "Verdict",
    "cite",
    "score",
    "trace_id",
    "verify",
]

"""Passages and figures → levels with quotes: the scorecard."""

from esg.kpi import cite
from esg.score.base import Finding, Judge, Judgement, Judging, Passage, Question, Retriever, Verdict
from esg.score.examine import Examined, examine
from esg.score.fallback import FallbackJudge
from esg.score.local import LocalJudge
from esg.score.scorecard import score, score_together, trace_id
from esg.score.verify import verify

__all__ = [
    "Examined",
    "FallbackJudge",
    "Finding",
    "Judge",
    "Judgement",
    "Judging",
    "LocalJudge",
    "Passage",
    "Question",
    "Retriever",
    "Verdict",
    "cite",
    "examine",
    "score",
    "score_together",
    "trace_id",
    "verify",
]

"""Rubrics: versioned data files → themes and criteria."""

from esg.rubric.check import check
from esg.rubric.load import load
from esg.rubric.nouns import (
    CounterCues,
    Criterion,
    Cue,
    Demand,
    Framework,
    Language,
    Requirement,
    Rubric,
    Statement,
    Theme,
)
from esg.rubric.patterns import compile_pattern, fold, in_time

__all__ = [
    "CounterCues",
    "Criterion",
    "Cue",
    "Demand",
    "Framework",
    "Language",
    "Requirement",
    "Rubric",
    "Statement",
    "Theme",
    "check",
    "compile_pattern",
    "fold",
    "in_time",
    "load",
]

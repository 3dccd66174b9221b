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
from esg.rubric.sieve import Sieve, any_found, letters, sieve

__all__ = [
    "CounterCues",
    "Criterion",
    "Cue",
    "Demand",
    "Framework",
    "Language",
    "Requirement",
    "Rubric",
    "Sieve",
    "Statement",
    "Theme",
    "any_found",
    "check",
    "compile_pattern",
    "fold",
    "in_time",
    "letters",
    "load",
    "sieve",
]

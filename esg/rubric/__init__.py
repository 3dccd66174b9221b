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
from esg.rubric.postings import Postings, Texts, numbers
from esg.rubric.sieve import Sieve, any_found, letters, sieve
from esg.rubric.strings import Strings

__all__ = [
    "CounterCues",
    "Criterion",
    "Cue",
    "Demand",
    "Framework",
    "Language",
    "Postings",
    "Requirement",
    "Rubric",
    "Sieve",
    "Statement",
    "Strings",
    "Texts",
    "Theme",
    "any_found",
    "check",
    "compile_pattern",
    "fold",
    "in_time",
    "letters",
    "load",
    "numbers",
    "sieve",
]

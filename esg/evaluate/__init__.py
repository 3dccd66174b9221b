"""What we say ↔ what is true: one file for each kind of label or proof."""

from esg.evaluate.originals import Finder, first_of, in_folder
from esg.evaluate.quotes import Findings, evaluate_quotes

__all__ = ["Finder", "Findings", "evaluate_quotes", "first_of", "in_folder"]

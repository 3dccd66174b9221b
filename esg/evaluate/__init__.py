"""What we say ↔ what is true: one file for each kind of label or proof."""

from esg.evaluate.kpis import compare_kpis, judge, kpi_errors, summarise_kpis
from esg.evaluate.labels import read_labels
from esg.evaluate.levels import compare_levels, level_errors, summarise_levels
from esg.evaluate.naive import read_naively
from esg.evaluate.ocr import OcrCounts, as_scan, evaluate_ocr
from esg.evaluate.originals import Finder, first_of, in_folder
from esg.evaluate.plain_values import plain_values
from esg.evaluate.quotes import Findings, Reader, evaluate_quotes
from esg.evaluate.scorecards import scorecards_of_files

__all__ = [
    "Finder",
    "Findings",
    "OcrCounts",
    "Reader",
    "as_scan",
    "compare_kpis",
    "compare_levels",
    "evaluate_ocr",
    "evaluate_quotes",
    "first_of",
    "in_folder",
    "judge",
    "kpi_errors",
    "level_errors",
    "plain_values",
    "read_labels",
    "read_naively",
    "scorecards_of_files",
    "summarise_kpis",
    "summarise_levels",
]

"""scorecard → report: JSON, CSV, Parquet, PDF, a terminal table and one self-contained HTML page."""

from esg.report.crop import crop
from esg.report.csv import to_csv
from esg.report.explain import print_explanations
from esg.report.html import environment, style, to_html
from esg.report.json import SCHEMA_ID, canonical_json, from_dict, to_dict
from esg.report.parquet import to_parquet
from esg.report.pdf import to_pdf
from esg.report.pictures import Material, all_pictures, picture, pictures
from esg.report.schema import schema, validate
from esg.report.terminal import print_scorecards
from esg.report.text import one_line, visible

__all__ = [
    "SCHEMA_ID",
    "Material",
    "all_pictures",
    "canonical_json",
    "crop",
    "environment",
    "from_dict",
    "one_line",
    "picture",
    "pictures",
    "print_explanations",
    "print_scorecards",
    "schema",
    "style",
    "to_csv",
    "to_dict",
    "to_html",
    "to_parquet",
    "to_pdf",
    "validate",
    "visible",
]

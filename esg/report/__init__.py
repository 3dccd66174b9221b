"""scorecard → report: JSON, CSV, a terminal table and one self-contained HTML page."""

from esg.report.json import SCHEMA_ID, canonical_json, from_dict, to_dict
from esg.report.schema import schema, validate

__all__ = [
    "SCHEMA_ID",
    "canonical_json",
    "from_dict",
    "schema",
    "to_dict",
    "validate",
]

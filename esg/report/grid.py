"""The grid that numbers are rounded to before they are written, so that float noise never changes a byte."""

import math

POINT_DIGITS = 2  # coordinates, in PDF points
SCORE_DIGITS = 2  # levels, confidences
RETRIEVAL_DIGITS = 6  # cosine, BM25, fused score
VALUE_SIGNIFICANT_DIGITS = 12  # KPI values: a float holds 15


def decimals(number: float, digits: int) -> float:
    """Round to `digits` decimals; raise ValueError on a number that is not finite."""
    return _finite(round(float(number), digits))


def significant(number: float) -> float:
    """Round to the significant digits of a KPI; raise ValueError on a number that is not finite."""
    return _finite(float(f"{number:.{VALUE_SIGNIFICANT_DIGITS}g}"))


def _finite(number: float) -> float:
    """Refuse infinities and NaN; write minus zero as zero."""
    if not math.isfinite(number):
        raise ValueError(f"a scorecard holds no {number}")
    return number + 0.0

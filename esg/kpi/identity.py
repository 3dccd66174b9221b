"""A figure → the key that it keeps when its document is read again."""

import hashlib

from esg.domain import Kpi


def figure_key(kpi: Kpi) -> str:
    """Name a figure of a document by what it is of, not by its value: 16 hexadecimal digits."""
    parts = (kpi.kpi, str(kpi.fiscal_year), kpi.period, kpi.method, kpi.boundary)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

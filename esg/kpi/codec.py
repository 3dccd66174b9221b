"""readings ↔ Parquet: one row a figure, claim or quote, in their order, each as JSON."""

import json
from dataclasses import asdict
from typing import Any

import pyarrow as pa

from esg.chunk import codec
from esg.domain import Box, Claim, Evidence, Kpi
from esg.kpi.readings import Readings


def encode(readings: Readings) -> bytes:
    """Write readings as one Parquet file; the same bytes for the same readings."""
    rows = [
        *(("kpi", asdict(kpi)) for kpi in readings.kpis),
        *(("claim", asdict(claim)) for claim in readings.claims),
        *(("evidence", asdict(evidence)) for evidence in readings.evidence),
    ]
    kinds = pa.array([kind for kind, _ in rows], pa.string())
    values = pa.array([json.dumps(value, ensure_ascii=False) for _, value in rows], pa.string())
    return codec.write(pa.table({"kind": kinds, "value": values}))


def decode(data: bytes) -> Readings:
    """Read what `encode` wrote; raises ValueError, KeyError, TypeError or OSError for anything else."""
    table = codec.read(data)
    if table.column_names != ["kind", "value"]:
        raise ValueError(f"no readings: the columns are {table.column_names}")
    found: dict[str, list[dict[str, Any]]] = {"kpi": [], "claim": [], "evidence": []}
    for kind, value in zip(table["kind"].to_pylist(), table["value"].to_pylist(), strict=True):
        found[kind].append(json.loads(value))
    return Readings(
        kpis=tuple(Kpi(**_with_tuples(row, "flags")) for row in found["kpi"]),
        claims=tuple(Claim(**row) for row in found["claim"]),
        evidence=tuple(Evidence(**_with_tuples(row)) for row in found["evidence"]),
    )


def _with_tuples(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """Make tuples of what JSON has as lists."""
    boxes = tuple(Box(*box) for box in row["boxes"])
    return row | {name: tuple(row[name]) for name in names} | {"boxes": boxes}

"""label files → what careful readers found in a report: levels with their bands, figures, claims.

The format is that of `esg eval`'s own labels (docs/howto/labels.md): a JSON object a report.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from esg.errors import NotFound, Rejected


@dataclass(frozen=True, slots=True)
class GoldLevel:
    """A theme's level and the lowest and highest that another careful reader could defend."""

    level: int
    low: int
    high: int
    why: str
    quotes: tuple[str, ...]

    def holds(self, level: int) -> bool:
        return self.low <= level <= self.high


@dataclass(frozen=True, slots=True)
class GoldKpi:
    """A figure as printed: `value` is not scaled by `unit`, `year` may be "FY23"."""

    kpi: str
    value: float
    unit: str
    year: str
    page: int
    quote: str


@dataclass(frozen=True, slots=True)
class LabelledReport:
    file: str
    company: str
    year: int | None
    levels: Mapping[str, GoldLevel]
    kpis: tuple[GoldKpi, ...]

    @property
    def stem(self) -> str:
        return Path(self.file).stem


def read_labels(path: Path) -> list[LabelledReport]:
    """Read one label file, or those of a folder (or of its `reports` folder), by file name.

    Raises NotFound where there is none, Rejected for one that is not in the format.
    """
    files = [path] if path.is_file() else _in(path)
    if not files:
        raise NotFound(
            f"There is no label file (*.json) in {path}.",
            next_step="Name the folder that holds `reports/*.json`.",
        )
    return [_read(file) for file in files]


def _in(folder: Path) -> list[Path]:
    reports = folder / "reports"
    return sorted((reports if reports.is_dir() else folder).glob("*.json"))


def _read(file: Path) -> LabelledReport:
    try:
        return _report(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Rejected(
            f"{file.name} is not a label file ({type(error).__name__}: {error}).",
            code="bad_labels",
            next_step="Compare it with docs/howto/labels.md.",
        ) from error


def _report(raw: Mapping[str, Any]) -> LabelledReport:
    year = raw.get("year")
    return LabelledReport(
        file=str(raw["file"]),
        company=str(raw.get("company", "")),
        year=None if year is None else int(year),
        levels={theme: _level(level) for theme, level in raw.get("levels", {}).items()},
        kpis=tuple(_kpis(raw.get("kpis", ()))),
    )


def _level(raw: Mapping[str, Any]) -> GoldLevel:
    """The first reader's level; the band is what either reader could defend."""
    readers: Sequence[Mapping[str, Any]] = [raw, *([raw["second_reader"]] if "second_reader" in raw else [])]
    level = int(raw["level"])
    return GoldLevel(
        level=level,
        low=min(int(r.get("low", level)) for r in readers),
        high=max(int(r.get("high", level)) for r in readers),
        why=raw.get("why", ""),
        quotes=tuple(e["quote"] for e in raw.get("evidence", ())),
    )


def _kpis(raw: Iterable[Mapping[str, Any]]) -> Iterable[GoldKpi]:
    for kpi in raw:
        yield GoldKpi(
            kpi=kpi["kpi"],
            value=float(kpi["value"]),
            unit=kpi.get("unit", ""),
            year=str(kpi["year"]),
            page=int(kpi.get("page", 0)),
            quote=kpi.get("quote", ""),
        )

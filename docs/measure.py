"""Labels → docs/quality.md: `make quality` measures and writes; --check fails when a figure has fallen.

Every figure is what the named command of the README's own `esg` prints; nothing is computed here.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "quality.md"
RECORD = ROOT / "docs" / "quality.json"
ESG = ROOT / ".venv" / "bin" / "esg"
SHARED = "../shared"
LABELS = f"{SHARED}/labels"
REPORTS = f"{SHARED}/reports/labelled"


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a command's JSON: what it should reach, and how far it may fall before that is no noise."""

    what: str
    command: str
    key: str
    bar: float
    noise: float
    is_error: bool = False  # the lower the better

    def is_reached(self, figure: float) -> bool:
        return figure <= self.bar if self.is_error else figure >= self.bar

    def has_fallen(self, figure: float, recorded: float) -> bool:
        loss = figure - recorded if self.is_error else recorded - figure
        return loss > self.noise


LEVELS = f"eval levels {LABELS} --scorecards CARDS"
KPIS = f"eval kpis {LABELS}"
RELEVANCE = f"eval relevance {LABELS}"
SOURCES = f"eval sources {LABELS}"
TCFD = f"eval tcfd {LABELS}"
QUOTES = f"eval quotes CARDS --reports {REPORTS}"
MEASURES = (
    Measure("maturity levels: inside the readers' band", LEVELS, "in_band", 0.85, 0.03),
    Measure("maturity levels: quadratic weighted kappa", LEVELS, "kappa", 0.80, 0.05),
    Measure("maturity levels: mean absolute error", LEVELS, "mae", 0.40, 0.05, is_error=True),
    Measure("level confidence: expected calibration error", LEVELS, "ece", 0.08, 0.04, is_error=True),
    Measure("`not_disclosed`: precision", LEVELS, "not_disclosed_precision", 0.95, 0.0),
    Measure("KPI values: precision", KPIS, "precision", 0.95, 0.02),
    Measure("KPI values: recall", KPIS, "recall", 0.85, 0.03),
    Measure(
        "KPI values wrong by ×10ⁿ, method or year, unflagged", KPIS, "wrong_quietly", 0, 0, is_error=True
    ),
    Measure("passage relevance: nDCG × 100 over 60 passages", RELEVANCE, "ndcg", 84, 1.0),
    Measure("experts' sources: recall@10", SOURCES, "recall_at_10", 0.65, 0.05),
    Measure("TCFD sentences: accuracy, 11 disclosures (cross-validated)", TCFD, "accuracy", 0.60, 0.03),
    Measure("TCFD sentences: accuracy, 4 pillars (cross-validated)", TCFD, "pillar_accuracy", 0.80, 0.03),
    Measure("quotes that are not on their page", QUOTES, "not_on_page", 0, 0, is_error=True),
    Measure("boxes that are not on their page", QUOTES, "boxes_off_page", 0, 0, is_error=True),
    Measure("quotes that their criterion's own cues do not find", QUOTES, "unsupported", 0, 0, is_error=True),
)
_SCORING = Lock()
INTRODUCTION = """# Quality, measured

<!-- Written by docs/measure.py; run `make quality`. -->

What the engine says beside what careful readers wrote down, on the project's labels: ten reports, six analyst
questions, expert sources, TCFD sentences. `CARDS` is a folder of scorecards made by
`esg score {reports} --local --format json --out CARDS`. [Labels of your own](howto/labels.md) work, too.

**How to read it.** Rules were developed while looking at these ten reports: what they reach here says
that the code does what was meant, not how it does on a report it has not seen. Intervals are 95 % bootstrap
intervals over whole reports or questions; with ten reports they are wide. How questions are answered was
chosen on these questions; TCFD sentences are cross-validated, each judged by a classifier not taught it.
[Why TCFD sentences stay below their aims, and what was tried](adr/tcfd-sentences-are-read-in-context.md).
"""


def main() -> None:
    """Measure all; write the page and its record, or with --check compare with the record."""
    if not (ROOT / LABELS).is_dir():
        print(f"quality: not measured, for there are no labels at {LABELS}")
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each command keeps one processor busy
        # The last one first: it scores all reports, and the others find their vectors in the cache.
        list(pool.map(answer, dict.fromkeys(m.command for m in reversed(MEASURES))))
    figures = {f"{m.command} {m.key}": float(answer(m.command)[m.key]) for m in MEASURES}
    if "--check" in sys.argv[1:]:
        sys.exit(_compare(figures))
    RECORD.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text("\n".join([INTRODUCTION.format(reports=REPORTS), *_lines()]) + "\n", encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


@cache
def answer(command: str) -> Mapping[str, Any]:
    """Run an `esg` command and return the JSON it prints."""
    words = [str(_cards()) if word == "CARDS" else word for word in command.split()]
    print(f"esg {command}", flush=True)
    done = _esg(*words, "--json")
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def _cards() -> Path:
    """The folder of scorecards, made once whoever asks first."""
    with _SCORING:
        return _scorecards()


@cache
def _scorecards() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="esg-cards-"))
    _esg("score", REPORTS, "--local", "--format", "json", "--out", str(folder))
    return folder


def _esg(*words: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([ESG, *words], cwd=ROOT, stdout=subprocess.PIPE, check=True)  # noqa: S603  # ours


def _compare(figures: Mapping[str, float]) -> int:
    """Say what has fallen by more than its noise; returns the exit code."""
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    fallen = [
        f"{m.what}: {figures[name]:.4g}, recorded {recorded[name]:.4g}"
        for m in MEASURES
        if m.has_fallen(figures[name := f"{m.command} {m.key}"], recorded.get(name, figures[name]))
    ]
    print("\n".join(["quality has fallen:", *fallen]) if fallen else "quality: nothing has fallen")
    return 1 if fallen else 0


def _lines() -> Iterator[str]:
    yield "| what | figure | 95 % interval | aim | reached | command |"
    yield "|---|---|---|---|---|---|"
    for m in MEASURES:
        yield _row(m, answer(m.command))
    yield from _baselines()


def _row(measure: Measure, found: Mapping[str, Any]) -> str:
    figure = float(found[measure.key])
    low, high = found.get("intervals", {}).get(measure.key, (None, None))
    cells = (
        measure.what,
        f"{figure:.3g}",
        "" if low is None else f"{low:.3g} – {high:.3g}",
        f"{'≤' if measure.is_error else '≥'} {measure.bar:g}",
        "yes" if measure.is_reached(figure) else "**no**",
        f"`esg {measure.command}`",
    )
    return f"| {' | '.join(cells)} |"


def _baselines() -> Iterator[str]:
    """What simpler answers reach on the same labels, from the same runs."""
    yield "\n## What simpler answers reach\n"
    yield "| answer | figures | command |"
    yield "|---|---|---|"
    for command in dict.fromkeys(m.command for m in MEASURES):
        for name, row in answer(command).get("baselines", {}).items():
            yield f"| {name} | {_figures(row)} | `esg {command}` |"


def _figures(row: Mapping[str, float] | Sequence[float]) -> str:
    items = row.items() if isinstance(row, Mapping) else enumerate(row)
    return ", ".join(f"{key} {value:.3g}" for key, value in items)


if __name__ == "__main__":
    main()

"""Benches → docs/performance.json and docs/performance.md: `make bench` measures and writes both.

`docs/bench.py NAME…` measures only those. `--page` writes the page alone, `--check-page` fails when it is
not what the record says, `--check` runs the short form and fails when a cost has risen above its record by
more than its noise, each time it is tried. Every figure is what the named `esg bench` prints; nothing is
computed here. The reports are those in the folder BENCH_REPORTS.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

import jinja2

from esg.evaluate.bench.machine import this_machine

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "performance.md"
TEMPLATE = "performance.md.j2"
RECORD = ROOT / "docs" / "performance.json"
ESG = ROOT / ".venv" / "bin" / "esg"
REPORTS = "../shared/reports"
LONG = "more/commerzbank-2023.pdf"
LONGEST = "more/merck-kgaa-2023.pdf"
COPIED = "tests/golden/samples/quernlow-2024.pdf"  # in the checkout
SOME = ("labelled/cba-appendix-2023.pdf", "labelled/tpg-sustainability-2023.pdf", LONG)
LOAD = (LONGEST, "labelled/ct-reit-esg-2022.pdf", "more/macquarie-esg-fy23.pdf", "more/sma-annual-2023.pdf")


@dataclass(frozen=True, slots=True)
class Run:
    """A bench as it is run for the record: its command, the reports that it takes, its options."""

    name: str
    reports: Sequence[str] = ()
    options: str = ""

    def words(self, folder: str) -> list[str]:
        return ["bench", self.name, *(f"{folder}/{report}" for report in self.reports), *self.options.split()]


@dataclass(frozen=True, slots=True)
class Short:
    """A cost of the short form, in CPU over that of a reference, and by what share it may rise by noise."""

    name: str
    command: str
    figure: str
    noise: float

    def has_risen(self, value: float, recorded: float) -> bool:
        return value / recorded - 1 > self.noise


RUNS = (
    Run("report", (LONG,)),
    Run("extract", SOME),
    Run("embed", (LONG,), "--rounds 5"),
    Run("overhead", ("labelled", "more"), "--rounds 3"),
    Run("workers", ("labelled", "more"), "--rounds 1"),
    Run("dispatch"),
    Run("retrieve", ("labelled", LONGEST)),
    Run("search", options="--vectors 100000 --vectors 1000000"),
    Run("growth", options=f"{COPIED} --documents 10,100,1000,10000"),
    Run("state"),
    Run("broker"),
    Run("start"),
    Run("profile", (LONG,)),
    Run("api", LOAD, "--seconds 60"),
)
STAGES = "stages tests/golden/samples/lyngvarde-2024.pdf --rounds 4"
TRIES = 4  # of a cost that seems to have risen: who shares the processor may slow it by a half for minutes
RECORDED = 7  # runs, whose medians are the record: one of five is off by a half
SHORTS = (  # noise: what three runs differed by while 14 to 32 others waited for two cores, and some more
    Short("sandbox", STAGES, "PDFium's bare text / yardstick, CPU", 0.35),
    Short("extract", STAGES, "extract beyond PDFium's bare text / yardstick, CPU", 0.25),
    Short("chunk", STAGES, "chunk / yardstick, CPU", 0.3),
    Short("embed", STAGES, "embed / yardstick, CPU", 0.25),
    Short("score", STAGES, "score / yardstick, CPU", 0.25),
    Short("dispatch", "dispatch --tasks 200 --paced 0 --rounds 2", "100 × StageTask / yardstick, CPU", 0.35),
    Short("start", "start --imports --rounds 2", "import esg.resources / its libraries, CPU", 0.25),
)


def main() -> None:
    """Do what is asked: measure all and write, or only write, or compare."""
    match sys.argv[1:]:
        case ["--check"]:
            sys.exit(_compare())
        case ["--check-page"]:
            sys.exit(_is_behind())
        case ["--page"]:
            _write_page(_record())
        case names:
            _measure(names)


def _measure(names: Sequence[str]) -> None:
    """Run the named benches, or all, and keep what others had found before."""
    unknown = set(names) - {run.name for run in RUNS} - {"short"}
    if unknown:
        sys.exit(f"there is no bench {', '.join(sorted(unknown))}")
    record = _record()
    folder = os.environ.get("BENCH_REPORTS", REPORTS)
    for run in RUNS:
        if not names or run.name in names:
            record[run.name] = _result(run.words(folder)) | {"command": _shown(run.words(REPORTS))}
            _write(record)
    if not names or "short" in names:
        runs = [_costs(SHORTS) for _ in range(RECORDED)]
        costs = {short.name: median(run[short.name] for run in runs) for short in SHORTS}
        record["short"] = record.get("short", {}) | {this_machine().processor: costs}
        _write(record)


def _compare() -> int:
    """Run the short form, and again what has risen, since noise seldom stays; returns the exit code."""
    recorded = _expected(_record().get("short", {}), this_machine().processor)
    if unknown := [short.name for short in SHORTS if short.name not in recorded]:
        sys.exit(f"not recorded yet: {', '.join(unknown)}; run: .venv/bin/python docs/bench.py short")
    found = _costs(SHORTS)
    for _ in range(TRIES - 1):
        again = _costs(_risen(found, recorded))
        found |= {name: min(found[name], cost) for name, cost in again.items()}
    risen = _risen(found, recorded)
    for short in SHORTS:
        what = "RISEN" if short in risen else "held"
        print(f"{what:5} {short.figure}: {found[short.name]:.3g}, recorded {recorded[short.name]:.3g}")
    return 1 if risen else 0


def _expected(record: Mapping[str, Mapping[str, float]], processor: str) -> dict[str, float]:
    """Give each cost as it was recorded on this kind of processor, or the highest of other kinds."""
    names = chain.from_iterable(record.values())
    highest = {name: max(costs.get(name, 0.0) for costs in record.values()) for name in names}
    return {**highest, **record.get(processor, {})}


def _risen(found: Mapping[str, float], recorded: Mapping[str, float]) -> list[Short]:
    return [short for short in SHORTS if short.has_risen(found[short.name], recorded[short.name])]


def _costs(shorts: Sequence[Short]) -> dict[str, float]:
    """Run each of their commands once."""
    told = {
        command: _result(["bench", *command.split()]) for command in dict.fromkeys(s.command for s in shorts)
    }
    return {short.name: _cost(short, told[short.command]) for short in shorts}


def _cost(short: Short, told: Mapping[str, Any]) -> float:
    figures = {figure["what"]: figure["value"] for figure in told["figures"]}
    if short.figure not in figures:
        sys.exit(f"esg bench {short.command}: '{short.figure}' was not measured: {told['skipped']}")
    return float(figures[short.figure])


def _result(words: Sequence[str]) -> dict[str, Any]:
    """Run a bench; one that cannot be run here is a result that says why."""
    print(_shown(words), flush=True)
    command = [str(ESG), *words, "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        return {"figures": [], "skipped": [{"what": words[1], "reason": reason}], "notes": []}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _shown(words: Sequence[str]) -> str:
    return f".venv/bin/esg {' '.join(words)}"


def _record() -> dict[str, Any]:
    return dict(json.loads(RECORD.read_text(encoding="utf-8"))) if RECORD.exists() else {}


def _write(record: Mapping[str, Any]) -> None:
    RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _write_page(record)


def _write_page(record: Mapping[str, Any]) -> None:
    PAGE.write_text(_page(record), encoding="utf-8")


def _is_behind() -> int:
    if PAGE.read_text(encoding="utf-8") == _page(_record()):
        return 0
    print("docs/performance.md is behind docs/performance.json; run: make performance")
    return 1


def _page(record: Mapping[str, Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "docs"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        autoescape=False,  # noqa: S701  # Markdown of our own figures
    )
    environment.filters["figure"] = _figure
    return environment.get_template(TEMPLATE).render(record=record, shorts=SHORTS)


def _figure(value: float) -> str:
    """Three digits that count, thousands parted."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    main()

"""Recorded runs and counted loads → docs/operations/capacity.md; --check says when the page is out of date.

Everything is computed from the JSON files of esg/capacity/data by a seeded simulation, so two runs write
the same page.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from statistics import fmean

from esg.capacity import loads, recorded
from esg.capacity.costs import Prices, sensitivity
from esg.capacity.loads import Loads
from esg.capacity.needs import BUSY, needs
from esg.capacity.plan import Plan, plan
from esg.capacity.recorded import ROLES, Recorded
from esg.capacity.validation import WITHIN, Model, checks
from esg.state import ServiceTimes

PAGE = Path(__file__).parent / "operations" / "capacity.md"
DATA = Path(str(files("esg.capacity"))) / "data"
PARTS = Path(__file__).parent / "capacity.parts"
NIGHT = {"reports": 10_000, "hours": 8.0}
DECADE_PAGES, DECADE_HOURS = 50_000_000, 7 * 24.0
BYTES_OF_A_VECTOR = 1164  # in memory: esg/index/columns.py
GOLD_SECONDS = 690  # tasks/queues.py
LARGEST_INDEX = 1_000_000  # vectors of one process that answers within 100 ms


def main() -> None:
    """Write the page, or with --check compare."""
    text = "\n".join(_page()) + "\n"
    is_check = "--check" in sys.argv[1:]
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
        return
    if not is_check:
        PAGE.write_text(text, encoding="utf-8")
    print(f"docs/operations/capacity.md {'is out of date; run: make capacity' if is_check else 'written'}")
    sys.exit(int(is_check))


def _page() -> Iterator[str]:
    measured, samples, counted = recorded.read(), recorded.read(DATA / "samples.json"), loads.read()
    model = Model.of(measured)
    night = plan(model, counted, prices=Prices(), reports=int(NIGHT["reports"]), hours=NIGHT["hours"])
    pages = fmean(paper.pages for paper in measured.papers)
    decade = plan(model, counted, prices=Prices(), reports=round(DECADE_PAGES / pages), hours=DECADE_HOURS)
    yield _part("by-hand").format(by_hand=_by_hand(measured))
    yield _part("model").format(
        fits="\n".join(_fits(model)),
        checks="\n".join(_checks(measured, samples)),
        documents=len(measured.papers),
        pages=sum(paper.pages for paper in measured.papers),
        ocr_pages=sum(paper.ocr_pages for paper in measured.papers),
        gap=1000 * model.gap,
        machine=f"{measured.processors} processors ({measured.about['processor']})",
        note=f"\n**This record**: {note}\n" if (note := measured.about.get("note")) else "",
    )
    yield _part("plans").format(
        plans="\n".join(_plans(night, decade)),
        costs="\n".join(_costs(night)),
        busy=BUSY,
    )
    yield _part("breaks").format(
        limits="\n".join(_limits(model, counted, night, decade)),
        counted="\n".join(f"- {what}: {how}" for what, how in counted.about.items()),
    )
    yield _part("pods").rstrip()


def _part(name: str) -> str:
    return (PARTS / f"{name}.md").read_text(encoding="utf-8")


def _by_hand(measured: Recorded) -> str:
    seconds = {role: tuple(sorted(r.finished - r.started for r in measured.of_role(role))) for role in ROLES}
    times = ServiceTimes(len(measured.papers), seconds)
    rows = [
        (n.role, str(n.stage_runs), f"{n.seconds_per_report:.2f}", f"{n.p95_seconds:.2f}", str(n.processes))
        for n in needs(times, reports=5000, hours=8)
    ]
    return _table(("role", "stage runs", "seconds a report", "p95 of one", "processes"), rows)


def _fits(model: Model) -> Iterator[str]:
    rows = []
    for role, found in model.fits.items():
        per = " + ".join(
            f"{1000 * value:.3g} ms × {name.replace('_', ' ')}" for name, value in found.per.items() if value
        )
        rows.append(
            (
                role,
                f"{found.constant:.3f} s + {per}" if per else f"{found.constant:.3f} s",
                f"{found.warm_up:.1f} s",
                f"{found.r2:.2f}",
            )
        )
    yield _table(("role", "processor seconds of a stage run", "more for the first of its kind", "R²"), rows)


def _checks(measured: Recorded, samples: Recorded) -> Iterator[str]:
    others = {"the three sample reports of `tests/golden/samples`, another run": samples}
    rows = [
        (
            c.what,
            f"{c.measured:.1f} s",
            f"{c.simulated:.1f} s",
            f"{c.error:+.1%}",
            "yes" if abs(c.error) <= WITHIN else "**no**",
        )
        for c in checks(measured, others)
    ]
    yield _table(("how", "measured", "simulated", "error", f"within {WITHIN:.0%}"), rows)


def _plans(*plans: Plan) -> Iterator[str]:
    def row(what: str, told: Iterable[str]) -> tuple[str, ...]:
        return (what, *told)

    rows = [
        row("reports", (f"{p.reports:,}" for p in plans)),
        row("pages", (f"{p.pages:,.0f}" for p in plans)),
        row("time asked for", (f"{p.hours_wanted:g} h" for p in plans)),
        *(row(f"processes of `{role}`", (f"{p.workers[role]:,}" for p in plans)) for role in ROLES),
        row("processors", (f"{p.processors:,}" for p in plans)),
        row("simulated", (f"{p.seconds / 3600:.1f} h" for p in plans)),
        row("of the processors used", (f"{p.used:.0%}" for p in plans)),
        row("stage runs a second", (f"{p.per_second(p.stage_runs):.1f}" for p in plans)),
        row("SQL transactions a second", (f"{p.per_second(p.sql_transactions):.0f}" for p in plans)),
        row("SQL statements a second", (f"{p.per_second(p.sql_statements):.0f}" for p in plans)),
        row("Redis commands a second", (f"{p.per_second(p.redis_commands):.0f}" for p in plans)),
        row("objects read a second", (f"{p.per_second(p.store_reads):.0f}" for p in plans)),
        row("objects written a second", (f"{p.per_second(p.store_writes):.0f}" for p in plans)),
        row("to keep", (f"{p.store_gb:,.0f} GB" for p in plans)),
        row("processors", (f"${p.bill.processors:,.0f}" for p in plans)),
        row("database and Redis", (f"${p.bill.servers:,.0f}" for p in plans)),
        row("requests to the store", (f"${p.bill.requests:,.0f}" for p in plans)),
        row("in all", (f"${p.bill.total:,.0f}" for p in plans)),
        row("for 1,000 reports", (f"${1000 * p.bill.total / p.reports:.2f}" for p in plans)),
        row("keeping it, a month", (f"${p.bill.storage_month:,.0f}" for p in plans)),
    ]
    yield _table(("", "a night", "every listed company, ten years"), rows)


def _costs(night: Plan) -> Iterator[str]:
    rows = [(what, f"${total:,.2f}") for what, total in sensitivity(night.consumption, Prices())]
    yield _table(("a night, with", "in all"), [("everything as above", f"${night.bill.total:,.2f}"), *rows])


def _limits(model: Model, counted: Loads, *plans: Plan) -> Iterator[str]:
    """What each single part takes; the first to break first."""
    batches, chunks, pages = (
        fmean(getattr(paper, name) for paper in model.recorded.papers)
        for name in ("batches", "chunks", "pages")
    )
    runs = 3 + batches
    sql = counted.sql_stage_runs_per_second * BUSY * 3600 / runs
    redis = counted.redis_commands_per_second * BUSY * 3600 / (runs * counted.redis_commands)
    gold = GOLD_SECONDS / counted.gold_seconds_document
    index = LARGEST_INDEX / chunks
    reports = [float(p.reports) for p in plans]
    rates = [p.reports / (p.seconds / 3600) for p in plans]
    vectors = plans[-1].reports * chunks
    memory = f"{vectors / 1e6:,.0f} million vectors are {vectors * BYTES_OF_A_VECTOR / 1e9:,.0f} GB"
    rows = [
        (
            "search over all documents in one process (100 ms)",
            f"{index:,.0f} reports, {LARGEST_INDEX * BYTES_OF_A_VECTOR / 1e9:.1f} GB of memory",
            _over(reports, index),
            f"Cassandra, or vectors parted by company over processes: {memory}",
        ),
        (
            f"the tables of gold (`etl.gold`, {GOLD_SECONDS} s)",
            f"{gold:,.0f} scorecards in all",
            _over(reports, gold),
            "tables parted by year or company, each written by itself, of what has changed",
        ),
        (
            "one PostgreSQL",
            f"{sql:,.0f} reports an hour",
            _over(rates, sql),
            "a larger server; then state parted by document id, as no transaction touches two documents",
        ),
        (
            "one Redis",
            f"{redis:,.0f} reports an hour",
            _over(rates, redis),
            "a broker for each part of the state: hints of one never go to another",
        ),
    ]
    yield _table(("part", "takes", "used by the night, the ten years", "what changes there"), rows)
    yield f"\nAt {pages:.0f} pages, {chunks:.0f} chunks and {runs:.1f} stage runs a report."


def _over(asked: Sequence[float], limit: float) -> str:
    return ", ".join(
        f"{value / limit:.0%}" if value <= 10 * limit else f"{value / limit:,.0f} ×" for value in asked
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()

"""`python -m tests.soak REPORT…`: reports looped under load; fails when what the fleet holds is not flat.

The fleet is the product's: its own app and limits, every role once, one beat, PostgreSQL and Redis as
servers.
"""

import argparse
import shlex
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

from esg import broker
from tests.chaos.arena import DATABASES, serve
from tests.fakes.fleets import ROOT, Fleet
from tests.reliability import Record, Row
from tests.soak.load import Copy, copies
from tests.soak.samples import Sample, take
from tests.soak.slopes import trends

SHARED = ROOT.parent / "shared" / "reports"
SAMPLES = ROOT / "tests" / "golden" / "samples"
ROLES = ("control", "ingest", "embed", "index", "score", "beat")
LEAST_WARM_UP = 0.2  # of the time; and until each report has been through once, so that caches are full
EVERY_SECONDS = 10.0
PRODUCTION = {  # where tests of fleets are hasty
    "ESG_LEASE_SECONDS": "20",
    "ESG_SWEEP_SECONDS": "2",
    "ESG_REQUEUE_AFTER_SECONDS": "30",
    "ESG_RETRY_BASE_SECONDS": "2",
    "ESG_DRAIN_SECONDS": "20",
}


@dataclass
class Soak:
    """A run: what is under way, what came of what is over, what was measured."""

    fleet: Fleet
    reports: Sequence[Path]
    samples: list[Sample] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    scores: dict[Path, set[float]] = field(default_factory=lambda: defaultdict(set))
    under_way: dict[str, Copy] = field(default_factory=dict)
    warm_after: float = 0.0  # seconds

    def hand_in(self, load: Iterator[Copy], at_once: int) -> None:
        """Keep so many documents under way."""
        while len(self.under_way) < at_once:
            copy = next(load)
            self.under_way[self.fleet.submit(copy.path)] = copy

    def collect(self) -> None:
        """Note what is over."""
        for job_id, copy in list(self.under_way.items()):
            job = self.fleet.state.job(job_id)
            if not job.is_over:
                continue
            del self.under_way[job_id]
            copy.path.unlink()
            self.ends.append(job.state)
            made = self.fleet.state.scorecards(ids=[job.document_id or ""])
            self.scores[copy.report].update(card.overall for card in made)

    @property
    def is_warm(self) -> bool:
        return len(self.ends) >= len(self.reports)


def main(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments, argparse.Namespace(given=arguments))
    reports = _reports(asked.reports)
    with tempfile.TemporaryDirectory(prefix="esg-soak-") as folder, ExitStack() as stack:
        _, settings = serve(stack, Path(folder), asked.database)
        (home := Path(folder) / "home").mkdir()
        fleet = stack.enter_context(Fleet(home, is_supervised=True, **PRODUCTION, **settings))
        fleet.start(*ROLES, is_faulty=False)
        soak = Soak(fleet, reports)
        _run(soak, Path(folder), seconds=asked.minutes * 60, at_once=asked.at_once, every=asked.every)
    record = _record(asked, soak)
    print(record.told())
    if asked.json:
        record.write(asked.json)
    return 0 if record.passed else 1


def _run(soak: Soak, folder: Path, *, seconds: float, at_once: int, every: float) -> None:
    """Load and measure, until the time is over."""
    load, began = copies(soak.reports, folder), time.monotonic()
    with closing(broker.connect(broker.ensure(soak.fleet.settings))) as client:
        while (passed := time.monotonic() - began) < seconds:
            soak.fleet.supervise()
            soak.collect()
            soak.hand_in(load, at_once)
            if soak.is_warm and not soak.warm_after:
                soak.warm_after = max(passed, LEAST_WARM_UP * seconds)
            if passed >= len(soak.samples) * every:
                soak.samples.append(take(soak.fleet, client, began=began, documents=len(soak.ends)))
                print(f"{passed:.0f} s: {len(soak.ends)} documents", flush=True)
            time.sleep(0.2)


def _record(asked: argparse.Namespace, soak: Soak) -> Record:
    if not soak.warm_after:
        raise SystemExit(
            f"soak: {len(soak.ends)} of {len(soak.reports)} reports were through once; give it more --minutes"
        )
    fitted = list(trends([sample for sample in soak.samples if sample.seconds >= soak.warm_after]))
    rows: list[Row] = [
        {
            "what": trend.what,
            "after the warm-up": round(trend.start, 1),
            "at the end": round(trend.end, 1),
            "growth": round(trend.growth, 1),
            "allowed": round(trend.allowed, 1),
            "flat": "yes" if trend.is_flat else "NO",
        }
        for trend in fitted
    ]
    changed = sum(len(scores) > 1 for scores in soak.scores.values())
    failed = sum(end not in ("scored", "rejected") for end in soak.ends)
    figures = {
        "minutes": asked.minutes,
        "warm-up, minutes": round(soak.warm_after / 60, 1),
        "reports": len(soak.reports),
        "documents": len(soak.ends),
        "documents that ended otherwise than scored or rejected": failed,
        "reports whose score changed from one time to the next": changed,
        "values that grew": sum(not trend.is_flat for trend in fitted),
    }
    passed = not failed and not changed and all(trend.is_flat for trend in fitted)
    command = shlex.join(["python", "-m", "tests.soak", *asked.given])
    return Record(command, passed, figures, {"what the fleet holds": rows})


def _reports(given: Sequence[Path]) -> list[Path]:
    """Those given, files or folders; else the shared ones where they are there, else the samples."""
    places = given or [SHARED if SHARED.is_dir() else SAMPLES]
    found = [path for place in places for path in (sorted(place.rglob("*.*")) if place.is_dir() else [place])]
    readable = [path for path in found if path.suffix.lower() in (".pdf", ".html", ".htm", ".xhtml")]
    if not readable:
        raise SystemExit(f"soak: there is no report at {', '.join(map(str, places))}; name PDF or HTML files")
    return readable


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument(
        "reports", nargs="*", type=Path, help="files or folders; ../shared/reports, else samples"
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--database", choices=DATABASES, default="postgres")
    parser.add_argument("--at-once", type=int, default=6, help="documents under way")
    parser.add_argument("--every", type=float, default=EVERY_SECONDS, help="seconds between two samples")
    parser.add_argument("--json", type=Path, help="file for the figures")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""docs/reliability/*.json → docs/reliability.md: `make reliability` writes it; --check fails where it is
behind.

Each command below writes its section's JSON with `--json docs/reliability/SECTION.json`
(tests/reliability.py says what is in it); nothing is measured or computed here.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reliability.md"
RECORDS = ROOT / "docs" / "reliability"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: what is done, in words, and the command that measures it anew."""

    name: str  # of its JSON file
    title: str
    command: str
    words: str


INTRODUCTION = """# Reliability, measured

<!-- Written by docs/reliability.py from docs/reliability/*.json; run `make reliability`. -->

What was done to the engine, and what it made of it. Each table names its command, commit and machine. How
it is built so that this holds: [architecture](architecture.md#state-messages-guarantees).
"""
SECTIONS = (
    Section(
        "chaos",
        "Chaos",
        "make chaos HOURS=1",
        """A whole fleet (every role, two beats) is given reports while faults strike it, five in each round
of eight seconds, overlapping as the seed has it. Then all faults end, the fleet comes to rest, a night
passes (company-years are judged, gold is written), and SQL and the lake are read:
[`tests/chaos/invariants.py`](../tests/chaos/invariants.py) is the list of what must hold. The same reports
went through one undisturbed process before; scorecards and gold's files must have the same bytes. Every ten
minutes a fresh fleet takes over, on SQLite with the embedded broker, then on PostgreSQL and Redis as
servers. A round that fails prints its seed and the command that plays it again; what comes when is drawn
from the seed, but the moment at which a process meets it is the machine's.

What stands for what: a full disk is RLIMIT_FSIZE 0 on every process of the fleet (not of the servers); a
store that is down is the lake's folder replaced by a file, so that all access fails; a slow broker is
CLIENT PAUSE for three seconds; clocks jump by up to a day for all processes at once, forward or back, and
are put right within six seconds (a preloaded library moves the wall clock and leaves the monotonic one
alone, as setting a machine's time does). A rolling restart starts the same release again, and calls and
hints are sent as other releases write them; [rows of an earlier
one](../tests/integration/test_side_by_side.py) have a test of their own. Cassandra, S3 and Iceberg are not
here: `make test-stack` kills and restarts them under load (`tests/stack/test_disturbed.py`,
`test_cassandra_down.py`). What a killed writer leaves in the lake's `.tmp` is no object, and is removed
when it is an hour old. A task may lose a thousand workers here instead of three before its document is set
aside as poison, since the faults are no document's fault.""",
    ),
    Section(
        "soak",
        "Soak",
        "make soak",
        """Reports in a loop on a fleet with the product's own settings, PostgreSQL and Redis, six documents
under way at any time. A comment appended to each file makes it a document that was not seen before, so
everything is done anew; embeddings of a text that was seen come from the cache, as they do in production.
After the warm-up (each report once, and a fifth of the time) a slope is fitted to each value: the median
over all pairs of samples. What may grow, and why, is in [`tests/soak/slopes.py`](../tests/soak/slopes.py).
Memory and files are those of a worker and its lasting children: a sandbox ends with its document.""",
    ),
    Section(
        "hostile",
        "Hostile documents",
        "make fuzz",
        """Cases made to break what reads them (bombs, cycles, deep nesting, entities, polyglots, paths that
lead out of an archive, text in both directions, letters that nobody sees, orders to a language model), and
mutants of these, led by which branches of our code they reach. Seven things read: PDFs and web pages from
bytes to a checked scorecard, archives, rubrics, labels, the API's whole application, and a real worker whose
queue they are laid into. Each case and every 25th mutant of a document also goes through the sandbox in which
production reads. An input passes when its answer is a result or a reason of ours: what raises anything else,
dies, or takes longer than its patience is kept, with the command that replays it.

Two whole runs before the one below had found five crashes. All are mended, each input is a case of the
corpus now, and none came again. Since this run PDFs go through the sandbox as two processes that share the
pages, as `esg score` reads them (`make fuzz TARGET=pdf INPUTS=1500 SEED=5`), and parsers are forked, with
nothing but code to read (the same with `SEED=6`): no crash.

Threats, and the test that answers each: [the threat model](operations/threat-model.md).""",
    ),
)


def main() -> None:
    """Write the page, or with --check say whether it is what the records say."""
    page = "\n".join([INTRODUCTION, *(line for section in SECTIONS for line in _section(section))])
    if "--check" in sys.argv[1:]:
        if PAGE.read_text(encoding="utf-8") != page:
            sys.exit("docs/reliability.md is behind docs/reliability/*.json; run: make reliability")
        return
    PAGE.write_text(page, encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


def _section(section: Section) -> Iterator[str]:
    yield f"## {section.title}\n"
    if section.words:
        yield f"{section.words}\n"
    record = RECORDS / f"{section.name}.json"
    if not record.exists():
        yield f"Not measured yet: `{section.command}`.\n"
        return
    yield from _measured(json.loads(record.read_text(encoding="utf-8")), section)


def _measured(record: Mapping[str, Any], section: Section) -> Iterator[str]:
    verdict = "All held." if record["passed"] else "**Not all held.**"
    run = f"`{section.command}` (here `{record['command']}`)"
    yield f"{verdict} {run}, commit `{record['commit']}`, {record['machine']}:\n"
    yield from _table([{"what": what, "figure": figure} for what, figure in record["figures"].items()])
    for title, rows in record["tables"].items():
        yield f"{title[:1].upper()}{title[1:]}:\n"
        yield from _table(rows)


def _table(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield f"| {' | '.join(rows[0])} |"
    yield f"|{'---|' * len(rows[0])}"
    yield from (f"| {' | '.join(_cell(value) for value in row.values())} |" for row in rows)
    yield ""


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()

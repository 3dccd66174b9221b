"""`esg bench api`: how fast the API answers while the workers work, beside a bare FastAPI route."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click
import httpx
from prometheus_client.parser import text_string_to_metric_families
from rich.table import Table

from esg.cli.bench_told import measuring
from esg.cli.console import answer, emit, json_option
from esg.client import Client
from esg.evaluate.bench.fleet import end
from esg.evaluate.bench.machine import Machine, this_machine
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.load import Ask, Latency, at_once, at_rate, latencies, latency, sender

HIGH_LIMITS = {  # counted as ever, and never reached
    "ESG_API_KEY_RATE": "1000000",
    "ESG_API_ADDRESS_RATE": "1000000",
    "ESG_MAX_BACKLOG": "1000000",
}
ESG = Path(sys.executable).with_name("esg")
ENQUEUING_EVERY = 10  # one request in so many hands in a document
P95 = {"read": Bar(50, is_upper=True), "enqueue": Bar(100, is_upper=True)}  # ms
PAGE = Bar(300, is_upper=True)  # ms
BARE_SHARE = 0.25  # of the rate, on top of it: the same seconds, the same processors
PAGE_ROUNDS = 20
QUESTION = "How much greenhouse gas do our suppliers emit?"
WIDTH = 16  # clients that ask without a pause, for the memory
WARMING = 1000  # requests until what is loaded once is loaded
MIB = 1024 * 1024
BOUNDARY = "esg-bench"
MULTIPART = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


@dataclass(slots=True)
class Found:
    """What one run measured; times in milliseconds, memory in MiB."""

    pages: list[Latency] = field(default_factory=list)
    kinds: list[Latency] = field(default_factory=list)
    totals: list[Latency] = field(default_factory=list)
    open_jobs: int = 0  # when the load ended: the workers had work all the time
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def ratios(self) -> dict[str, float]:
        p95 = {total.kind: total.p95 for total in self.totals}
        return {kind: p95[kind] / p95["bare"] for kind in ("read", "enqueue")}


@click.command("api")
@click.argument("sources", nargs=-1, required=True, metavar="PATH…")
@click.option("--rate", type=click.IntRange(1, 10_000), default=100, show_default=True, help="A second.")
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True)
@click.option(
    "--requests",
    type=click.IntRange(0, 10_000_000),
    default=10_000,
    show_default=True,
    help="For the memory.",
)
@click.option("--upload-mb", type=click.IntRange(0, 10_000), default=200, show_default=True)
@json_option
def command(
    sources: tuple[str, ...], rate: int, seconds: int, requests: int, upload_mb: int, as_json: bool
) -> None:
    """Start a fleet of its own, hand in the reports at PATH, and ask its API while they are worked on.

    The first report is scored before; its pages are opened, its scorecard is read. One request in ten hands
    in a small document. The bare route is asked in the same seconds: compare ratios. At the end the process's
    memory before and after many requests and one large upload.
    """
    machine = this_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        measuring() as on_turn,
        _fleet(Path(folder), upload_mb) as url,
        _bare_route() as bare,
    ):
        bench = _Bench(url, bare, [Path(source) for source in sources])
        on_turn("scoring the first report")
        bench.score_first()
        on_turn(f"{rate} requests a second for {seconds} s")
        found = asyncio.run(bench.measure(rate, seconds, requests, upload_mb))
    if as_json:
        emit(_told(found, machine, sources))
    else:
        _tell(found)


class _Bench:
    def __init__(self, url: str, bare: str, sources: Sequence[Path]) -> None:
        self.url, self.bare, self.sources = url, bare, sources
        self.document = self.job = ""

    def score_first(self) -> None:
        with Client(self.url) as client:
            self.job = client.submit(self.sources[0])["job_id"]
            self.document = client.wait(self.job)["document_id"]

    async def measure(self, rate: int, seconds: int, requests: int, upload_mb: int) -> Found:
        found = Found()
        async with _http(self.url) as client:
            found.pages = await self._pages(client)
            await self._hand_in(client)
            reads = await self._reads(client)
            answers = await asyncio.gather(
                at_rate(_mixed(reads), sender(client), rate=rate, seconds=seconds),
                self._bare(rate * BARE_SHARE, seconds),
            )
            found.open_jobs = await self._open_jobs(client)
            kinds = {"enqueue": [a for a in answers[0] if a.kind == "enqueue"]}
            kinds["read"] = [a for a in answers[0] if a.kind != "enqueue"]
            kinds["bare"] = answers[1]
            found.kinds = latencies(answers[0])
            found.totals = [latency(kind, some) for kind, some in kinds.items()]
            found.memory = await self._memory(client, reads, requests, upload_mb)
        return found

    async def _bare(self, rate: float, seconds: int) -> Any:
        async with _http(self.bare) as client:
            return await at_rate(
                itertools.repeat(Ask("bare", "/")), sender(client), rate=rate, seconds=seconds
            )

    async def _pages(self, client: httpx.AsyncClient) -> list[Latency]:
        """Open each kind of web page, one after another, nobody else asking."""
        card = (await client.get(f"/v1/documents/{self.document}/scorecard")).json()
        evidence = card["evidence"][0]["id"]
        companies = (await client.get("/v1/companies")).json()["companies"]
        paths = {
            "home": "/",
            "scorecard page": f"/documents/{self.document}",
            "evidence page": f"/documents/{self.document}/evidence/{evidence}",
            "printed page": f"/documents/{self.document}/pages/1",
            "company page": f"/companies/{companies[0]['slug']}",
            "compare page": "/compare",
            "review page": "/reviews",
            "search page": f"/search?{urlencode({'q': QUESTION})}",
        }
        asks = [Ask(kind, path) for _ in range(PAGE_ROUNDS) for kind, path in paths.items()]
        return latencies(await at_once(asks, sender(client), width=1))

    async def _reads(self, client: httpx.AsyncClient) -> list[Ask]:
        etag = (await client.get(f"/v1/documents/{self.document}/scorecard")).headers["etag"]
        return [
            Ask("job", f"/v1/jobs/{self.job}"),
            Ask("document", f"/v1/documents/{self.document}"),
            Ask("scorecard", f"/v1/documents/{self.document}/scorecard"),
            Ask(
                "scorecard, known",
                f"/v1/documents/{self.document}/scorecard",
                headers={"if-none-match": etag},
            ),
            Ask("kpis", f"/v1/documents/{self.document}/kpis"),
            Ask("documents", "/v1/documents?limit=20"),
            Ask("jobs", "/v1/jobs?limit=20"),
            Ask("companies", "/v1/companies"),
        ]

    async def _hand_in(self, client: httpx.AsyncClient) -> None:
        for source in self.sources[1:]:
            answer = await client.post("/v1/documents", files={"file": (source.name, source.read_bytes())})
            answer.raise_for_status()

    async def _open_jobs(self, client: httpx.AsyncClient) -> int:
        pieces = [await client.get(f"/v1/jobs?state={state}&limit=100") for state in ("queued", "running")]
        return sum(len(piece.json()["jobs"]) for piece in pieces)

    async def _memory(
        self, client: httpx.AsyncClient, reads: Sequence[Ask], requests: int, upload_mb: int
    ) -> dict[str, float]:
        """Tell the resident memory of the API's process between many requests and after one upload."""
        send = sender(client)
        told = {}
        for name, count in (("before", WARMING), ("half", requests // 2), ("after", requests // 2)):
            await at_once(itertools.islice(itertools.cycle(reads), count), send, width=WIDTH)
            told[name] = await _resident(client)
        if upload_mb:
            answer = await client.post("/v1/documents", content=_large(upload_mb), headers=MULTIPART)
            answer.raise_for_status()
            told["after the upload"] = await _resident(client)
        return told


def _mixed(reads: Sequence[Ask]) -> Iterator[Ask]:
    """Reads by turns; every so often a small document that nobody has handed in before."""
    turns = itertools.cycle(reads)
    for number in itertools.count():
        yield _small(number) if number % ENQUEUING_EVERY == 0 else next(turns)


def _small(number: int) -> Ask:
    text = f"<html><body><h1>Report {number}</h1><p>Our Scope 1 emissions were {number} tCO2e in 2024.</p>"
    return Ask("enqueue", "/v1/documents", "POST", _head(f"{number}.html") + text.encode() + _TAIL, MULTIPART)


_TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


def _head(name: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()


async def _large(megabytes: int) -> AsyncIterator[bytes]:
    yield _head("large.pdf") + b"%PDF-1.7\n"
    for _ in range(megabytes):
        yield os.urandom(1_000_000)
    yield _TAIL


async def _resident(client: httpx.AsyncClient) -> float:
    text = (await client.get("/metrics")).text
    families = {family.name: family for family in text_string_to_metric_families(text)}
    return float(families["process_resident_memory_bytes"].samples[0].value) / MIB


@asynccontextmanager
async def _http(url: str) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=1000, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False) as client:
        yield client


@contextmanager
def _fleet(home: Path, upload_mb: int) -> Iterator[str]:
    """Run `esg up` in a home of its own; gives the API's address."""
    environment = os.environ | HIGH_LIMITS | {"ESG_HOME": str(home / "home")}
    environment["ESG_MAX_DOCUMENT_BYTES"] = str((upload_mb + 64) * MIB)
    with _process(ESG, "up", "--json", environment=environment) as up:
        url = str(_first_value(up.stdout or ())["urls"]["api"])
        _wait(url)
        yield url


def _first_value(lines: Iterable[str]) -> Any:
    """Read JSON off a stream that stays open: it is whole with the brace that stands alone."""
    return json.loads("".join(itertools.chain(itertools.takewhile(lambda line: line != "}\n", lines), "}")))


@contextmanager
def _bare_route() -> Iterator[str]:
    with _process(sys.executable, "-m", "esg.evaluate.bare_route", environment=dict(os.environ)) as bare:
        url = bare.stdout.readline().strip() if bare.stdout else ""
        _wait(url)
        yield url


@contextmanager
def _process(*arguments: str | Path, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(  # noqa: S603  # nosec B603  # our own programs, no shell
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    try:
        yield process
    finally:
        end(process, Path(arguments[0]).name)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise click.ClickException(f"{url} does not answer.")


def _told(found: Found, machine: Machine, sources: Sequence[str]) -> dict[str, Any]:
    """The result in the form of all benches, and beside it every kind of request."""
    kinds = [kind.to_dict() for kind in found.kinds]
    result = Result("api", machine, {Path(source).name: 0 for source in sources}, 1, tuple(_figures(found)))
    return result.to_dict() | {"kinds": kinds}


def _figures(found: Found) -> Iterator[Figure]:
    for total in found.totals:
        yield Figure(f"{total.kind}: requests", "", (total.count,))
        yield Figure(f"{total.kind}: failed", "", (total.failed,), Bar(0, is_upper=True))
        yield Figure(f"{total.kind}: p50", "ms", (total.p50,))
        yield Figure(f"{total.kind}: p95", "ms", (total.p95,), P95.get(total.kind))
        yield Figure(f"{total.kind}: p99", "ms", (total.p99,))
    for kind, over in found.ratios.items():
        yield Figure(f"{kind} / bare, p95", "×", (over,))
    yield Figure("jobs still open when the load ended", "", (found.open_jobs,))
    for page in found.pages:
        yield Figure(f"{page.kind}: p50", "ms", (page.p50,), PAGE)
    for when, mib in found.memory.items():
        yield Figure(f"memory, {when}", "MiB", (mib,))


def _tell(found: Found) -> None:
    for latencies_ in (found.pages, found.kinds, found.totals):
        answer().print(_table(latencies_))
    for kind, ratio in found.ratios.items():
        answer().print(f"p95 of {kind}: {ratio:.1f} × the bare route's")
    answer().print(f"jobs still open when the load ended: {found.open_jobs}")
    answer().print(
        ", ".join(f"{name}: {value:.0f}" for name, value in found.memory.items()) + " (MiB resident)"
    )


def _table(rows: Sequence[Latency]) -> Table:
    table = Table("ms", "requests", "failed", "p50", "p95", "p99", "worst", box=None, header_style="dim")
    for row in rows:
        times = (f"{value:.1f}" for value in (row.p50, row.p95, row.p99, row.worst))
        table.add_row(row.kind, str(row.count), str(row.failed), *times)
    return table

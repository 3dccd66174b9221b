"""A plan of requests → how long each was waited for, sent at a fixed rate whether or not answers come.

The load is open (Schroeder et al., NSDI 2006): the next request is due at its time, however slow the last one
is, and what is measured begins when it was due. A generator that waits for answers first would measure fewer
requests exactly while the server is slow (coordinated omission).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice

import httpx
import numpy as np

FAILED = 0  # the status of a request that got no answer


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `kind` is what it is counted under."""

    kind: str
    path: str
    method: str = "GET"
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answered:
    kind: str
    seconds: float  # from when it was due to the last byte
    status: int


Send = Callable[[Ask], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Latency:
    """What the requests of a kind took, in milliseconds; `failed` counts those without a 2xx or 304."""

    kind: str
    count: int
    failed: int
    p50: float
    p95: float
    p99: float
    worst: float

    def to_dict(self) -> dict[str, str | int | float]:
        return asdict(self)


def sender(client: httpx.AsyncClient) -> Send:
    """Send over a client; what gets no answer has the status FAILED."""

    async def send(ask: Ask) -> int:
        try:
            answer = await client.request(
                ask.method, ask.path, content=ask.content or None, headers=dict(ask.headers)
            )
        except httpx.TransportError:
            return FAILED
        return answer.status_code

    return send


async def at_rate(asks: Iterable[Ask], send: Send, *, rate: float, seconds: float) -> list[Answered]:
    """Send `rate` requests a second for so many `seconds`, each at its time."""
    start = time.perf_counter()
    tasks = []
    for number, ask in enumerate(islice(asks, round(rate * seconds))):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(_timed(ask, send, due)))
    return list(await asyncio.gather(*tasks))


async def at_once(asks: Iterable[Ask], send: Send, *, width: int) -> list[Answered]:
    """Send all, `width` at a time, each as soon as there is room."""
    left = iter(asks)

    async def work() -> list[Answered]:
        return [await _timed(ask, send, time.perf_counter()) for ask in left]

    return [answer for answers in await asyncio.gather(*(work() for _ in range(width))) for answer in answers]


async def _timed(ask: Ask, send: Send, due: float) -> Answered:
    status = await send(ask)
    return Answered(ask.kind, time.perf_counter() - due, status)


def latencies(answers: Sequence[Answered]) -> list[Latency]:
    """Summarize by kind, in the order in which the kinds first came."""
    kinds = dict.fromkeys(answer.kind for answer in answers)
    return [latency(kind, [answer for answer in answers if answer.kind == kind]) for kind in kinds]


def latency(kind: str, answers: Sequence[Answered]) -> Latency:
    """Summarize answers of whatever kinds under one name."""
    waits = sorted(1000 * answer.seconds for answer in answers)
    failed = sum(not (200 <= answer.status < 300 or answer.status == 304) for answer in answers)
    p50, p95, p99 = (percentile(waits, share) for share in (0.50, 0.95, 0.99))
    return Latency(kind, len(waits), failed, p50, p95, p99, waits[-1])


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of the ordered values do not exceed (nearest rank)."""
    return float(np.quantile(ordered, share, method="inverted_cdf"))

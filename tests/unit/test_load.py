"""The load that measures the API: sent at its time whatever the answers do, and summed up by nearest rank."""

import asyncio
import itertools

import pytest

from esg.evaluate.load import Answered, Ask, at_once, at_rate, latencies, latency, percentile


def test_requests_are_sent_at_their_time_though_none_is_answered() -> None:
    """A generator that waited for answers would never send the second one."""

    async def drive() -> list[Answered]:
        sent = 0
        all_sent = asyncio.Event()

        async def send(ask: Ask) -> int:
            nonlocal sent
            sent += 1
            if sent == 20:
                all_sent.set()
            await all_sent.wait()
            return 200

        return await at_rate(itertools.repeat(Ask("read", "/")), send, rate=1000, seconds=0.02)

    answers = asyncio.run(drive())

    assert len(answers) == 20
    assert answers[0].seconds >= answers[-1].seconds  # the first one waited for the last


def test_what_is_sent_at_once_keeps_to_its_width() -> None:
    async def drive() -> tuple[int, int]:
        under_way = most = 0

        async def send(ask: Ask) -> int:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
            return 200

        answers = await at_once([Ask("read", "/")] * 30, send, width=4)
        return len(answers), most

    assert asyncio.run(drive()) == (30, 4)


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([1], 0.95, 1), (list(range(1, 101)), 0.95, 95), (list(range(1, 101)), 0.99, 99), ([1, 2, 3], 0.5, 2)],
)
def test_a_percentile_is_a_value_that_was_measured(values: list[float], share: float, found: float) -> None:
    assert percentile(values, share) == found


def test_what_got_no_answer_or_a_refusal_counts_as_failed() -> None:
    answers = [Answered("read", 0.001, status) for status in (200, 202, 304, 404, 429, 500, 0)]

    assert latency("read", answers).failed == 4


def test_kinds_are_summed_up_apart() -> None:
    answers = [Answered("read", 0.010, 200), Answered("enqueue", 0.030, 202), Answered("read", 0.020, 200)]

    read, enqueue = latencies(answers)

    assert (read.kind, read.count, read.p50, read.worst) == ("read", 2, 10.0, 20.0)
    assert (enqueue.kind, enqueue.count, enqueue.p95) == ("enqueue", 1, 30.0)

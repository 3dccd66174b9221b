"""The broker dies, forgets, hangs, is full; its messages come twice and in another order."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import redis
import sqlalchemy as sa
from kombu import Exchange, Producer
from kombu.exceptions import KombuError

from esg import broker
from esg.errors import EsgError
from tests.chaos.arena import QUEUES, Arena
from tests.fakes.fleets import ROOT

AWAY = (redis.RedisError, KombuError, sa.exc.SQLAlchemyError, EsgError, OSError)
OLD_MESSAGES = [
    json.dumps(one) for one in json.loads((ROOT / "tests/fixtures/releases/messages.json").read_text())
]
PAUSE_MILLISECONDS = 3000
COPIES = 3
END_SECONDS = 60.0


@contextmanager
def kill_broker(arena: Arena, random: Random) -> Iterator[None]:
    """kill -9; a worker starts the embedded one again, as a supervisor does with a server."""
    del random
    if "broker" in arena.servers:
        arena.servers["broker"].restart()
    elif running := broker.running(arena.fleet.settings):
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGKILL)
    yield


@contextmanager
def flush_broker(arena: Arena, random: Random) -> Iterator[None]:
    """Every message is gone."""
    del random
    with suppress(*AWAY), arena.broker() as client:
        client.flushall()
    yield


@contextmanager
def slow_broker(arena: Arena, random: Random) -> Iterator[None]:
    """Every command of every client waits (CLIENT PAUSE)."""
    del random
    with suppress(*AWAY), arena.broker() as client:
        client.client_pause(PAUSE_MILLISECONDS)
    yield


@contextmanager
def fill_broker(arena: Arena, random: Random) -> Iterator[None]:
    """It takes nothing more (maxmemory); not even an acknowledgement, so workers end (FLEET §0.10)."""
    del random
    with suppress(*AWAY), arena.broker() as client:
        client.config_set("maxmemory", "1")
    try:
        yield
    finally:
        _empty_broker(arena)


def _empty_broker(arena: Arena) -> None:
    """Let it take messages again, once it listens; raises what it said where that takes over a minute."""
    deadline = time.monotonic() + END_SECONDS
    while True:
        try:
            with arena.broker() as client:
                client.config_set("maxmemory", "0")
        except AWAY:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def repeat_messages(arena: Arena, random: Random) -> Iterator[None]:
    """Every stage run is hinted at again, several times, whether it waits, is held or is done."""
    with suppress(*AWAY):
        rows = _stage_runs(arena) * COPIES
        random.shuffle(rows)
        app = arena.fleet.app()
        with app.connection_for_write() as connection:
            for task, queue, unit in rows:
                app.send_task(task, kwargs={"unit": unit}, queue=queue, connection=connection)
    yield


@contextmanager
def shuffle_messages(arena: Arena, random: Random) -> Iterator[None]:
    """What lies in a queue comes in another order."""
    with suppress(*AWAY), arena.broker() as client:
        for queue in QUEUES:
            with client.pipeline(transaction=True) as together:
                together.lrange(f"esg:{queue}", 0, -1)
                together.delete(f"esg:{queue}")
                waiting: list[str] = together.execute()[0]
            random.shuffle(waiting)
            if waiting:
                client.rpush(f"esg:{queue}", *waiting)
    yield


@contextmanager
def send_rubbish(arena: Arena, random: Random) -> Iterator[None]:
    """Messages that nobody of us sent: of no known task, about no stage run, not even JSON."""
    unknown = json.dumps({"body": "e30=", "headers": {}, "properties": {}})
    with suppress(*AWAY), arena.broker() as client:
        client.lpush(f"esg:{random.choice(QUEUES)}", unknown)
    with suppress(*AWAY):
        app = arena.fleet.app()
        with app.connection_for_write() as connection:
            app.send_task("score.document", kwargs={"unit": "0" * 32}, queue="score", connection=connection)
    yield


@contextmanager
def send_old_messages(arena: Arena, random: Random) -> Iterator[None]:
    """Calls and hints as other releases write them, about jobs and stage runs that there are."""
    pool = arena.fleet.app().producer_pool
    with suppress(*AWAY), pool.acquire(block=True, timeout=5) as producer:
        for message in OLD_MESSAGES:
            _send_filled(producer, message, arena, random)
    yield


def _send_filled(producer: Producer, message: str, arena: Arena, random: Random) -> None:
    """Fill in a job of which a first stage run is known, if there is one."""
    with arena.fleet.state.engine.connect() as connection:
        query = "SELECT jobs.id, source, stage_runs.id AS unit FROM jobs JOIN stage_runs ON subject = jobs.id"
        jobs = connection.execute(sa.text(query)).all()
    if not jobs:
        return
    job = random.choice(jobs)
    for place, value in (("{id}", job.id), ("{source}", job.source), ("{unit}", job.unit)):
        message = message.replace(place, value)
    filled = json.loads(message)
    queue = filled["headers"]["task"].partition(".")[0]
    exchange = Exchange(queue, type="direct")
    options = {"serializer": "json", "headers": filled["headers"], **filled["properties"]}
    producer.publish(filled["body"], exchange=exchange, routing_key=queue, **options)


def _stage_runs(arena: Arena) -> list[tuple[str, str, str]]:
    with arena.fleet.state.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT task, queue, id FROM stage_runs"))
        return [(row.task, row.queue, row.id) for row in rows]

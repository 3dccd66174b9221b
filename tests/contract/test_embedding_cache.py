"""What every embedding cache promises, and the embedder that asks it first."""

import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import fakeredis
import numpy as np
import pytest

from esg import broker, errors
from esg.domain import Vectors
from esg.embed import CachedEmbedder, EmbeddingCache, LayeredCache, MemoryCache, SQLiteCache
from esg.embed.cache import cache_key
from esg.embed.redis import RedisCache
from esg.embed.unit import unit
from esg.embed.wordpiece import WordPieceTokenizer
from esg.settings import Settings

OpenCache = Callable[[], EmbeddingCache]


@pytest.fixture(params=["memory", "sqlite", "layered", "redis", "redis behind sqlite"])
def open_cache(request: pytest.FixtureRequest, tmp_path: Path) -> OpenCache:
    """Open a cache; every call gives another handle on the same one."""
    path = tmp_path / "cache" / "embeddings.sqlite"
    if request.param == "sqlite":
        return lambda: SQLiteCache(path)
    if request.param == "layered":
        return lambda: LayeredCache(MemoryCache(limit=2), SQLiteCache(path))
    if request.param.startswith("redis"):
        server = fakeredis.FakeServer()
        if request.param == "redis":
            return lambda: open_redis(server)
        return lambda: LayeredCache(SQLiteCache(path), open_redis(server))
    memory = MemoryCache()
    return lambda: memory


def open_redis(server: fakeredis.FakeServer, *, memory_bytes: int = 2**40) -> RedisCache:
    return RedisCache(fakeredis.FakeRedis(server=server), seconds=60.0, memory_bytes=memory_bytes)


def vector(seed: int) -> Vectors:
    return np.random.default_rng(seed).normal(size=8).astype(np.float32)


class LetterEmbedder:
    """A real embedder of the smallest kind: how often each of 26 letters occurs."""

    id = "letters"
    dimensions = 26
    max_tokens = 256
    tokenizer = WordPieceTokenizer()

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return unit(
            np.array([[text.count(chr(97 + i)) for i in range(26)] for text in texts]).reshape(-1, 26)
        )


def test_a_new_cache_knows_nothing(open_cache: OpenCache) -> None:
    assert open_cache().get(["a", "b"]) == {}
    assert open_cache().get([]) == {}


def test_what_is_put_comes_back_bit_by_bit(open_cache: OpenCache) -> None:
    open_cache().put({"a": vector(1), "b": vector(2)})

    found = open_cache().get(["b", "c", "a"])

    assert {key: row.tobytes() for key, row in found.items()} == {
        "a": vector(1).tobytes(),
        "b": vector(2).tobytes(),
    }
    assert all(row.dtype == np.float32 for row in found.values())


def test_the_first_value_of_a_key_stays(open_cache: OpenCache) -> None:
    open_cache().put({"a": vector(1)})
    open_cache().put({"a": vector(2)})

    assert (open_cache().get(["a"])["a"] == vector(1)).all()


def test_a_later_change_of_the_array_changes_nothing(open_cache: OpenCache) -> None:
    mine = vector(1)
    open_cache().put({"a": mine})
    mine[:] = 0

    assert (open_cache().get(["a"])["a"] == vector(1)).all()


def test_many_keys_at_once(open_cache: OpenCache) -> None:
    keys = [f"{i:064x}" for i in range(5000)]
    open_cache().put({key: vector(0) for key in keys})

    assert len(open_cache().get(keys)) == 5000


# -- the embedder before it


def test_the_same_text_is_never_embedded_twice(open_cache: OpenCache) -> None:
    letters = LetterEmbedder()
    embedder = CachedEmbedder(letters, open_cache())

    first = embedder.embed(["net zero", "water", "net zero"])
    again = CachedEmbedder(letters, open_cache()).embed(["water", "net zero"])

    assert letters.seen == ["net zero", "water"]
    assert (embedder.hits, embedder.misses) == (1, 2)
    assert first[[1, 0]].tobytes() == again.tobytes()
    assert first.tobytes() == letters.embed(["net zero", "water", "net zero"]).tobytes()


def test_warming_up_asks_the_model_whatever_is_known(open_cache: OpenCache) -> None:
    letters = LetterEmbedder()
    embedder = CachedEmbedder(letters, open_cache())

    embedder.warm_up()
    embedder.warm_up()

    assert len(letters.seen) == 2
    assert (embedder.hits, embedder.misses) == (0, 0)


def test_another_embedder_shares_nothing() -> None:
    assert cache_key("letters", "net zero") != cache_key("letters-2", "net zero")


def test_no_texts_give_no_rows(open_cache: OpenCache) -> None:
    assert CachedEmbedder(LetterEmbedder(), open_cache()).embed([]).shape == (0, 26)


def test_it_speaks_for_the_embedder_behind_it(open_cache: OpenCache) -> None:
    letters = LetterEmbedder()
    embedder = CachedEmbedder(letters, open_cache())

    assert (embedder.id, embedder.dimensions, embedder.max_tokens) == ("letters", 26, 256)
    assert embedder.tokenizer is letters.tokenizer


# -- memory and layers: what is kept


def test_a_memory_with_a_limit_keeps_what_was_used_last() -> None:
    cache = MemoryCache(limit=2)
    cache.put({"a": vector(1), "b": vector(2)})
    cache.get(["a"])
    cache.put({"c": vector(3)})

    assert set(cache.get(["a", "b", "c"])) == {"a", "c"}


def test_what_the_far_cache_gave_is_near_from_then_on() -> None:
    near, far = MemoryCache(limit=5), MemoryCache()
    far.put({"a": vector(1)})

    LayeredCache(near, far).get(["a", "b"])

    assert set(near.get(["a", "b"])) == {"a"}


# -- Redis alone: for a while, within bounds, and never in the way


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real server."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), broker_url="", redis_host="")
    yield broker.ensure(settings)
    broker.stop(settings)


def test_a_real_redis_keeps_a_vector_for_its_time(redis_url: str) -> None:
    client = broker.connect(redis_url, is_text=False, retries=0)
    cache = RedisCache(client, seconds=60.0, memory_bytes=2**40)
    cache.put({"a": vector(1)})
    cache.put({"a": vector(2)})

    assert cache.get(["a", "b"])["a"].tobytes() == vector(1).tobytes()
    assert 0 < client.pttl("esg:vector:a") <= 60_000
    assert client.get("esg:vector:a") == vector(1).tobytes()


def test_nothing_is_put_into_a_full_redis(redis_url: str, caplog: pytest.LogCaptureFixture) -> None:
    client = broker.connect(redis_url, is_text=False, retries=0)
    full = RedisCache(client, seconds=60.0, memory_bytes=1000)
    full.put({"full": vector(1)})
    full.put({"full": vector(1)})

    assert full.get(["full"]) == {}
    assert caplog.text.count("is full") == 1


def test_a_redis_that_is_gone_is_a_miss_with_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = broker.connect(f"redis+socket://{tmp_path / 'none.sock'}", is_text=False, retries=0)
    letters = LetterEmbedder()
    embedder = CachedEmbedder(
        letters, LayeredCache(MemoryCache(), RedisCache(client, seconds=60.0, memory_bytes=2**40))
    )

    for _ in range(3):
        embedder.embed(["net zero", "water"])

    assert letters.seen == ["net zero", "water"]
    assert caplog.text.count("does not answer") == 1


def test_a_redis_that_comes_back_is_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esg.embed.redis.REST_SECONDS", 0.0)
    server = fakeredis.FakeServer()
    server.connected = False
    cache = open_redis(server)
    cache.put({"a": vector(1)})

    server.connected = True
    assert cache.get(["a"]) == {}
    cache.put({"a": vector(1)})

    assert (cache.get(["a"])["a"] == vector(1)).all()


# -- SQLite alone: many processes, and files that are none


def _write(path: Path, first: int) -> None:
    for i in range(first, first + 40):
        SQLiteCache(path).put({f"{i}": vector(i)})


def test_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.sqlite"
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=_write, args=(path, first)) for first in (0, 20, 40)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    found = SQLiteCache(path).get([f"{i}" for i in range(80)])
    assert all((found[f"{i}"] == vector(i)).all() for i in range(80))


def test_a_file_that_is_no_cache_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.sqlite"
    path.write_bytes(b"this is not a database" * 100)

    with pytest.raises(errors.Misconfigured, match="Remove the file"):
        SQLiteCache(path)


def test_a_locked_file_is_worth_another_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("esg.embed.sqlite._BUSY_SECONDS", 0.05)
    path = tmp_path / "embeddings.sqlite"
    cache = SQLiteCache(path)
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(errors.Transient, match="locked"):
        cache.put({"a": vector(1)})
    other.close()

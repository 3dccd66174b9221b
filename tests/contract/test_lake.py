"""The lake keeps what each stage made: once, whole, and named by what made it."""

import fnmatch
import itertools
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from esg import errors, report
from esg.domain import (
    Block,
    BlockKind,
    Box,
    Cell,
    Chunk,
    ChunkKind,
    Claim,
    Document,
    Evidence,
    Fetched,
    Identity,
    Legibility,
    MediaType,
    Overall,
    Page,
    Parity,
    Scorecard,
    Span,
    Table,
    Vectors,
    Versions,
    Word,
    chunk_id,
    document_id,
)
from esg.embed.unit import unit
from esg.extract import Extraction
from esg.kpi import Readings
from esg.lake import Lake
from esg.objects import open_objects
from esg.retrieve import count
from esg.retrieve.bm25 import BM25
from tests.fakes.stores import S3, s3_url

DATA = b"%PDF-1.7 a report"
ID = document_id(DATA)
FETCHED = Fetched(
    source="https://acme.example/report.pdf",
    data=DATA,
    media_type=MediaType.PDF,
    fetched_at=datetime(2024, 5, 1, 12, 30, tzinfo=UTC),
    final_url="https://cdn.acme.example/r.pdf",
    headers=(("content-type", "application/pdf"),),
)
BOX = Box(10.5, 20.25, 30.125, 40)
PAGE = Page(
    document_id=ID,
    number=1,
    label="iv",
    width=595.2,
    height=841.8,
    text="Scope 1\t12 kt\nCO₂ 範疇",
    words=(Word(0, 5, BOX), Word(6, 7, BOX)),
    blocks=(Block(BlockKind.TABLE, 0, 13, BOX), Block(BlockKind.HEADING, 14, 20, BOX, 2)),
    tables=(Table(0, 13, "Table 1", ((Cell(0, 0, 0, 7, ("Item",)), Cell(0, 1, 8, 13, ("2023", "kt"))),)),),
    language="en",
    legibility=Legibility.TEXT,
)
EXTRACTION = Extraction((PAGE,), Identity("Acme", 2023, True, False), "Report", "en")
SCORECARD = Scorecard(
    document=Document(ID, "report.pdf", MediaType.PDF, len(DATA), Identity("Acme", 2023), 1, "en", "Report"),
    rubric_id="maturity",
    rubric_version="1.0",
    versions=Versions("e1.c1.s1-abc", "MiniLM@1", "local-1"),
    overall=Overall(0.0, "Nascent", 0.5),
    themes=(),
    kpis=(),
    claims=(),
    frameworks=(),
    evidence=(),
    parity=Parity(True, ()),
    trace_id="0" * 32,
)
DOCUMENT = SCORECARD.document
COUNTS = count(["Scope 1 emissions of scope 2", "water"])
CLAIMS = tuple(Claim("base_year", "2019", page, document_id(bytes([page])), "e1") for page in range(1, 50))
QUOTE = Evidence("e1", ID, 1, "iv", "Scope 1", 0, 7, (BOX,), "f" * 64, "", None)
READINGS = Readings((), CLAIMS, (QUOTE,))
OpenLake = Callable[[], Lake]


@pytest.fixture(params=["folder", *S3])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return s3_url() if request.param == "s3" else str(tmp_path)


@pytest.fixture
def open_lake(url: str) -> OpenLake:
    return lambda: Lake(url, embedder_id="MiniLM@1")


def make_chunks(count: int) -> list[Chunk]:
    chunks = []
    for i in range(count):
        spans = (Span(1, i, i + 3), Span(2, 0, 1))
        name = chunk_id(ID, spans, f"text {i}")
        chunks.append(Chunk(name, ID, spans, f"text {i}", 2, "A > B", ChunkKind.PROSE))
    return chunks


def make_vectors(count: int) -> Vectors:
    return unit(np.random.default_rng(0).normal(size=(count, 8)))


def fill(lake: Lake) -> str:
    """Go through all stages once; give the key of the scorecard."""
    lake.put_original(FETCHED)
    lake.save_extraction(ID, EXTRACTION)
    chunks = make_chunks(5)
    lake.save_chunks(ID, chunks)
    lake.save_vectors(ID, 0, [c.id for c in chunks], make_vectors(5))
    lake.save_counts(ID, COUNTS)
    lake.save_readings(DOCUMENT, READINGS)
    return lake.save_scorecard(SCORECARD)


def files(url: str) -> dict[str, bytes]:
    objects = open_objects(url)
    return {key: objects.read(key) for key in objects.keys("")}


def damage(url: str, pattern: str) -> None:
    """Turn one byte of an object, in its first quarter: in Parquet, among the data that have checksums."""
    objects = open_objects(url)
    (key,) = fnmatch.filter(objects.keys(""), pattern)
    data = bytearray(objects.read(key))
    data[len(data) // 4] ^= 0xFF
    objects.replace(key, bytes(data))


# -- what goes in comes out


def test_every_stage_finds_what_the_one_before_left(open_lake: OpenLake) -> None:
    key = fill(open_lake())
    lake = open_lake()

    assert lake.original(ID) == FETCHED
    assert lake.extraction(ID) == EXTRACTION
    assert lake.chunks(ID) == make_chunks(5)
    assert lake.vectors(ID, make_chunks(5)).tobytes() == make_vectors(5).tobytes()
    assert lake.find_readings(DOCUMENT) == READINGS
    assert lake.scorecard(key) == report.canonical_json(SCORECARD)
    counts = lake.find_counts(ID)
    assert counts is not None
    assert (
        BM25([""] * 2, counts).scores("scope water").tolist()
        == BM25([""] * 2, COUNTS).scores("scope water").tolist()
    )


def test_it_says_what_it_has(open_lake: OpenLake) -> None:
    lake = open_lake()
    ids = [c.id for c in make_chunks(5)]

    def has() -> list[bool]:
        return [
            lake.has_original(ID),
            lake.has_extraction(ID),
            lake.has_chunks(ID),
            lake.has_vectors(ID, 0, ids),
            lake.has_scorecard(key),
        ]

    key = "gold/scorecards/none.json"
    assert has() == [False] * 5
    key = fill(lake)
    assert has() == [True] * 5


def test_what_is_not_there_is_not_found(open_lake: OpenLake) -> None:
    lake = open_lake()

    assert lake.find_original(ID) is None
    assert lake.find_counts(ID) is None
    assert lake.find_readings(DOCUMENT) is None
    for read in (lake.original, lake.extraction, lake.chunks):
        with pytest.raises(errors.NotFound):
            read(ID)
    with pytest.raises(errors.NotFound):
        lake.vectors(ID, make_chunks(5))
    with pytest.raises(errors.NotFound):
        lake.scorecard("gold/scorecards/none.json")


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, ID + "/original"])
def test_a_name_that_is_no_document_id_is_not_found(open_lake: OpenLake, name: str) -> None:
    with pytest.raises(errors.NotFound, match="There is no document"):
        open_lake().original(name)


def test_the_probe_leaves_nothing(open_lake: OpenLake, url: str) -> None:
    open_lake().probe()

    assert files(url) == {}


# -- once


def test_doing_it_twice_is_doing_it_once(open_lake: OpenLake, url: str) -> None:
    first = fill(open_lake())
    before = files(url)

    assert fill(open_lake()) == first
    assert files(url) == before


def test_bronze_tells_where_the_bytes_came_from_and_what_they_are(open_lake: OpenLake, url: str) -> None:
    open_lake().put_original(FETCHED)

    told = json.loads(files(url)[f"bronze/{ID}/fetched.json"])
    assert told == {
        "source": "https://acme.example/report.pdf",
        "sha256": ID,
        "size_bytes": len(DATA),
        "media_type": "application/pdf",
        "fetched_at": "2024-05-01T12:30:00+00:00",
        "final_url": "https://cdn.acme.example/r.pdf",
        "headers": [["content-type", "application/pdf"]],
    }


def test_the_same_bytes_from_two_places_keep_their_first_origin(open_lake: OpenLake) -> None:
    lake = open_lake()

    assert lake.put_original(FETCHED) == lake.put_original(replace(FETCHED, source="copy.pdf")) == ID
    assert lake.original(ID).source == FETCHED.source


def test_other_bytes_for_a_key_are_told_and_not_written(
    open_lake: OpenLake, caplog: pytest.LogCaptureFixture
) -> None:
    lake = open_lake()
    lake.save_extraction(ID, EXTRACTION)

    with caplog.at_level(logging.WARNING):
        lake.save_extraction(ID, replace(EXTRACTION, title="Another"))

    assert lake.extraction(ID) == EXTRACTION
    assert "other bytes" in caplog.text


def test_an_original_cut_off_before_its_origin_is_put_again(open_lake: OpenLake, url: str) -> None:
    lake = open_lake()
    lake.put_original(FETCHED)
    open_objects(url).delete(f"bronze/{ID}/fetched.json")

    assert not lake.has_original(ID)
    lake.put_original(FETCHED)
    assert lake.original(ID) == FETCHED


# -- vectors: whatever the batches


@pytest.mark.parametrize("cuts", [[0, 7], [0, 1, 2, 7], [0, 3, 5, 7]])
def test_vectors_are_those_of_the_chunks_in_order_whatever_the_batches(
    open_lake: OpenLake, cuts: list[int]
) -> None:
    lake = open_lake()
    chunks, vectors = make_chunks(7), make_vectors(7)
    lake.save_chunks(ID, chunks)
    batches = list(enumerate(itertools.pairwise(cuts)))
    for number, (start, end) in reversed(batches):
        lake.save_vectors(ID, number, [c.id for c in chunks[start:end]], vectors[start:end])

    assert lake.vectors(ID, chunks).tobytes() == vectors.tobytes()
    assert lake.vectors(ID, chunks[::-1]).tobytes() == vectors[::-1].tobytes()


def test_batches_of_two_sizes_do_not_meet(open_lake: OpenLake) -> None:
    """The batch size was changed while a document was under way."""
    lake = open_lake()
    chunks, vectors = make_chunks(6), make_vectors(6)
    lake.save_chunks(ID, chunks)
    lake.save_vectors(ID, 0, [c.id for c in chunks[:4]], vectors[:4])
    for number in range(3):
        part = slice(number * 2, number * 2 + 2)
        lake.save_vectors(ID, number, [c.id for c in chunks[part]], vectors[part])

    assert lake.vectors(ID, chunks).tobytes() == vectors.tobytes()


def test_vectors_that_are_missing_are_counted(open_lake: OpenLake) -> None:
    lake = open_lake()
    chunks = make_chunks(6)
    lake.save_chunks(ID, chunks)
    lake.save_vectors(ID, 0, [c.id for c in chunks[:4]], make_vectors(4))

    with pytest.raises(errors.NotFound, match="2 of 6 chunks"):
        lake.vectors(ID, chunks)


def test_a_document_without_chunks_has_no_vectors(open_lake: OpenLake) -> None:
    lake = open_lake()
    lake.save_chunks(ID, [])

    assert lake.chunks(ID) == []
    assert len(lake.vectors(ID, [])) == 0


# -- keys


def test_another_embedder_finds_pages_but_neither_chunks_nor_vectors(open_lake: OpenLake, url: str) -> None:
    fill(open_lake())
    other = Lake(url, embedder_id="MiniLM@2")

    assert other.has_extraction(ID)
    assert not other.has_chunks(ID)
    assert not other.has_vectors(ID, 0, [c.id for c in make_chunks(5)])


@pytest.mark.parametrize(
    "identity", [Identity("Acme", 2022), Identity("Other", 2023), Identity("Acme", None)]
)
def test_figures_are_never_those_of_another_company_or_year(open_lake: OpenLake, identity: Identity) -> None:
    lake = open_lake()
    lake.save_readings(DOCUMENT, READINGS)

    assert lake.find_readings(replace(DOCUMENT, identity=identity)) is None


def test_who_gave_the_identity_does_not_matter(open_lake: OpenLake) -> None:
    lake = open_lake()
    lake.save_readings(DOCUMENT, READINGS)

    assert lake.find_readings(replace(DOCUMENT, identity=Identity("Acme", 2023, True, True))) == READINGS


@pytest.mark.parametrize("room", ["kpi", "extract"])
def test_another_version_never_meets_old_figures(
    open_lake: OpenLake, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    lake = open_lake()
    lake.save_readings(DOCUMENT, READINGS)
    monkeypatch.setattr(f"esg.{room}.VERSION", "next")

    assert lake.find_readings(DOCUMENT) is None


def test_keys_tell_the_layer_and_the_versions(open_lake: OpenLake, url: str) -> None:
    key = fill(open_lake())

    assert key.startswith(f"gold/scorecards/maturity-1.0/e1.c1.s1-abc/{ID}-")
    assert {name.split("/")[0] for name in files(url)} == {"bronze", "silver", "gold"}
    assert all("MiniLM-1" in name for name in files(url) if "chunks" in name or "vectors" in name)


def test_another_scorecard_of_a_document_is_another_object(open_lake: OpenLake) -> None:
    lake = open_lake()
    first = lake.save_scorecard(SCORECARD)
    second = lake.save_scorecard(replace(SCORECARD, trace_id="1" * 32))

    assert first != second
    assert json.loads(lake.scorecard(second))["trace_id"] == "1" * 32


def test_only_a_scorecard_can_be_forgotten(open_lake: OpenLake) -> None:
    lake = open_lake()
    lake.put_original(FETCHED)
    key = lake.save_scorecard(SCORECARD)

    for _ in range(2):
        lake.delete_scorecard(key)
    for other in (f"bronze/{ID}/original", f"gold/scorecards/../../bronze/{ID}/original", ""):
        with pytest.raises(ValueError, match="no scorecard"):
            lake.delete_scorecard(other)

    assert not lake.has_scorecard(key)
    assert lake.original(ID).data == DATA


# -- damage


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        ("bronze/*/original", lambda lake, key: lake.original(ID)),
        ("silver/pages/*/*.parquet", lambda lake, key: lake.extraction(ID)),
        ("silver/chunks/*/*.parquet", lambda lake, key: lake.chunks(ID)),
        ("silver/vectors/*/*/*.parquet", lambda lake, key: lake.vectors(ID, make_chunks(5))),
        ("silver/terms/*/*.parquet", lambda lake, key: lake.find_counts(ID)),
        ("silver/readings/*/*.parquet", lambda lake, key: lake.find_readings(DOCUMENT)),
        ("gold/scorecards/*/*/*.json", lambda lake, key: lake.scorecard(key)),
    ],
)
def test_a_damaged_object_is_named(
    open_lake: OpenLake, url: str, pattern: str, read: Callable[[Lake, str], object]
) -> None:
    key = fill(open_lake())
    damage(url, pattern)

    with pytest.raises(errors.Rejected, match="is damaged") as caught:
        read(open_lake(), key)

    assert caught.value.code == "object_damaged"
    assert pattern.split("/")[0] in caught.value.message

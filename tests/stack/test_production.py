"""The whole pipeline on production settings: every server of the stack; watsonx.ai's peer embeds, judges."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from esg import pipeline, report
from esg.lake import gold
from esg.resources import open_resources
from esg.score.chat.prompt import PROMPT_VERSION
from esg.settings import Settings
from esg.state import Unit
from tests.fakes.chats import by_cues
from tests.fakes.fleets import Fleet
from tests.fakes.samples import SAMPLES
from tests.fakes.terminal import esg
from tests.servers.watsonx_peer import Peer, meant, serving

NEEDED = ("STACK_POSTGRES", "STACK_REDIS", "STACK_CASSANDRA", "STACK_S3", "STACK_ICEBERG_SEAWEEDFS")
ROLES = ("ingest", "embed", "index", "score")
PATIENCE_SECONDS = 600.0
REPORTS = sorted(SAMPLES.glob("*.pdf"))

pytestmark = [
    pytest.mark.skipif(any(name not in os.environ for name in NEEDED), reason="needs `make test-stack`"),
    pytest.mark.timeout(1500),
]


@dataclass(frozen=True)
class Work:
    """What a fleet has done, and the settings it did it with."""

    home: Path
    settings: Mapping[str, str]
    scorecards: Mapping[str, bytes]  # file name -> canonical JSON
    gold: Mapping[str, list[dict[str, Any]]]
    usage: Mapping[str, int]  # model -> requests
    requests: Mapping[str, int] = field(default_factory=dict)  # endpoint of the peer -> how many came


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Serve the local model's vectors and a model that reads by cues."""
    rule = by_cues(open_resources(Settings(home=tmp_path_factory.mktemp("rubric"))).rubric)
    with serving(tmp_path_factory.mktemp("peer")) as peer:
        peer.vectorise = meant
        peer.chat = lambda messages: rule(json.loads(messages[1]["content"]))
        yield peer


@pytest.fixture(scope="module")
def by_local_models(tmp_path_factory: pytest.TempPathFactory, servers: dict[str, str]) -> Work:
    return worked(tmp_path_factory.mktemp("local"), servers)


@pytest.fixture(scope="module")
def by_the_service(
    tmp_path_factory: pytest.TempPathFactory,
    servers: dict[str, str],
    peer: Peer,
    by_local_models: Work,  # its gold is counted before these scorecards are added to it
) -> Work:
    models = {"ESG_EMBEDDER": "watsonx", "ESG_JUDGE": "watsonx", **peer.environment()}
    work = worked(tmp_path_factory.mktemp("service"), servers | models)
    return Work(**{**vars(work), "requests": {name: peer.count(name) for name in ("embeddings", "chat")}})


def worked(home: Path, settings: dict[str, str]) -> Work:
    """Let four workers score the samples as `python -m workers` runs them, and write gold."""
    with Fleet(home, **settings) as fleet:
        fleet.start(*ROLES, is_faulty=False)
        jobs = [fleet.submit(path) for path in REPORTS]
        fleet.until(lambda: all(job.is_over for job in fleet.jobs(jobs)), "jobs over", PATIENCE_SECONDS)
        ended = fleet.until_scored(jobs)
        unit = fleet.state.enqueue(Unit("etl.gold", home.name, {"call": home.name}, on_queue="index"))
        fleet.until_state(unit, "done")
        opened = fleet.resources
        keys = {
            Path(job.source).name: fleet.state.scorecard_key(job.document_id or "") or "" for job in ended
        }
        tables = opened.gold.tables()
        assert fleet.count("dead_letters") == 0
        return Work(
            home,
            settings,
            {name: opened.lake.scorecard(key) for name, key in keys.items()},
            {name: tables[name].select(gold.SCHEMAS[name].names).to_pylist() for name in gold.SCHEMAS},
            Counter(row.model for row in fleet.state.usage() for _ in range(row.requests)),
        )


def test_local_models_give_the_bytes_of_the_embedded_defaults(by_local_models: Work, tmp_path: Path) -> None:
    embedded = open_resources(Settings(home=tmp_path))

    for path in REPORTS:
        card = pipeline.score_source(str(path), resources=embedded).scorecard
        assert by_local_models.scorecards[path.name] == report.canonical_json(card)


def test_gold_has_the_rows_of_each_scorecard_once(by_local_models: Work) -> None:
    cards = (report.from_dict(json.loads(data)) for data in by_local_models.scorecards.values())
    expected = gold.tables(cards)

    for name, rows in by_local_models.gold.items():
        wanted = expected[name].select(gold.SCHEMAS[name].names).to_pylist()
        assert sorted(map(repr, rows)) == sorted(map(repr, wanted)), name


def test_the_service_embeds_and_judges(by_the_service: Work) -> None:
    cards = [json.loads(data) for data in by_the_service.scorecards.values()]
    for card in cards:
        assert card["pipeline"]["judge"] == f"watsonx:ibm/granite-4-h-small:p{PROMPT_VERSION}"
        assert card["pipeline"]["embedder"].startswith("watsonx:ibm/slate-30m-english-rtrvr-v2-384")
    assert by_the_service.requests["embeddings"] >= len(REPORTS)
    assert 0 < by_the_service.requests["chat"] <= len(REPORTS), (
        "once, and only where the cues leave something open"
    )
    assert by_the_service.usage == {
        "ibm/slate-30m-english-rtrvr-v2": by_the_service.requests["embeddings"],
        "ibm/granite-4-h-small": by_the_service.requests["chat"],
    }


def test_doctor_finds_every_part_well(by_the_service: Work) -> None:
    variables = {**os.environ, **by_the_service.settings}
    findings = json.loads(esg(by_the_service.home, "doctor", "--json", **variables).stdout)

    assert [finding for finding in findings if not finding["ok"]] == []
    assert {"watsonx.ai", "vector store", "gold", "lake"} <= {finding["part"] for finding in findings}


def test_what_was_indexed_is_found_and_ranked_again(by_the_service: Work, peer: Peer) -> None:
    variables = {**os.environ, **by_the_service.settings, "ESG_RERANKER": "watsonx"}
    query = "target validated by the Science Based Targets initiative"
    found = json.loads(esg(by_the_service.home, "search", query, "-k", "3", "--json", **variables).stdout)

    assert [hit["retrieval"]["rank"] for hit in found] == [1, 2, 3]
    assert any("Science Based Targets" in hit["text"] for hit in found)
    assert peer.count("rerank") == 1

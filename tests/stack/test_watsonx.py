"""A report scored with vectors of watsonx.ai, as `make test-stack` serves it."""

import json
import os
from pathlib import Path

import pytest

from esg import pipeline, report
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.fleets import write_report

PEER = os.environ.get("STACK_WATSONX", "")
pytestmark = pytest.mark.skipif(not PEER, reason="needs the peer that `make test-stack` starts")


def test_the_service_s_vectors_score_as_the_same_model_s_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer embeds with the local model: only the names of model and versions may differ."""
    for name, value in json.loads(PEER).items():
        monkeypatch.setenv(name, value)
    source = str(write_report(tmp_path / "acme.pdf"))
    here = open_resources(Settings(home=tmp_path / "here", embedder="local"))
    there = open_resources(Settings(home=tmp_path / "there", embedder="watsonx"))

    local = report.to_dict(pipeline.score_source(source, resources=here).scorecard)
    remote = report.to_dict(pipeline.score_source(source, resources=there).scorecard)

    assert remote["pipeline"]["embedder"].startswith("watsonx:ibm/slate-30m-english-rtrvr-v2-384")
    assert (remote["themes"], remote["overall"]) == (local["themes"], local["overall"])
    (row,) = there.state.usage()
    assert row.requests > 0
    assert row.micros > 0

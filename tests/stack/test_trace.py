"""One trace from `curl` to the row of gold that Trino reads: every part real, and a real OTLP receiver."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from signal import SIGTERM

import pytest

from esg.state import Unit
from tests.fakes.fleets import ROOT, Fleet, write_report
from tests.fakes.otlp import Told, receiving

NEEDED = ("STACK_POSTGRES", "STACK_REDIS", "STACK_CASSANDRA", "STACK_S3", "STACK_ICEBERG_SEAWEEDFS")
STAGES = ("ingest.document", "embed.batch", "index.document", "score.document")

pytestmark = [
    pytest.mark.skipif(any(name not in os.environ for name in NEEDED), reason="needs `make test-stack`"),
    pytest.mark.timeout(900),
]


def test_one_trace_leads_from_curl_to_the_row_of_gold(servers: Mapping[str, str], tmp_path: Path) -> None:
    trace, caller = secrets.token_hex(16), secrets.token_hex(8)
    report = write_report(tmp_path / "report.pdf", tag=trace)  # its bytes are unlike any other's
    with (
        receiving() as receiver,
        Fleet(tmp_path / "home", OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, **servers) as fleet,
    ):
        fleet.start("ingest", "embed", "index", "score", "control", is_faulty=False)
        job = curl(fleet, report, f"00-{trace}-{caller}-01")
        (ended,) = fleet.until_scored([job])
        unit = fleet.state.enqueue(Unit("etl.gold", trace, {"call": trace}, on_queue="index"))
        fleet.until_state(unit, "done")
        rows = fleet.resources.gold.tables()["documents"].to_pylist()
        fleet.end()

    spans = receiver.of(trace)
    (night,) = [span for span in receiver.spans() if span.name == "etl.gold"]
    by_id = {span.id: span for span in spans}
    (root,) = [span for span in spans if span.kind == "server"]
    assert (root.name, root.parent) == ("POST /v1/documents", caller)
    assert set(STAGES) <= {span.name for span in spans}
    (written,) = [span for span in spans if span.name == "gold write"]
    assert path(written, by_id)[-1] == root.name
    assert "score.document" in path(written, by_id)
    assert written.links == ((night.id, "written by"),)
    assert written.attributes["esg.document_id"] == ended.document_id
    assert ended.document_id in {row["document_id"] for row in rows}
    parts = {span.attributes.get("esg.part") for span in spans}
    assert {"objects", "vectors", "embedder", "gold"} <= parts
    assert {"postgresql"} <= {span.attributes.get("db.system.name") for span in spans}


def path(span: Told, by_id: Mapping[str, Told]) -> list[str]:
    """The names from a span up to the first of its trace."""
    names = [span.name]
    while span.parent in by_id:
        span = by_id[span.parent]
        names.append(span.name)
    return names


def curl(fleet: Fleet, report: Path, traceparent: str) -> str:
    """Hand a report in by curl to an API process of the fleet's; returns the job."""
    with subprocess.Popen(
        [sys.executable, "-m", "api"], env=fleet.environment, cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as api:
        assert api.stderr
        url = json.loads(api.stderr.readline())["message"].split()[-1]
        asked = [
            "curl",
            "--silent",
            "--fail",
            "--retry",
            "5",
            "--retry-connrefused",
            "--form",
            f"file=@{report}",
        ]
        asked += ["--header", f"traceparent: {traceparent}", f"{url}/v1/documents"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
        api.send_signal(SIGTERM)
        api.communicate(timeout=30)
    return str(json.loads(answer.stdout)["job_id"])

"""What a job's progress is worth in a bar and in words."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from esg.cli import main
from esg.cli.progress import fraction, shown, told
from esg.state import Job

NOW = datetime(2026, 1, 1, tzinfo=UTC)
JOB = Job(
    id="j",
    source="a.pdf",
    document_id="d",
    company=None,
    year=None,
    state="running",
    stage="embed",
    reason="",
    reason_code="",
    pages=10,
    chunks=40,
    chunks_embedded=10,
    eta_seconds=12.4,
    created_at=NOW,
    finished_at=None,
    reused=False,
)


def test_the_bar_only_grows_along_the_flow() -> None:
    steps = [
        replace(JOB, state="queued", stage=""),
        replace(JOB, stage="ingest"),
        replace(JOB, chunks_embedded=0),
        JOB,
        replace(JOB, chunks_embedded=40),
        replace(JOB, stage="index"),
        replace(JOB, stage="score"),
        replace(JOB, state="scored", stage="", finished_at=NOW),
    ]
    shares = [fraction(step) for step in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (replace(JOB, state="queued"), "waiting"),
        (JOB, "embed · 10 pages · 10/40 chunks, about 12 s left"),
        (replace(JOB, pages=1, chunks=1, chunks_embedded=0), "embed · 1 page · 0/1 chunk,"),
        (replace(JOB, stage="score", pages=1, chunks=1), "score · 1 page · 1 chunk,"),
        (replace(JOB, stage="ingest", pages=0, eta_seconds=None), "ingest"),
        (replace(JOB, state="scored", finished_at=NOW, reused=True), "nothing to do"),
        (replace(JOB, state="rejected", finished_at=NOW), "rejected"),
    ],
)
def test_progress_in_words(job: Job, words: str) -> None:
    assert words in told(job)


def test_a_name_is_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    with shown({"j": "a [final][/x].pdf"}) as show:
        show([JOB])

    assert "a [final][/x].pdf: embed" in capsys.readouterr().err


def test_a_source_is_no_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_HOME", str(tmp_path))

    result = CliRunner().invoke(main, ["score", "--local", "a [final][/x].pdf"])

    assert result.exit_code == 1
    assert "rejected a [final][/x].pdf: " in result.stderr


def test_one_problem_of_a_rubric_is_in_the_singular(tmp_path: Path) -> None:
    rubric = tmp_path / "rubric.toml"
    rubric.write_text("not toml")

    result = CliRunner().invoke(main, ["rubric", "check", str(rubric)])

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "1 problem"

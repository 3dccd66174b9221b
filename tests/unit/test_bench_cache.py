"""A cache that starts empty knows what earlier reports asked for, and what a report says twice."""

import json
from pathlib import Path

from click.testing import CliRunner

from esg.cli.bench import command
from esg.evaluate.cache import reuse, total
from tests.fakes.fleets import write_report


def test_a_text_is_known_from_its_second_time_on() -> None:
    found = reuse([("2023", ["a", "b", "a"]), ("2024", ["a", "c"]), ("empty", [])], embedder_id="letters")

    assert [(each.texts, each.known) for each in found] == [(3, 1), (2, 1), (0, 0)]
    assert found[2].rate == 0.0
    assert (total(found).texts, total(found).known, total(found).rate) == (5, 2, 0.4)


def test_a_report_asked_for_again_is_known_whole(tmp_path: Path) -> None:
    report = write_report(tmp_path / "report.pdf")
    copy = tmp_path / "again.pdf"
    copy.write_bytes(report.read_bytes())

    ran = CliRunner(env={"ESG_HOME": str(tmp_path)}).invoke(
        command, ["cache", str(report), str(copy), "--json"]
    )

    first, second, both = json.loads(ran.output)
    assert first["chunks"]["texts"] > 0
    assert second["rate"] == 1.0
    assert both["chunks"]["texts"] == 2 * first["chunks"]["texts"]

"""The supervisor and its broker."""

import io
from pathlib import Path

from esg.cli.fleet import Fleet
from esg.settings import Settings


def test_a_given_broker_is_not_the_supervisors_to_restart(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, broker_url="redis://127.0.0.1:1/0")

    assert Fleet(settings, (), io.StringIO()).tick() == []
    assert not (tmp_path / "broker" / "endpoint.json").exists()

"""Settings from the environment: what is wrong is told by its name there, in one line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from esg.cli import main
from esg.errors import Misconfigured
from esg.settings import Settings


@pytest.mark.parametrize("command", [["doctor"], ["status"], ["score", "a.pdf"], ["up"], ["dlq", "list"]])
def test_a_wrong_value_is_one_line_in_every_command(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESG_MAX_PAGES", "abc")

    result = CliRunner().invoke(main, command)

    assert result.exit_code == 2
    assert result.output.startswith("esg: ESG_MAX_PAGES: Input should be a valid integer")
    assert result.output.count("\n") == 1


def test_a_setting_with_names_of_its_own_is_told_by_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_HOST", "redis")
    monkeypatch.setenv("REDIS_PORT", "tcp://10.0.0.1:6379")

    with pytest.raises(Misconfigured, match=r"^ESG_REDIS_PORT or REDIS_PORT: "):
        Settings()


def test_a_port_is_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_API_PORT", "99999")

    with pytest.raises(Misconfigured, match=r"^ESG_API_PORT: .* less than or equal to 65535$"):
        Settings()


def test_a_log_level_is_one_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_LOG_LEVEL", "LOUD")
    with pytest.raises(
        Misconfigured, match=r"^ESG_LOG_LEVEL: there is no level 'LOUD'; use DEBUG, INFO, WARNING or ERROR$"
    ):
        Settings()

    monkeypatch.setenv("ESG_LOG_LEVEL", "debug")
    assert Settings().log_level == "DEBUG"


def test_a_port_without_its_host_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kubernetes sets it beside any service that is called redis."""
    monkeypatch.delenv("REDIS_HOST", raising=False)
    monkeypatch.setenv("REDIS_PORT", "tcp://10.0.0.1:6379")

    assert Settings().redis_port == 6379


def test_a_port_with_its_host_is_used() -> None:
    assert Settings(redis_host="redis", redis_port=7000).redis_port == 7000


@pytest.mark.parametrize("command", [["status"], ["down"], ["up"]])
def test_a_home_that_cannot_be_made_is_one_line(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_HOME", "/dev/null")

    result = CliRunner().invoke(main, command)

    assert result.exit_code == 2
    assert result.output.startswith("esg: ESG_HOME is /dev/null, which cannot be used: ")
    assert result.output.count("\n") == 1


def test_a_home_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = Settings(home=tmp_path / "a" / "b").make_home()

    assert home.stat().st_mode & 0o777 == 0o700

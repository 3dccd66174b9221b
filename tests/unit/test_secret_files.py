"""A setting may lie in a file, as secrets of containers do: NAME_FILE is the path of what NAME would say."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from esg.errors import Misconfigured
from esg.settings import Settings, with_password


def test_a_setting_is_read_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESG_WEBHOOK_SECRET_FILE", _file(tmp_path, "s3cret\n"))

    assert Settings().webhook_secret.get_secret_value() == "s3cret"


@pytest.mark.parametrize("name", ["ESG_WATSONX_API_KEY_FILE", "IBM_WATSONX_API_KEY_FILE"])
def test_each_name_of_a_setting_has_its_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, _file(tmp_path, "key of IBM"))

    assert Settings().watsonx_api_key.get_secret_value() == "key of IBM"


def test_a_number_in_a_file_is_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_MAX_PAGES_FILE", _file(tmp_path, " 12 \n"))

    assert Settings().max_pages == 12


def test_an_empty_file_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_MAX_PAGES_FILE", _file(tmp_path, "\n"))

    assert Settings().max_pages == Settings.model_fields["max_pages"].default


def test_an_empty_variable_beside_a_file_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As compose hands one on that nobody set."""
    monkeypatch.setenv("MCP_API_KEY", "")
    monkeypatch.setenv("MCP_API_KEY_FILE", _file(tmp_path, "esg_key"))

    assert Settings().mcp_api_key.get_secret_value() == "esg_key"


def test_a_variable_and_its_file_contradict_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IBM_WATSONX_API_KEY", "one")
    monkeypatch.setenv("ESG_WATSONX_API_KEY_FILE", _file(tmp_path, "another"))

    with pytest.raises(Misconfigured, match="ESG_WATSONX_API_KEY_FILE: IBM_WATSONX_API_KEY is set, too"):
        Settings()


def test_a_file_that_is_not_there_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_FLOWER_PASSWORD_FILE", "/nowhere/flower")

    with pytest.raises(Misconfigured, match=r"^ESG_FLOWER_PASSWORD_FILE: /nowhere/flower cannot be read"):
        Settings()


def test_a_caller_who_says_it_is_believed_before_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESG_MAX_PAGES_FILE", _file(tmp_path, "12"))

    assert Settings(max_pages=3).max_pages == 3


@pytest.mark.parametrize(
    ("url", "password", "whole"),
    [
        ("redis://redis:6379/0", "p@ss/word", "redis://:p%40ss%2Fword@redis:6379/0"),
        ("postgresql+psycopg://esg@db:5432/esg", "geheim", "postgresql+psycopg://esg:geheim@db:5432/esg"),
        ("redis://:own@redis:6379/0", "other", "redis://:own@redis:6379/0"),
        ("redis://redis:6379/0", "", "redis://redis:6379/0"),
        ("sqlite:////var/esg.sqlite", "geheim", "sqlite:////var/esg.sqlite"),
        ("redis+socket:///run/redis.sock", "geheim", "redis+socket:///run/redis.sock"),
        ("", "geheim", ""),
    ],
)
def test_a_password_goes_into_a_url_that_has_none(url: str, password: str, whole: str) -> None:
    assert with_password(url, SecretStr(password)) == whole


def test_a_broker_by_host_takes_the_password_too() -> None:
    settings = Settings(redis_host="redis", broker_password=SecretStr("geheim"))

    assert settings.broker == "redis://:geheim@redis:6379/0"


def _file(folder: Path, text: str) -> str:
    path = folder / "secret"
    path.write_text(text)
    return str(path)

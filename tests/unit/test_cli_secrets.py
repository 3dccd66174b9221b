"""`esg secrets create` makes what is missing, changes nothing that is there, and shows no secret."""

import configparser
import json
from pathlib import Path

from click.testing import CliRunner

from esg.cli import main
from esg.cli.secrets import KEY_OF_S3, SECRETS


def test_each_secret_is_made_once_and_is_another(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    states = _create(folder)
    texts = {name: (folder / name).read_text() for name in SECRETS}

    made = {name for name, secret in SECRETS.items() if secret.make}
    assert {name for name, state in states.items() if state == "made"} == {*made, KEY_OF_S3}
    assert all(len(texts[name]) >= 40 for name in made)
    assert len({texts[name] for name in made}) == len(made)
    assert all(states[name] == "empty" and texts[name] == "" for name in SECRETS if name not in made)

    (folder / "prometheus_key").write_text("esg_key")
    again = _create(folder)

    assert again["prometheus_key"] == "kept"
    assert "made" not in again.values()
    assert all((folder / name).read_text() == text for name, text in texts.items() if name in made)


def test_the_folder_is_closed_and_a_file_mounted_from_it_is_readable(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)

    _create(folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "redis_password").stat().st_mode & 0o777 == 0o444
    assert (folder / "watsonx_api_key").stat().st_mode & 0o777 == 0o644
    assert not list(folder.glob(".*"))


def test_the_keys_of_s3_are_minios(tmp_path: Path) -> None:
    _create(tmp_path)

    keys = configparser.ConfigParser()
    keys.read(tmp_path / KEY_OF_S3)

    assert keys["default"]["aws_secret_access_key"] == (tmp_path / "minio_password").read_text()


def test_only_those_that_are_named_are_made(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["secrets", "create", "flower_password", "--to", str(tmp_path)])

    assert [path.name for path in tmp_path.iterdir()] == ["flower_password"]


def test_no_secret_is_printed(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["secrets", "create", "--to", str(tmp_path)])

    assert result.exit_code == 0
    assert not [name for name in SECRETS if (text := (tmp_path / name).read_text()) and text in result.output]


def test_a_folder_that_cannot_be_made_is_one_line() -> None:
    result = CliRunner().invoke(main, ["secrets", "create", "--to", "/dev/null/secrets"])

    assert result.exit_code == 2
    assert result.output.startswith("esg: /dev/null/secrets cannot hold secrets: ")


def _create(folder: Path) -> dict[str, str]:
    result = CliRunner().invoke(main, ["secrets", "create", "--to", str(folder), "--json"])
    return {one["name"]: one["state"] for one in json.loads(result.output)}

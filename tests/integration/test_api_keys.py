"""Who may ask: keys with scopes, revoked at once; who needs none; what `esg keys` prints."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from esg.cli import doctor, main
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.serving import serving

Json = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def esg(home: Path, *arguments: str) -> Any:
    result = CliRunner().invoke(main, [*arguments, "--json"], env={"ESG_HOME": str(home)})
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def key(home: Path) -> Json:
    made: Json = esg(home, "keys", "create", "Ann", "--scope", "read", "--tenant", "acme")
    return made


@pytest.fixture(scope="module")
def client(home: Path, key: Json) -> Iterator[httpx.Client]:
    with serving(Settings(home=home, api_require_key=True)) as client:
        yield client


def test_a_key_is_taken_in_either_header_and_from_a_browser(client: httpx.Client, key: Json) -> None:
    basic = base64.b64encode(f"anyone:{key['key']}".encode()).decode()
    for headers in (
        {"authorization": f"Bearer {key['key']}"},
        {"x-api-key": key["key"]},
        {"authorization": f"Basic {basic}"},
    ):
        assert client.get("/v1/jobs", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": "nonsense"},
        {"x-api-key": f"esg_{'0' * 12}_{'0' * 64}"},
        {"authorization": "Bearer"},
        {"authorization": "Digest abc"},
        {"authorization": "Basic !!!"},
    ],
)
def test_without_a_key_there_is_a_challenge(client: httpx.Client, headers: dict[str, str]) -> None:
    answer = client.get("/v1/jobs", headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (401, "urn:esg:problem:unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]


def test_a_missing_scope_is_named(client: httpx.Client, key: Json) -> None:
    sent = {"url": "https://example.com/a.pdf"}
    answer = client.post("/v1/documents", json=sent, headers={"x-api-key": key["key"]})

    assert (answer.status_code, answer.json()["type"]) == (403, "urn:esg:problem:missing_scope")
    assert answer.json()["scope"] == "submit"
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_health_needs_no_key_and_metrics_are_the_operators(client: httpx.Client, home: Path) -> None:
    keys = {
        tenant: esg(home, "keys", "create", "x", "--scope", "admin", *tenant)["key"]
        for tenant in ((), ("--tenant", "acme"))
    }
    for path in ("/health", "/live", "/docs", "/openapi.json"):
        assert client.get(path).status_code == 200
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"x-api-key": keys[()]}).status_code == 200
    assert client.get("/metrics", headers={"x-api-key": keys["--tenant", "acme"]}).status_code == 403


def test_a_revoked_key_opens_nothing_at_once(client: httpx.Client, home: Path) -> None:
    made = esg(home, "keys", "create", "Ben")
    headers = {"x-api-key": made["key"]}
    assert client.get("/v1/jobs", headers=headers).status_code == 200

    (revoked,) = esg(home, "keys", "revoke", made["id"][:8])

    assert client.get("/v1/jobs", headers=headers).status_code == 401
    assert revoked["revoked_at"]
    assert made["id"] not in [listed["id"] for listed in esg(home, "keys", "list")]
    assert made["id"] in [listed["id"] for listed in esg(home, "keys", "list", "--all")]


def test_a_stream_ends_with_its_key(
    client: httpx.Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.gate.RECHECK_SECONDS", 0.0)
    made, other = (esg(home, "keys", "create", name, "--tenant", "acme") for name in ("Eve", "Flo"))
    sent = {"url": "https://example.com/stream.pdf"}
    job = client.post("/v1/documents", json=sent, headers={"x-api-key": other["key"]}).json()["links"]["job"]
    told = []
    with client.stream("GET", f"{job}/events", headers={"x-api-key": made["key"]}) as stream:
        for line in stream.iter_lines():
            told.append(line)
            if line.startswith("data: "):
                esg(home, "keys", "revoke", made["id"])
                client.delete(job, headers={"x-api-key": other["key"]})

    assert "event: progress" in told
    assert "event: end" not in told


def test_the_description_names_the_two_ways_to_send_a_key(client: httpx.Client) -> None:
    spec = client.get("/openapi.json").json()

    assert set(spec["components"]["securitySchemes"]) == {"bearer", "header"}
    assert spec["paths"]["/v1/jobs"]["get"]["security"] == [{"bearer": []}, {"header": []}, {}]
    assert spec["paths"]["/health"]["get"]["security"] == []


def test_a_key_is_told_once(home: Path) -> None:
    made = esg(home, "keys", "create", "Cy", "--rate", "60")

    listed = next(key for key in esg(home, "keys", "list") if key["id"] == made["id"])

    assert made["key"].startswith(f"esg_{made['id']}_")
    assert made["key"] not in json.dumps(listed)
    assert {name: made[name] for name in listed} == listed
    assert listed["rate_per_minute"] == 60


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-forwarded-host"])
def test_only_this_machine_itself_needs_no_key(tmp_path: Path, header: str) -> None:
    with serving(Settings(home=tmp_path)) as client:
        assert client.get("/v1/jobs").status_code == 200
        assert client.get("/v1/jobs", headers={header: "for=192.0.2.1"}).status_code == 401
        assert client.get("/v1/jobs", headers={"x-api-key": "nonsense"}).status_code == 401


def test_the_doctor_says_whether_the_api_could_start(tmp_path: Path) -> None:
    def told(**settings: str) -> str:
        r = open_resources(Settings.model_validate({"home": tmp_path} | settings))
        found = doctor.examined("api", lambda: doctor.check_api(r), "make one")
        assert found.ok == (not found.next_step)
        return found.detail

    assert told() == "serves this machine alone, without a key"
    assert "needs a key" in told(api_host="0.0.0.0")
    esg(tmp_path, "keys", "create", "Ann")
    assert told(api_host="0.0.0.0") == "asks for a key; usable: 1"


# -- how often


def test_every_answer_tells_what_is_left_and_the_next_is_told_when_to_come_again(
    client: httpx.Client, home: Path
) -> None:
    headers = {"x-api-key": esg(home, "keys", "create", "Di", "--rate", "3")["key"]}
    answers = [client.get(path, headers=headers) for path in ("/v1/jobs", "/v1/jobs/nobody", "/nowhere", "/")]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 429]
    assert [answer.headers["ratelimit-limit"] for answer in answers] == ["3"] * 4
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert all(0 < int(answer.headers["ratelimit-reset"]) <= 60 for answer in answers)
    assert 0 < int(answers[-1].headers["retry-after"]) <= 20
    assert answers[-1].json()["type"] == "urn:esg:problem:rate_limited"
    metrics = esg(home, "keys", "create", "x", "--scope", "admin")["key"]
    assert (
        'esg_api_limited_total{by="key"} 1.0' in client.get("/metrics", headers={"x-api-key": metrics}).text
    )


def test_who_guesses_keys_is_stopped_by_address(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, api_require_key=True, api_address_rate=5)
    key = esg(tmp_path, "keys", "create", "Ann")["key"]
    with serving(settings) as client:
        guesses = [client.get("/v1/jobs", headers={"x-api-key": f"guess-{n}"}) for n in range(7)]
        assert [guess.status_code for guess in guesses] == [401] * 5 + [429] * 2
        assert client.get("/v1/jobs", headers={"x-api-key": key}).status_code == 429
        assert client.get("/health").status_code == 200


@pytest.mark.parametrize(("trusted", "statuses"), [("127.0.0.0/8", [401, 401]), ("192.0.2.1", [401, 429])])
def test_an_address_is_the_sockets_unless_the_proxy_is_trusted(
    tmp_path: Path, trusted: str, statuses: list[int]
) -> None:
    settings = Settings(home=tmp_path, api_trusted_proxies=trusted, api_address_rate=1)
    esg(tmp_path, "keys", "create", "Ann")
    with serving(settings) as client:
        answers = [client.get("/v1/jobs", headers={"x-forwarded-for": f"198.51.100.{n}"}) for n in range(2)]
        assert [answer.status_code for answer in answers] == statuses


def test_this_machines_user_is_not_counted(tmp_path: Path) -> None:
    with serving(Settings(home=tmp_path, api_address_rate=1)) as client:
        answers = [client.get("/v1/jobs") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert "ratelimit-limit" not in answers[0].headers

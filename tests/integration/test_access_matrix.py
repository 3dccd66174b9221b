"""Every route and tool × every caller: who may ask, and that nobody ever reads a word of another tenant.

The routes and tools are the app's own: one that is added without a line in `ROUTES` or `TOOLS` fails here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.app import create_app
from esg.domain import document_id
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import KeyScope
from tests.fakes.fleets import write_report
from tests.fakes.serving import serving, upload
from tests.fakes.workshop import work_off

ADMIN, READ, SUBMIT = (frozenset({scope}) for scope in sorted(KeyScope))
ALL = frozenset(KeyScope)
NOBODY = "0" * 64
OPEN, ANY, OPERATOR = "open", "any", "operator"


@dataclass(frozen=True)
class Route:
    """Who may ask (a scope, `any` key, `open` or `operator`), what is sent, and what is answered at best."""

    may: str
    status: int = 200
    query: str = ""
    send: Mapping[str, Any] = field(default_factory=dict)


PAGE = "/v1/documents/{document_id}/pages/{number}.png"
ROUTES = {
    "GET /": Route("read"),
    "POST /documents": Route("submit", 303, send={"data": {"url": "https://example.com/a.pdf"}}),
    "GET /documents/{document_id}": Route("read"),
    "GET /documents/{document_id}/evidence/{evidence_id}": Route("read"),
    "GET /documents/{document_id}/pages/{number}": Route("read"),
    "POST /documents/{document_id}/reviews": Route(
        "submit",
        303,
        send={"data": {"kind": "level", "subject": "GHG", "verdict": "accept", "author": "{slug}"}},
    ),
    "GET /jobs/{job_id}": Route("read", 303),
    "GET /companies": Route("read"),
    "GET /companies/{slug}": Route("read"),
    "GET /companies/{slug}/{year}": Route("read"),
    "GET /compare": Route("read", query="company={slug}"),
    "GET /search": Route("read", query="q=assurance+emissions+board&k=50"),
    "GET /reviews": Route("read"),
    "GET /assets/{digest}/{name}": Route(OPEN, 404),
    "POST /v1/documents": Route("submit", 202, send={"json": {"url": "https://example.com/a.pdf"}}),
    "GET /v1/documents": Route("read"),
    "POST /v1/documents/bulk": Route(
        "submit", 202, send={"json": {"documents": [{"url": "https://example.com/a.pdf"}]}}
    ),
    "GET /v1/documents/bulk": Route("read", 405),
    "GET /v1/documents/{document_id}": Route("read"),
    "GET /v1/documents/{document_id}/scorecard": Route("read"),
    "GET /v1/documents/{document_id}/kpis": Route("read"),
    f"GET {PAGE}": Route("read", query="evidence={evidence}"),
    "GET /v1/jobs": Route("read"),
    "GET /v1/jobs/{job_id}": Route("read"),
    "DELETE /v1/jobs/{job_id}": Route("submit"),
    "GET /v1/jobs/{job_id}/events": Route("read"),
    "POST /v1/scores": Route("submit", 202, send={"json": {"document_ids": ["{document_id}"]}}),
    "GET /v1/companies": Route("read"),
    "GET /v1/companies/{slug}": Route("read"),
    "GET /v1/companies/{slug}/scorecard": Route("read"),
    "GET /v1/companies/{slug}/history": Route("read"),
    "GET /v1/compare": Route("read", query="company={slug}"),
    "POST /score": Route("read", send={"json": {"company": "{slug}", "year": None, "query": "assurance"}}),
    "GET /trace": Route("read", query="company={slug}"),
    "GET /v1/search": Route("read", query="q=assurance+emissions+board&k=50"),
    "POST /mcp": Route(ANY, send={"json": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}}),
    "GET /health": Route(OPEN),
    "GET /live": Route(OPEN),
    "GET /ready": Route(OPEN, 503),  # no broker runs here
    "GET /metrics": Route(OPERATOR),
    "GET /openapi.json": Route(OPEN),
    "GET /docs": Route(OPEN),
    "GET /docs/start.js": Route(OPEN),
    "GET /docs/{name}": Route(OPEN),
}

TOOLS: dict[str, dict[str, Any]] = {
    "list_companies": {},
    "get_scorecard": {"document_id": "{document_id}", "detail": "full"},
    "get_evidence": {"document_id": "{document_id}", "pictures": 1},
    "explain_level": {"document_id": "{document_id}", "theme": "GHG"},
    "compare_companies": {"companies": ["{slug}", "{slug}"]},
    "search_evidence": {"query": "assurance emissions board", "document_id": "{document_id}"},
    "job_status": {"job_id": "{job_id}"},
    "score_report": {"url": "https://example.com/a.pdf", "wait_seconds": 0},
}
RESOURCES = [
    "scorecard://{document_id}",
    "page://{document_id}/1",
    "page://{document_id}/1.png",
    "page://{document_id}/1.png?evidence={evidence}",
]


@dataclass(frozen=True)
class Tenant:
    """A tenant with a document of its own and one that the other has, too."""

    name: str
    company: str
    year: int
    own: Path
    shared: Path
    keys: Mapping[frozenset[KeyScope], str]
    revoked: str
    jobs: list[str]

    def values(self, path: Path, *, evidence: str = "") -> dict[str, str]:
        """What is asked for of a document of this tenant."""
        job = self.jobs[[self.own, self.shared].index(path)]
        known = {"document_id": document_id(path.read_bytes()), "job_id": job, "slug": self.company.lower()}
        quote = evidence or "0" * 16
        asked = {"number": "1", "name": "swagger-ui.css", "digest": "0" * 16, "year": str(self.year)}
        return known | asked | {"evidence": quote, "evidence_id": quote}

    @property
    def words(self) -> re.Pattern[str]:
        """Everything that is this tenant's alone, as it may be written anywhere in an answer."""
        secret = (
            self.name,
            self.company,
            f"{self.company}-print",
            *self.jobs,
            self.own.stem,
            self.shared.stem,
        )
        own = document_id(self.own.read_bytes())
        year = rf"(?<![\w.]){self.year}(?![\w.])"
        return re.compile("|".join([*map(re.escape, (*secret, own)), year]), re.IGNORECASE)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        home=tmp_path_factory.mktemp("home"),
        api_require_key=True,
        api_key_rate=100_000,
        api_address_rate=100_000,
    )


@pytest.fixture(scope="module")
def app(settings: Settings) -> FastAPI:
    open_resources(settings).state.create_key("first", scopes=[])
    return create_app(settings)


@pytest.fixture(scope="module")
def client(settings: Settings, app: FastAPI) -> Iterator[httpx.Client]:
    with serving(settings, app) as client:
        yield client


@pytest.fixture(scope="module")
def tenants(
    settings: Settings, client: httpx.Client, tmp_path_factory: pytest.TempPathFactory
) -> list[Tenant]:
    """Two tenants whose documents were really scored, one of them sent by both under names of their own."""
    made = [
        _tenant(settings, tmp_path_factory.mktemp(name), name, company, year)
        for name, company, year in (("heron", "Quillfeather", 1937), ("otter", "Brambleton", 1946))
    ]
    for tenant in made:
        with httpx.Client(base_url=client.base_url, headers={"x-api-key": tenant.keys[ALL]}) as sender:
            for path in (tenant.own, tenant.shared):
                answer = upload(sender, path, company=tenant.company, year=str(tenant.year))
                tenant.jobs.append(answer.json()["job_id"])
    work_off(settings.home)
    return made


def _tenant(settings: Settings, folder: Path, name: str, company: str, year: int) -> Tenant:
    state = open_resources(settings).state
    keys = {
        scopes: state.create_key(name, scopes=scopes, tenant=name)[1] for scopes in (READ, SUBMIT, ADMIN, ALL)
    }
    revoked, text = state.create_key(name, scopes=ALL, tenant=name)
    state.revoke_key(revoked.id)
    own = write_report(folder / f"{name}-alone.pdf", company=f"{company}-print", tag=name)
    shared = write_report(folder / f"{name}-both.pdf", company="Shared")
    return Tenant(name, company, year, own, shared, keys, text, [])


def ask(
    client: httpx.Client, route: str, values: Mapping[str, str], key: str | None, *, accept: str = "*/*"
) -> httpx.Response:
    method, _, path = route.partition(" ")
    entry = ROUTES[route]
    address = f"{path}?{entry.query}".removesuffix("?")
    send = {name: _filled(value, values) for name, value in entry.send.items()}
    headers = {"accept": accept} | ({"x-api-key": key} if key else {})
    client.cookies.clear()  # each caller has a browser of its own
    return client.request(method, _filled(address, values), headers=headers, **send)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", text)
        return value
    if isinstance(value, dict):
        return {name: _filled(one, values) for name, one in value.items()}
    return [_filled(one, values) for one in value] if isinstance(value, list) else value


def said(answer: httpx.Response) -> str:
    """All of an answer: headers and body; a length may look like a year."""
    told = [f"{name}: {value}" for name, value in answer.headers.items() if name != "content-length"]
    return "\n".join([*told, answer.content.decode("latin-1")])


def evidence_of(client: httpx.Client, tenant: Tenant, path: Path) -> dict[str, str]:
    card = ask(client, "GET /v1/documents/{document_id}/scorecard", tenant.values(path), tenant.keys[READ])
    assert card.status_code == 200, card.text
    quote = next(quote for quote in card.json()["evidence"] if quote["page"] == 1)
    return tenant.values(path, evidence=quote["id"])


def test_every_route_has_a_line(app: FastAPI) -> None:
    routes = {
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ["MOUNT"]
        if method != "HEAD"
    }

    assert routes == set(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("caller", ["no key", "wrong key", "revoked key"])
def test_without_a_key_that_opens_nothing_is_told(
    client: httpx.Client, tenants: list[Tenant], route: str, caller: str
) -> None:
    heron = tenants[0]
    keys = {"no key": None, "wrong key": f"esg_{'0' * 12}_{NOBODY}", "revoked key": heron.revoked}

    answer = ask(client, route, heron.values(heron.own), keys[caller])

    assert answer.status_code == (ROUTES[route].status if ROUTES[route].may == OPEN else 401)
    assert not heron.words.search(said(answer).replace(_path(answer), ""))


@pytest.mark.parametrize("route", [route for route in ROUTES if route.startswith("GET ")])
def test_every_page_has_a_policy_that_runs_nothing_inline(
    client: httpx.Client, tenants: list[Tenant], route: str
) -> None:
    heron = tenants[0]
    values = evidence_of(client, heron, heron.own)
    answers = [ask(client, route, values, key, accept="text/html") for key in (heron.keys[READ], None)]

    for answer in answers:
        if answer.headers.get("content-type", "").startswith("text/html"):
            policy = answer.headers["content-security-policy"]
            said = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
            assert said["default-src"] == said["frame-ancestors"] == said["base-uri"] == ["'none'"]
            assert said["script-src"] == ["'self'"]
            unsafe = {name for name, allowed in said.items() if "'unsafe-inline'" in allowed}
            assert unsafe == ({"style-src"} if route == "GET /docs" else set())  # Swagger UI's own


def test_the_cookie_is_for_its_own_site_and_for_no_script(
    client: httpx.Client, tenants: list[Tenant]
) -> None:
    heron = tenants[0]

    answer = ask(client, "POST /documents/{document_id}/reviews", heron.values(heron.own), heron.keys[ALL])

    assert answer.status_code == 303, answer.text
    cookie = answer.headers["set-cookie"]
    parts = {part.strip().partition("=")[0].lower() for part in cookie.split(";")}
    assert parts == {"esg_author", "httponly", "max-age", "path", "samesite"}  # and Secure, by TLS
    assert "samesite=strict" in cookie.lower()
    assert not any(key in cookie for key in heron.keys.values())


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("scope", sorted(KeyScope))
def test_a_scope_opens_what_it_stands_for_and_no_more(
    client: httpx.Client, tenants: list[Tenant], route: str, scope: KeyScope
) -> None:
    heron, entry = tenants[0], ROUTES[route]

    answer = ask(client, route, evidence_of(client, heron, heron.own), heron.keys[frozenset({scope})])

    assert answer.status_code == (entry.status if entry.may in (OPEN, ANY, scope) else 403), answer.text
    if answer.status_code == 403:
        assert answer.json()["type"].endswith(("missing_scope", "not_operator"))


@pytest.mark.parametrize("route", [name for name, route in ROUTES.items() if route.may != OPERATOR])
@pytest.mark.parametrize("who", [0, 1])
def test_an_answer_holds_no_word_of_the_other(
    client: httpx.Client, tenants: list[Tenant], route: str, who: int
) -> None:
    """Of one's own document, and of the one that the other calls by another name."""
    mine, other = tenants[who], tenants[1 - who]
    for path in (mine.own, mine.shared):
        answer = ask(client, route, evidence_of(client, mine, path), mine.keys[ALL])

        assert answer.status_code == ROUTES[route].status
        assert not other.words.search(said(answer))


@pytest.mark.parametrize("route", [name for name in ROUTES if re.search("{(document_id|job_id|slug)}", name)])
@pytest.mark.parametrize("who", [0, 1])
def test_what_is_the_others_is_as_what_is_not_there(
    client: httpx.Client, tenants: list[Tenant], route: str, who: int
) -> None:
    """The same status, body and headers, but for the name that was asked for."""
    mine, other = tenants[who], tenants[1 - who]
    theirs = evidence_of(client, other, other.own)
    nobodys = theirs | {"document_id": NOBODY, "job_id": "0" * 32, "slug": "nobody"}

    for values in (theirs, theirs | {"document_id": document_id(mine.shared.read_bytes())}):
        ask(client, route, values, other.keys[ALL])  # what is kept at hand for one is not for the other
    answers = [ask(client, route, values, mine.keys[ALL]) for values in (theirs, nobodys)]

    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = (
        _without(answer, values) for answer, values in zip(answers, (theirs, nobodys), strict=True)
    )
    assert first == second


@pytest.mark.parametrize("kind", ["html", "csv"])
@pytest.mark.parametrize("who", [0, 1])
def test_a_scorecard_in_any_form_holds_no_word_of_the_other(
    client: httpx.Client, tenants: list[Tenant], kind: str, who: int
) -> None:
    mine, other = tenants[who], tenants[1 - who]
    card = f"/v1/documents/{document_id(mine.shared.read_bytes())}/scorecard?format={kind}"
    answer = client.get(card, headers={"x-api-key": mine.keys[READ]})

    assert mine.words.search(said(answer))
    assert not other.words.search(said(answer))


def test_a_page_drawn_for_one_is_not_shown_to_another(client: httpx.Client, tenants: list[Tenant]) -> None:
    heron, otter = tenants
    page = PAGE.format(document_id=document_id(heron.own.read_bytes()), number=1)
    drawn = client.get(page, headers={"x-api-key": heron.keys[READ]})
    asked = client.get(page, headers={"x-api-key": otter.keys[READ]})

    assert (drawn.status_code, asked.status_code) == (200, 404)


def test_scores_are_asked_for_ones_own_documents_alone(client: httpx.Client, tenants: list[Tenant]) -> None:
    heron, otter = tenants
    headers = {"x-api-key": otter.keys[ALL]}
    theirs = {"document_ids": [document_id(heron.own.read_bytes())]}

    assert client.post("/v1/scores", json=theirs, headers=headers).status_code == 404
    assert client.post("/v1/scores", json={"company": heron.company}, headers=headers).status_code == 404
    jobs = client.post("/v1/scores", json={}, headers=headers).json()["jobs"]
    assert {job["document_id"] for job in jobs} == {
        document_id(path.read_bytes()) for path in (otter.own, otter.shared)
    }


def test_a_search_finds_as_much_whatever_others_have(client: httpx.Client, tenants: list[Tenant]) -> None:
    """The store is asked for one's own documents: others' better hits do not use up the places."""
    heron, otter = tenants
    query = {"q": f"{heron.company}-print {heron.name} emissions", "k": 50}
    found = {
        tenant.name: client.get("/v1/search", params=query, headers={"x-api-key": tenant.keys[READ]}).json()
        for tenant in tenants
    }

    assert len(found["heron"]["results"]) == len(found["otter"]["results"]) > 1
    assert {result["document_id"] for result in found["otter"]["results"]} == {
        document_id(path.read_bytes()) for path in (otter.own, otter.shared)
    }
    asked_of_other = {"document": document_id(heron.own.read_bytes()), "q": "emissions"}
    headers = {"x-api-key": otter.keys[READ]}
    assert client.get("/v1/search", params=asked_of_other, headers=headers).status_code == 404


def test_the_operator_sees_what_all_have_sent(
    client: httpx.Client, settings: Settings, tenants: list[Tenant]
) -> None:
    _, key = open_resources(settings).state.create_key("operator", scopes=ALL)
    headers = {"x-api-key": key}

    jobs = {job["id"] for job in client.get("/v1/jobs?limit=200", headers=headers).json()["jobs"]}

    assert {job for tenant in tenants for job in tenant.jobs} <= jobs
    for tenant in tenants:
        for path in (tenant.own, tenant.shared):
            address = f"/v1/documents/{document_id(path.read_bytes())}/scorecard"
            assert client.get(address, headers=headers).status_code == 200
    assert client.get("/metrics", headers=headers).status_code == 200


# -- tools and resources of MCP


def call(client: httpx.Client, key: str, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Send one call as an assistant does, and give its answer, a result or an error."""
    sent = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    headers = {"x-api-key": key, "accept": "application/json, text/event-stream"}
    lines = client.post("/mcp", json=sent, headers=headers).text.splitlines()
    answer: dict[str, Any] = json.loads(next(line for line in lines if line.startswith("data: "))[6:])
    return answer


def use(client: httpx.Client, key: str, tool: str, values: Mapping[str, str]) -> dict[str, Any]:
    params = {"name": tool, "arguments": _filled(TOOLS[tool], values)}
    result: dict[str, Any] = call(client, key, "tools/call", params)["result"]
    return result


def test_every_tool_and_resource_has_a_line(client: httpx.Client, tenants: list[Tenant]) -> None:
    key = tenants[0].keys[READ]
    tools = call(client, key, "tools/list", {})["result"]["tools"]
    templates = call(client, key, "resources/templates/list", {})["result"]["resourceTemplates"]

    assert {tool["name"] for tool in tools} == set(TOOLS)
    assert {re.sub(r"{.*?}", "", t["uriTemplate"]) for t in templates} == {
        "scorecard://",
        "page:///",
        "page:///.png",
    }


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("scope", sorted(KeyScope))
def test_a_scope_opens_the_tools_it_stands_for(
    client: httpx.Client, tenants: list[Tenant], tool: str, scope: KeyScope
) -> None:
    heron = tenants[0]

    answer = use(client, heron.keys[frozenset({scope})], tool, heron.values(heron.own))

    is_open = scope is KeyScope.READ and tool != "score_report"
    assert bool(answer.get("isError")) is not is_open
    assert ("[missing_scope]" in json.dumps(answer)) is not is_open


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("who", [0, 1])
def test_a_tool_tells_no_word_of_the_other(
    client: httpx.Client, tenants: list[Tenant], tool: str, who: int
) -> None:
    mine, other = tenants[who], tenants[1 - who]
    for path in (mine.own, mine.shared):
        answer = use(client, mine.keys[ALL], tool, mine.values(path))

        assert not answer.get("isError"), answer
        assert not other.words.search(json.dumps(answer))


@pytest.mark.parametrize("tool", [name for name, sent in TOOLS.items() if "{" in str(list(sent.values()))])
@pytest.mark.parametrize("who", [0, 1])
def test_a_tool_knows_of_the_others_as_of_what_is_not_there(
    client: httpx.Client, tenants: list[Tenant], tool: str, who: int
) -> None:
    mine, other = tenants[who], tenants[1 - who]
    theirs = other.values(other.own)
    nobodys = theirs | {"document_id": NOBODY, "job_id": "0" * 32, "slug": "nobody"}

    use(client, other.keys[ALL], tool, theirs)
    answers = [use(client, mine.keys[ALL], tool, values) for values in (theirs, nobodys)]

    assert all(answer["isError"] for answer in answers)
    first, second = (
        _blank(json.dumps(answer), values) for answer, values in zip(answers, (theirs, nobodys), strict=True)
    )
    assert first == second


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("who", [0, 1])
def test_a_resource_is_its_tenants_alone(
    client: httpx.Client, tenants: list[Tenant], resource: str, who: int
) -> None:
    mine, other = tenants[who], tenants[1 - who]
    own, theirs = (evidence_of(client, tenant, tenant.own) for tenant in (mine, other))
    nobodys = theirs | {"document_id": NOBODY}

    def read(key: str, values: Mapping[str, str]) -> dict[str, Any]:
        return call(client, key, "resources/read", {"uri": _filled(resource, values)})

    assert not other.words.search(json.dumps(read(mine.keys[READ], own)["result"]))
    assert "result" in read(other.keys[READ], theirs)
    assert "missing_scope" in json.dumps(read(other.keys[SUBMIT], theirs)["error"])
    first, second = (
        _blank(json.dumps(read(mine.keys[READ], values)["error"]), values) for values in (theirs, nobodys)
    )
    assert first == second


def _blank(text: str, values: Mapping[str, str]) -> str:
    for value in values.values():
        text = text.replace(value, "") if len(value) > 1 else text
    return text


def _path(answer: httpx.Response) -> str:
    return answer.request.url.path


def _without(answer: httpx.Response, values: Mapping[str, str]) -> tuple[object, ...]:
    """An answer without its own ids and without what was asked for."""
    body = _blank(answer.text, values)
    changing = ("date", "x-request-id", "x-trace-id", "x-span-id", "content-length", "ratelimit-")
    headers = {name: value for name, value in answer.headers.items() if not name.startswith(changing)}
    return body, headers

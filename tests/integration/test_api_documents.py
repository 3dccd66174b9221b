"""A scored report over HTTP: scorecard, figures, page images, live progress, search, the pages for people."""

import contextlib
import csv
import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from esg.cli import main
from esg.domain import document_id
from esg.report import validate
from esg.settings import Settings
from tests.fakes.serving import SAMPLE, serving, upload
from tests.fakes.workshop import work_off

DOCUMENT = document_id(SAMPLE.read_bytes())
HERE = f"/v1/documents/{DOCUMENT}"
MEANING = "Kilowatt hours of electricity, oil and gas that were used."
MARKER = (255, 233, 120)

Json = dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def events(home: Path) -> list[tuple[str, Json]]:
    """Upload the sample, listen to its job while the work is done, and keep what was told."""
    told: list[tuple[str, Json]] = []
    with serving(Settings(home=home)) as client:
        job = upload(client).json()["links"]["job"]
        listener = threading.Thread(target=listen, args=(client, f"{job}/events", told), daemon=True)
        listener.start()
        work_off(home)
        listener.join(timeout=30)
        assert not listener.is_alive(), "the stream did not end with the job"
    return told


def listen(client: httpx.Client, path: str, told: list[tuple[str, Json]]) -> None:
    with contextlib.suppress(httpx.TransportError), client.stream("GET", path) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: "):
                told.append((name, json.loads(line.removeprefix("data: "))))


@pytest.fixture(scope="module")
def client(home: Path, events: list[tuple[str, Json]]) -> Iterator[httpx.Client]:
    with serving(Settings(home=home)) as client:
        yield client


@pytest.fixture(scope="module")
def card(client: httpx.Client) -> Json:
    found: Json = client.get(f"{HERE}/scorecard").json()
    return found


# -- progress


def test_events_tell_the_way_to_the_end(events: list[tuple[str, Json]]) -> None:
    assert [name for name, _ in events[:-1]] == ["progress"] * (len(events) - 1)
    name, last = events[-1]
    assert (name, last["state"], last["document_id"]) == ("end", "scored", DOCUMENT)
    assert last["chunks"] == last["chunks_embedded"] > 0
    stages = [job["stage"] for _, job in events if job["stage"]]
    assert stages == sorted(stages, key=["ingest", "embed", "index", "score"].index)


def test_who_knows_the_end_is_told_to_stay_away(client: httpx.Client, events: list[Any]) -> None:
    job = f"/v1/jobs/{events[-1][1]['id']}"
    text = client.get(f"{job}/events").text
    assert "event: end\n" in text
    (last_id,) = re.findall(r"^id: (\w+)$", text, re.MULTILINE)
    assert client.get(f"{job}/events", headers={"last-event-id": last_id}).status_code == 204


# -- scorecard


def test_the_scorecard_is_the_canonical_json(client: httpx.Client, card: Json) -> None:
    answer = client.get(f"{HERE}/scorecard")
    validate(card)
    assert answer.headers["content-type"] == "application/json"
    assert answer.content.startswith(b'{\n  "schema": "esg.scorecard/1"')
    assert card["document"]["id"] == DOCUMENT
    assert card["document"]["company_guessed"] is True


def test_an_unchanged_scorecard_is_not_sent_again(client: httpx.Client) -> None:
    tag = client.get(f"{HERE}/scorecard").headers["etag"]
    assert client.get(f"{HERE}/scorecard", headers={"if-none-match": tag}).status_code == 304
    assert client.get(f"{HERE}/scorecard", headers={"if-none-match": '"other"'}).status_code == 200


def test_the_scorecard_as_csv(client: httpx.Client, card: Json) -> None:
    answer = client.get(f"{HERE}/scorecard?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert {row["id"]: row["value"] for row in rows if row["record"] == "theme"} == {
        theme["code"]: str(theme["level"]) for theme in card["themes"]
    }


def test_the_scorecard_as_one_file_stands_alone(client: httpx.Client, card: Json) -> None:
    answer = client.get(f"{HERE}/scorecard?format=html")
    tree = LexborHTMLParser(answer.text)
    images = [node.attributes["src"] or "" for node in tree.css("img")]
    assert "attachment" in answer.headers["content-disposition"]
    assert len(images) == len(card["evidence"])
    assert all(image.startswith("data:image/png;base64,") for image in images)


def test_an_unknown_format_is_refused(client: httpx.Client) -> None:
    assert client.get(f"{HERE}/scorecard?format=docx").status_code == 422


def test_the_figures_are_those_of_the_scorecard(client: httpx.Client, card: Json) -> None:
    assert client.get(f"{HERE}/kpis").json() == {"document_id": DOCUMENT, "kpis": card["kpis"]}


def test_the_record_says_what_became_of_it(client: httpx.Client, card: Json) -> None:
    record = client.get(HERE).json()
    assert (record["state"], record["pages"]) == ("scored", card["document"]["pages"])
    assert record["company"] == card["document"]["company"]
    slugs = [company["slug"] for company in client.get("/v1/companies").json()["companies"]]
    assert len(slugs) == 1


# -- page images


def picture(client: httpx.Client, path: str) -> Image.Image:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    return Image.open(io.BytesIO(answer.content)).convert("RGB")


def marked(image: Image.Image) -> int:
    """Count the pixels in the colour of the marker."""
    return sum(count for count, colour in image.getcolors(1 << 24) or [] if colour == MARKER)


def test_a_page_is_drawn_and_its_quote_marked(client: httpx.Client, card: Json) -> None:
    evidence = card["evidence"][0]
    path = f"{HERE}/pages/{evidence['page']}.png"
    plain, whole = picture(client, path), picture(client, f"{path}?evidence={evidence['id']}")
    crop = picture(client, f"{path}?evidence={evidence['id']}&crop=1")

    assert plain.size == whole.size
    assert crop.height < whole.height
    assert marked(plain) < 50 < marked(whole)
    assert marked(crop) > 50


def test_a_drawn_page_is_kept(client: httpx.Client, card: Json, home: Path) -> None:
    evidence = card["evidence"][1]
    path = f"{HERE}/pages/{evidence['page']}.png?evidence={evidence['id']}"
    first = client.get(path).content
    kept = list((home / "pages" / DOCUMENT).glob("*.png"))
    assert any(file.read_bytes() == first for file in kept)
    assert client.get(path).content == first
    assert len(list((home / "pages" / DOCUMENT).iterdir())) == len(kept)


def test_a_page_that_is_not_there_is_a_problem(client: httpx.Client, card: Json) -> None:
    evidence = card["evidence"][0]
    wrong = {
        f"{HERE}/pages/999.png": "no_such_page",
        f"{HERE}/pages/1.png?evidence={'0' * 16}": "no_such_evidence",
        f"{HERE}/pages/{evidence['page'] + 1}.png?evidence={evidence['id']}": "other_page",
    }
    for path, code in wrong.items():
        answer = client.get(path)
        assert (answer.status_code, answer.json()["type"]) == (404, f"urn:esg:problem:{code}")
    assert client.get(f"{HERE}/pages/0.png").status_code == 422
    assert client.get(f"{HERE}/pages/1.png?evidence=<b>").status_code == 422


# -- search


def test_a_question_finds_passages_with_their_place(client: httpx.Client) -> None:
    found = client.get("/v1/search", params={"q": "energy consumption", "k": 3}).json()
    assert found["query"] == "energy consumption"
    assert [result["rank"] for result in found["results"]] == [1, 2, 3]
    first = found["results"][0]
    assert first["document_id"] == DOCUMENT
    assert first["company"]
    assert "energy" in first["text"].lower()
    assert client.get(first["links"]["page"]).status_code == 200


def test_a_search_can_be_narrowed(client: httpx.Client) -> None:
    query = {"q": "energy", "k": "3"}
    assert client.get("/v1/search", params=query | {"document": DOCUMENT}).json()["results"]
    assert client.get("/v1/search", params=query | {"company": "nobody"}).json()["results"] == []
    assert client.get("/v1/search", params=query | {"document": "0" * 64}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ({"careful": "true"}, ["--careful"]),
        ({"meaning": MEANING}, ["--meaning", MEANING]),
    ],
)
def test_a_careful_search_answers_as_on_the_command_line(
    client: httpx.Client,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, str],
    options: list[str],
) -> None:
    question = "Does the company report how much energy it used?"
    monkeypatch.setenv("ESG_HOME", str(home))
    told = CliRunner().invoke(main, ["search", question, "-k", "5", "--json", *options])
    plain = client.get("/v1/search", params={"q": question, "k": 5}).json()["results"]

    found = client.get("/v1/search", params={"q": question, "k": 5, **asked}).json()["results"]

    assert [(r["chunk_id"], r["rank"], r["dense"]) for r in found] == [
        (r["chunk_id"], r["retrieval"]["rank"], r["retrieval"]["dense"]) for r in json.loads(told.stdout)
    ]
    assert [r["dense"] for r in found] != [r["dense"] for r in plain]


def test_the_description_tells_of_the_careful_search(client: httpx.Client) -> None:
    parameters = client.get("/openapi.json").json()["paths"]["/v1/search"]["get"]["parameters"]
    told = {parameter["name"]: parameter for parameter in parameters}

    assert "sentences" in told["careful"]["description"]
    assert told["meaning"]["schema"]["maxLength"] == 2000
    assert client.get("/v1/search", params={"q": "x", "meaning": "x" * 2001}).status_code == 422


# -- what the description shows


def asked(operation: Json, place: str) -> dict[str, Any]:
    """The examples of an operation's parameters, without the one that skips all there is."""
    parameters = [p for p in operation.get("parameters", ()) if p["in"] == place and p["name"] != "cursor"]
    return {p["name"]: p.get("example", p["schema"].get("examples", [None])[0]) for p in parameters}


def test_what_the_description_shows_is_answered_so(client: httpx.Client) -> None:
    """Its examples are of this report: all but those of a job, whose id nobody foresees."""
    spec = client.get("/openapi.json").json()
    reading = {p: m["get"] for p, m in spec["paths"].items() if "get" in m and "{job_id}" not in p}
    reading.pop("/ready")  # without a broker it is not

    for path, operation in reading.items():
        answer = client.get(path.format(**asked(operation, "path")), params=asked(operation, "query"))
        media = answer.headers["content-type"].partition(";")[0]
        content = operation["responses"]["200"]["content"][media]

        assert answer.status_code == 200, (path, answer.text)
        if media == "application/json":
            assert filled(answer.json()) == filled(content["examples"]["example"]["value"]), path


def filled(told: Json) -> list[str]:
    """The members that say something."""
    return [name for name, value in told.items() if value not in (None, [], "")]


# -- pages for people


def test_home_lists_the_report_and_leads_to_it(client: httpx.Client, card: Json) -> None:
    answer = client.get("/")
    tree = LexborHTMLParser(answer.text)
    link = tree.css_first(f'a[href="/documents/{DOCUMENT}"]')
    assert card["document"]["company"] in link.text()
    assert card["overall"]["grade"] in answer.text
    assert tree.css_first('form[enctype="multipart/form-data"] input[type=file]')
    assert [script.text() for script in tree.css("script")] == [""]
    assert not tree.css("style, [style], [onclick]")
    assert "script-src 'self'; style-src 'self'" in answer.headers["content-security-policy"]


def test_what_pages_ask_for_is_kept_by_browsers_for_ever(client: httpx.Client) -> None:
    tree = LexborHTMLParser(client.get("/").text)
    for node in tree.css("script, link"):
        answer = client.get(node.attributes.get("src") or node.attributes["href"] or "")
        assert (answer.status_code, answer.headers["cache-control"][-9:]) == (200, "immutable")
    assert client.get("/assets/0123456789abcdef/esg.js").status_code == 404


def test_from_home_to_a_highlighted_quote_by_links_alone(client: httpx.Client, card: Json) -> None:
    answer = client.get(f"/documents/{DOCUMENT}")
    tree = LexborHTMLParser(answer.text)
    cited = tree.css_first(".theme .cite").attributes["href"] or ""
    viewer = LexborHTMLParser(client.get(cited).text)
    image = viewer.css_first("figure img").attributes["src"] or ""

    assert marked(picture(client, image)) > 50
    assert viewer.css_first("blockquote").text() in {e["quote"] for e in card["evidence"]}
    downloads = {node.attributes["href"] for node in tree.css(".downloads a")}
    assert downloads == {
        f"{HERE}/scorecard?format={kind}" for kind in ("json", "csv", "parquet", "pdf", "html")
    }


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF-"), ("parquet", b"PAR1")])
def test_the_scorecard_as_a_file(client: httpx.Client, kind: str, start: bytes) -> None:
    answer = client.get(f"{HERE}/scorecard?format={kind}")
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"].endswith(f'.{kind}"')


def test_a_form_leads_to_the_job_and_then_to_the_report(client: httpx.Client) -> None:
    with SAMPLE.open("rb") as file:
        answer = client.post("/documents", files={"file": (SAMPLE.name, file)}, data={"url": "", "year": ""})
    assert answer.status_code == 303
    job = client.get(answer.headers["location"])
    assert (job.status_code, job.headers["location"]) == (303, f"/documents/{DOCUMENT}")


def test_a_form_with_a_url_leads_to_a_job_that_renews_itself(client: httpx.Client) -> None:
    form = {"url": "https://example.com/<b>.pdf", "company": "<script>alert(1)</script>"}
    answer = client.post("/documents", files={"file": ("", b"")}, data=form)
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert 'http-equiv="refresh"' in page.text
    assert "<script>" not in page.text
    client.delete(f"/v1{answer.headers['location']}")
    ended = client.get(answer.headers["location"]).text
    assert "cancelled" in ended
    assert 'http-equiv="refresh"' not in ended


@pytest.mark.parametrize(
    ("files", "words"),
    [({"file": ("", b"")}, "nothing to read"), ({"file": ("a.pdf", b"GIF89a")}, "is named .pdf but is")],
)
def test_a_form_that_cannot_be_used_says_why(
    client: httpx.Client, files: dict[str, tuple[str, bytes]], words: str
) -> None:
    answer = client.post("/documents", files=files)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'role="alert"' in answer.text


def test_the_report_of_nothing_is_a_page_that_says_so(client: httpx.Client) -> None:
    answer = client.get(f"/documents/{'0' * 64}", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "There is no document" in answer.text

"""The rules of Grafana's dashboard-linter, which cannot be had here; and their provisioning."""

import json
import re
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml

from tests.fakes.exposed import ROOT, selectors

GRAFANA = ROOT / "infra/grafana"
PATHS = sorted((GRAFANA / "dashboards").glob("*.json"))
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
UNITS = {"none", "short", "s", "bytes", "Bps", "ops", "reqps", "percentunit", "currencyUSD", "bool_yes_no"}
OVER_TIME = {"rate", "increase", "irate"}
Json = dict[str, Any]


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def dashboard(request: pytest.FixtureRequest) -> Json:
    loaded: Json = json.loads(request.param.read_text())
    return loaded


def panels(dashboard: Json) -> list[Json]:
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def test_there_is_one_for_each_subject() -> None:
    assert [path.stem for path in PATHS] == ["documents", "fleet", "quality", "queues", "watsonx"]
    uids = [json.loads(path.read_text())["uid"] for path in PATHS]
    assert uids == [f"esg-{path.stem}" for path in PATHS]


def test_a_dashboard_is_read_only_named_and_asks_a_data_source_of_choice(dashboard: Json) -> None:
    assert dashboard["editable"] is False
    assert dashboard["title"]
    assert dashboard["description"]
    assert "id" not in dashboard, "a number of another Grafana's"
    source = dashboard["templating"]["list"][0]
    assert (source["name"], source["type"], source["query"]) == ("datasource", "datasource", "prometheus")
    assert source["label"] == "Data source"
    text = json.dumps({name: value for name, value in dashboard.items() if name != "templating"})
    for variable in dashboard["templating"]["list"]:
        assert re.search(rf"\$\{{?{variable['name']}\b", text), f"{variable['name']} is used nowhere"


def test_a_panel_says_what_it_shows_in_which_unit(dashboard: Json) -> None:
    for panel in panels(dashboard):
        assert panel["title"], panel["id"]
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]
        assert panel["targets"], panel["title"]
        for part in (panel, *panel["targets"]):
            assert part["datasource"] == DATASOURCE, panel["title"]
        assert [target["refId"] for target in panel["targets"]] == [
            chr(ord("A") + number) for number, _ in enumerate(panel["targets"])
        ]


def test_panels_have_numbers_of_their_own_and_do_not_overlap(dashboard: Json) -> None:
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers)
    for one, other in combinations((panel["gridPos"] for panel in dashboard["panels"]), 2):
        is_beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        is_above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert is_beside or is_above, (one, other)
        assert one["x"] + one["w"] <= 24
    tops = [panel["gridPos"]["y"] for panel in dashboard["panels"]]
    assert all(above <= below for above, below in pairwise(tops)), "they stand in reading order"


def test_a_counter_is_shown_by_its_rate_over_the_interval_of_the_screen(dashboard: Json) -> None:
    for panel in panels(dashboard):
        for target in panel["targets"]:
            for window in re.findall(r"\b(?:rate|irate)\([^\[]*\[([^\]]+)\]", target["expr"]):
                assert window == "$__rate_interval", panel["title"]
            parsed = promql.parse(target["expr"].replace("$__rate_interval", "5m").replace("$price", "1"))
            for selector in selectors(parsed):
                if selector.name.endswith(("_total", "_bucket", "_count", "_sum")):
                    asked = re.findall(rf"(\w+)\({selector.name}\b", target["expr"])
                    assert asked, panel["title"]
                    assert set(asked) <= OVER_TIME, panel["title"]


def test_what_the_linter_is_to_leave_out_has_a_reason() -> None:
    left_out = yaml.safe_load((GRAFANA / "dashboards/.lint").read_text())["exclusions"]

    assert set(left_out) == {
        f"{part}-{label}-rule" for part in ("template", "target") for label in ("job", "instance")
    }
    assert all(rule["reason"] for rule in left_out.values())


def test_what_is_provisioned_is_what_the_dashboards_ask() -> None:
    sources = _yaml("datasources/prometheus.yml")["datasources"]
    providers = _yaml("dashboards/esg.yml")["providers"]

    assert [(s["type"], s["isDefault"], s["editable"]) for s in sources] == [("prometheus", True, False)]
    assert [(p["type"], p["allowUiUpdates"]) for p in providers] == [("file", False)]
    scraped = yaml.safe_load((ROOT / "infra/prometheus/prometheus.yml").read_text())["global"]
    assert sources[0]["jsonData"]["timeInterval"] == scraped["scrape_interval"]


def test_a_slow_request_on_the_screen_leads_to_its_trace() -> None:
    """Exemplars are of the buckets themselves: what is recorded from them has none."""
    (prometheus,) = _yaml("datasources/prometheus.yml")["datasources"]
    (tempo,) = _yaml("datasources/tempo.yml")["datasources"]
    asked = [
        target["expr"]
        for path in PATHS
        for panel in panels(json.loads(path.read_text()))
        for target in panel["targets"]
        if target.get("exemplar")
    ]

    (link,) = prometheus["jsonData"]["exemplarTraceIdDestinations"]
    assert link == {"name": "trace_id", "datasourceUid": tempo["uid"]}
    assert asked
    assert all("esg_api_request_seconds_bucket" in expression for expression in asked)


def _yaml(name: str) -> Json:
    loaded: Json = yaml.safe_load(Path(GRAFANA / "provisioning" / name).read_text())
    return loaded

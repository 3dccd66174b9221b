"""Every alert says what it is and where its page is; promtool has cases in which it fires and is silent."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.exposed import ROOT, RULES, rules
from tests.servers.prometheus import hastened

RUNBOOKS = ROOT / "docs/operations/runbooks"
TESTS = sorted((ROOT / "infra/prometheus/tests").glob("*.yml"))
ALERTS = [rule for rule in rules() if "alert" in rule]
SEVERITIES = {"critical", "warning", "info"}


@cache
def cases() -> dict[str, list[set[str]]]:
    """{alert: the severities that fire in each of promtool's cases}."""
    found = defaultdict(list)
    for path in TESTS:
        for test in yaml.safe_load(path.read_text())["tests"]:
            for case in test["alert_rule_test"]:
                severities = {alert["exp_labels"]["severity"] for alert in case["exp_alerts"]}
                found[case["alertname"]].append(severities)
    return found


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: f"{rule['alert']}-{rule['labels']['severity']}")
def test_an_alert_is_tested_firing_and_silent_and_has_its_page(rule: dict[str, Any]) -> None:
    name, severity = rule["alert"], rule["labels"]["severity"]

    assert severity in SEVERITIES
    assert all(rule["annotations"][key].strip() for key in ("summary", "description"))
    assert rule["annotations"]["runbook_url"] == f"docs/operations/runbooks/{name}.md"
    assert (RUNBOOKS / f"{name}.md").is_file()
    seen = cases()[name]
    assert any(severity in fired for fired in seen), "no case lets it fire"
    assert set() in seen, "no case keeps it silent"


@pytest.mark.parametrize("page", sorted(RUNBOOKS.glob("*.md")), ids=lambda page: page.stem)
def test_a_page_belongs_to_an_alert_and_says_how_to_check_and_what_to_do(page: Path) -> None:
    text = page.read_text()

    assert page.stem in {rule["alert"] for rule in ALERTS}
    assert re.findall(r"^#+ .*", text, re.MULTILINE) == [f"# {page.stem}", "## Check", "## Do"]
    assert "```console\n" in text
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).is_file(), f"{page.name} leads to {target}, which is not there"


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_the_stack_shortens_patience_and_leaves_expressions(path: Path) -> None:
    given, made = (_rules(text) for text in (path.read_text(), hastened(path.read_text())))

    assert [{**rule, "for": ""} for rule in given] == [{**rule, "for": ""} for rule in made]
    patience = [(rule["for"], other["for"]) for rule, other in zip(given, made, strict=True) if "for" in rule]
    assert set(patience) <= {("0m", "0ms"), ("1m", "4000ms"), ("2m", "8000ms"), ("3m", "12000ms"),
                             ("5m", "20000ms"), ("10m", "40000ms"), ("15m", "60000ms"),
                             ("1h", "240000ms"), ("1d", "5760000ms")}  # fmt: skip


def _rules(text: str) -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def test_promtool_is_asked_of_no_alert_that_is_gone() -> None:
    assert cases().keys() == {rule["alert"] for rule in ALERTS}


def test_the_page_of_objectives_leads_to_every_runbook() -> None:
    text = (RUNBOOKS.parent / "slo.md").read_text()

    assert [rule["alert"] for rule in ALERTS if f"(runbooks/{rule['alert']}.md)" not in text] == []

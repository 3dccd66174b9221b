"""Every query of rules, dashboards, gates and runbooks asks for series and labels that are served."""

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import promql_parser as promql
import pytest

from tests.fakes.exposed import ROOT, buckets, labels_of, rules, selectors, series

Query = tuple[str, str, str]  # where it stands, PromQL, a text that names labels of its answer
LABELS = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}|\$labels\.(\w+)")

known = cache(series)
bounds = cache(buckets)


def queries() -> list[Query]:
    return [*of_rules(), *of_dashboards(), *of_gates(), *of_runbooks()]


def of_rules() -> Iterator[Query]:
    for rule in rules():
        said = rule.get("annotations", {})
        text = re.sub(r"\{\{ \$value[^}]*\}\}", "", f"{said.get('summary')} {said.get('description')}")
        yield f"{rule.get('record') or rule.get('alert')}", rule["expr"], text


def of_dashboards() -> Iterator[Query]:
    for path in sorted((ROOT / "infra/grafana/dashboards").glob("*.json")):
        dashboard = json.loads(path.read_text())
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                expression = target["expr"].replace("$__rate_interval", "5m").replace("$price", "1")
                yield f"{path.stem}: {panel['title']} {target['refId']}", expression, target["legendFormat"]
        for annotation in dashboard["annotations"]["list"]:
            yield f"{path.stem}: {annotation['name']}", annotation["expr"], annotation["titleFormat"]


def of_gates() -> Iterator[Query]:
    text = (ROOT / "scripts/runtime_gates.sh").read_text()
    names = dict(re.findall(r"^(probes|streams)='(.*)'$", text, re.MULTILINE))
    for title, query in re.findall(r"^gate '(.+?)' .*\\\n +\"(.*)\"$", text, re.MULTILINE):
        for name, value in names.items():
            query = query.replace(f"${name}", value)
        yield f"gate {title}", query.replace('\\"', '"').replace("$window", "10m"), ""


def of_runbooks() -> Iterator[Query]:
    for path in sorted((ROOT / "docs/operations/runbooks").glob("*.md")):
        for number, query in enumerate(re.findall(r"--data-urlencode 'query=([^']+)'", path.read_text())):
            yield f"{path.stem} {number}", query, ""


@pytest.mark.parametrize(
    ("expression", "text"), [pytest.param(*rest, id=where) for where, *rest in queries()]
)
def test_what_is_asked_for_is_served(expression: str, text: str) -> None:
    parsed = promql.parse(expression)

    assert selectors(parsed) or "vector(" in expression
    for selector in selectors(parsed):
        assert selector.name in known(), f"nobody serves {selector.name}"
        for matcher in selector.matchers.matchers:
            assert matcher.name in known()[selector.name], f"{selector.name} has no label {matcher.name}"
            if matcher.name == "le":
                assert matcher.value in bounds()[selector.name], (
                    f"{selector.name} has no bucket {matcher.value}"
                )
    named = set(chain.from_iterable(LABELS.findall(text))) - {"", "alertname"}
    assert named <= labels_of(parsed, known()), f"its answer has no {named - labels_of(parsed, known())}"


def test_every_gate_is_asked() -> None:
    assert [where for where, *_ in of_gates()] == [
        "gate API latency, p95",
        "gate submission to scorecard, p95",
        "gate API error rate",
        "gate documents failed",
        "gate queue age",
    ]


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("esg_queue_dept > 0", "nobody serves"),
        ('esg_queue_depth{stage="embed"}', "has no label stage"),
        ("sum by (stage) (esg_queue_depth)", "to group by"),
        ("esg_queue_depth / on (stage) esg_queue_active", "not both sides"),
        ('esg_submission_seconds_bucket{le="1801.0"}', "has no bucket"),
        ("histogram_quantile(0.9, sum(rate(esg_task_seconds_bucket[5m])))", "needs le"),
    ],
)
def test_a_query_of_what_is_not_there_is_found(expression: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        test_what_is_asked_for_is_served(expression, "")

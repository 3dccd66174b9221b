"""What can be asked of Prometheus: the series of our processes and of Flower, and what rules record."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import promql_parser as promql
import yaml
from flower.events import get_prometheus_metrics

from docs.generate import families

ROOT = Path(__file__).parents[2]
RULES = sorted((ROOT / "infra/prometheus/rules").glob("*.yml"))
SCRAPED = frozenset({"job", "instance"})  # that Prometheus adds to every target; `role` to those of workers
OF_PROMETHEUS = {
    "up": SCRAPED | {"role"},
    "ALERTS": frozenset({"alertname", "alertstate", "severity"}),
    "prometheus_rule_evaluation_failures_total": SCRAPED | {"rule_group"},
}


def rules() -> list[dict[str, Any]]:
    """Every rule, with the name of its group, in the order of their files."""
    groups = [group for path in RULES for group in yaml.safe_load(path.read_text())["groups"]]
    return [rule | {"group": group["name"]} for group in groups for rule in group["rules"]]


def series() -> Mapping[str, frozenset[str]]:
    """Names that a query may use, with their labels."""
    worker, beat, api = families()
    flower = [value for value in vars(get_prometheus_metrics()).values() if hasattr(value, "_labelnames")]
    known = dict(OF_PROMETHEUS)
    for family, added in [
        *((f, SCRAPED | {"role"}) for f in (*worker, *beat)),
        *((f, SCRAPED) for f in (*api, *flower)),
    ]:
        for name, labels in _samples(family):
            known[name] = known.get(name, frozenset()) | labels | added
    for rule in sorted(rules(), key=lambda rule: rule["group"] != "esg-state"):  # others build upon these
        if "record" in rule:
            known[rule["record"]] = labels_of(promql.parse(rule["expr"]), known)
    return known


def buckets() -> Mapping[str, frozenset[str]]:
    """The values of `le` of each histogram, as Prometheus stores them."""
    found = [family for part in families() for family in part if hasattr(family, "_upper_bounds")]
    return {f"{family._name}_bucket": frozenset(map(str, family._upper_bounds)) for family in found}


def _samples(family: Any) -> Iterable[tuple[str, frozenset[str]]]:
    name = getattr(family, "_name", "") or family.name
    kind = getattr(family, "_type", "") or family.type
    labels = frozenset(family._labelnames)
    match kind:
        case "counter":
            yield f"{name}_total", labels
        case "histogram":
            yield from (
                (f"{name}_bucket", labels | {"le"}),
                (f"{name}_count", labels),
                (f"{name}_sum", labels),
            )
        case _:
            yield name, labels


def selectors(expression: promql.Expr) -> list[promql.VectorSelector]:
    """Every selector of an expression."""
    found: list[promql.VectorSelector] = []

    def visit(node: promql.Expr) -> None:
        if isinstance(node, promql.MatrixSelector):
            found.append(node.vector_selector)
        elif isinstance(node, promql.VectorSelector):
            found.append(node)

    promql.walk(expression, visit)
    return list({str(selector): selector for selector in found}.values())


def labels_of(expression: promql.Expr, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The labels of a result; raises AssertionError where it is grouped or joined by one it lacks."""
    match expression:
        case promql.VectorSelector():
            return known.get(expression.name, frozenset())
        case promql.MatrixSelector():
            return known.get(expression.vector_selector.name, frozenset())
        case promql.AggregateExpr():
            return _aggregated(expression, labels_of(expression.expr, known))
        case promql.BinaryExpr():
            return _joined(expression, labels_of(expression.lhs, known), labels_of(expression.rhs, known))
        case promql.Call():
            return _called(expression, [labels_of(argument, known) for argument in expression.args])
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
            return labels_of(expression.expr, known)
        case _:
            return frozenset()


def _aggregated(expression: promql.AggregateExpr, inner: frozenset[str]) -> frozenset[str]:
    if expression.modifier is None:
        return frozenset()
    named = frozenset(expression.modifier.labels)
    assert named <= inner, f"there is no {sorted(named - inner)} to group by in {expression.prettify()}"
    return named if expression.modifier.type == promql.AggModifierType.By else inner - named


def _joined(expression: promql.BinaryExpr, left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    matching = expression.modifier and expression.modifier.matching
    if matching:
        on = frozenset(matching.labels)
        assert on <= left & right, f"not both sides have {sorted(on)} in {expression.prettify()}"
    match str(expression.op):
        case "or":
            return left | right
        case "and" | "unless":
            return left
        case _:
            return left or right  # a number has none, and takes the other's


def _called(expression: promql.Call, arguments: list[frozenset[str]]) -> frozenset[str]:
    labels = frozenset().union(*arguments)
    match expression.func.name:
        case "label_replace":
            return labels | {expression.args[1].val}
        case "histogram_quantile":
            assert "le" in labels, f"a quantile needs le: {expression.prettify()}"
            return labels - {"le"}
        case _:
            return labels

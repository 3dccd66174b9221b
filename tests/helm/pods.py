"""Rendered objects → the pods that they make."""

from collections.abc import Iterable, Iterator
from typing import Any

MAKERS = ("Deployment", "StatefulSet", "Job", "CronJob")


def pods(manifests: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give kind, name and template of whatever makes pods."""
    for manifest in manifests:
        if manifest["kind"] in MAKERS:
            spec = manifest["spec"].get("jobTemplate", manifest)["spec"]
            yield manifest["kind"], manifest["metadata"]["name"], spec["template"]


def by_kind(manifests: Iterable[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    """Objects of a kind by name, less the release's."""
    return {
        manifest["metadata"]["name"].removeprefix("esg-"): manifest
        for manifest in manifests
        if manifest["kind"] == kind
    }


def is_selected(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    """Whether a label selector takes a pod."""
    for rule in selector.get("matchExpressions", ()):
        assert rule["operator"] == "In"
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items())

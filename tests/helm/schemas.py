"""`make helm-schemas`: CustomResourceDefinitions → strict JSON schemas in infra/helm/schemas.

python tests/helm/schemas.py CRD.yaml…
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

SCHEMAS = Path(__file__).parents[2] / "infra" / "helm" / "schemas"
KEPT = (
    "type",
    "properties",
    "items",
    "enum",
    "pattern",
    "required",
    "format",
    "anyOf",
    "oneOf",
    "allOf",
    "not",
)
KEPT += ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "additionalProperties")


def main(paths: list[str]) -> None:
    """Write a schema for each version of each definition."""
    for path in paths:
        definition = yaml.safe_load(Path(path).read_text())["spec"]
        for version in definition["versions"]:
            kind = definition["names"]["kind"].lower()
            folder = SCHEMAS / definition["group"]
            folder.mkdir(parents=True, exist_ok=True)
            written = json.dumps(strict(version["schema"]["openAPIV3Schema"]), separators=(",", ":"))
            (folder / f"{kind}_{version['name']}.json").write_text(f"{written}\n")


def strict(schema: Any) -> Any:
    """Keep what validates, and refuse what an object does not list: the API server drops it in silence."""
    kept = {name: schema[name] for name in KEPT if name in schema}
    for name in ("items", "not", "additionalProperties"):
        if isinstance(kept.get(name), dict):
            kept[name] = strict(kept[name])
    for name in ("anyOf", "oneOf", "allOf"):
        if name in kept:
            kept[name] = [alternative(one) for one in kept[name]]
    if "properties" in kept:
        kept["properties"] = {name: strict(of) for name, of in kept["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            kept.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        return {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    if schema.get("nullable") and isinstance(kept.get("type"), str):
        kept["type"] = [kept["type"], "null"]
    return kept


def alternative(schema: Any) -> Any:
    """A choice says of its object only what differs: it lists not all that may be there."""
    return {name: schema[name] for name in KEPT if name in schema}


if __name__ == "__main__":
    main(sys.argv[1:])

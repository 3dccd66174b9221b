"""A rubric's raw mapping → what is wrong with it, each as a sentence that says where."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from esg.errors import Misconfigured
from esg.rubric.nouns import LEVELS
from esg.rubric.read import Raw, read
from esg.rubric.wordings import bad_patterns, wording_problems

SCHEMA = json.loads((Path(__file__).parent / "rubric.schema.json").read_text(encoding="utf-8"))


def check(path: str | Path) -> list[str]:
    """Say what is wrong with the rubric file or folder; an empty list means that it can be used."""
    try:
        return problems(read(Path(path)))
    except (Misconfigured, OSError) as error:
        return [str(error)]


def problems(raw: Raw) -> list[str]:
    """Check the shape first; only a well-formed rubric is checked for its meaning."""
    return list(_shape(raw)) or [*_meaning(raw), *wording_problems(raw)]


def _shape(raw: Raw) -> Iterator[str]:
    for error in sorted(Draft202012Validator(SCHEMA).iter_errors(raw), key=lambda e: list(map(str, e.path))):
        yield f"{_where(raw, list(error.absolute_path))}{_what(error)}"


def _what(error: ValidationError) -> str:
    if error.validator == "anyOf":
        return "needs cues, kpis or claims"
    return error.message


def _where(raw: Raw, path: list[Any]) -> str:
    """Name the place by file, theme and criterion rather than by indexes."""
    names: list[str] = []
    node: Any = raw
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int) and isinstance(node, dict) and (name := node.get("code") or node.get("id")):
            names += [str(node["file"]), str(name)] if "file" in node else [str(name)]
        elif isinstance(step, str) and step not in (
            "theme",
            "criterion",
            "framework",
            "requirement",
            "language",
        ):
            names.append(step)
        elif isinstance(node, dict):
            names.append(f"{path[path.index(step) - 1]} {int(step) + 1}")
    return f"{' › '.join(names)}: " if names else ""


def _meaning(raw: Raw) -> Iterator[str]:
    yield from _duplicates("theme", [t["code"] for t in raw["theme"]])
    yield from _duplicates("criterion", [c["id"] for t in raw["theme"] for c in t["criterion"]])
    yield from _bad_counter_cues(raw)
    for theme in raw["theme"]:
        yield from _bad_theme(raw, theme)
    for framework in raw.get("framework", []):
        yield from _bad_framework(raw, framework)


def _duplicates(kind: str, names: list[str]) -> Iterator[str]:
    yield from (f"{kind} {name} is there {n} times" for name, n in Counter(names).items() if n > 1)


def _bad_counter_cues(raw: Raw) -> Iterator[str]:
    for name, counter in raw.get("counter_cues", {}).items():
        yield from (f"counter_cues › {name}: {p}" for p in _bad_patterns(counter["patterns"], raw))
    for name, patterns in raw.get("ignore", {}).items():
        yield from (f"ignore › {name}: {p}" for p in _bad_patterns(patterns, raw))
    yield from (f"rubric › {p}" for p in _unknown_names(raw["rubric"], raw))


def _unknown_names(part: Raw, raw: Raw) -> Iterator[str]:
    """Names in `excludes` and `ignore` that stand for nothing."""
    for key, table in (("excludes", "counter_cues"), ("ignore", "ignore")):
        known = raw.get(table, {})
        yield from (f"{key}: there is no [{table}.{name}]" for name in part.get(key, []) if name not in known)


def _bad_theme(raw: Raw, theme: Raw) -> Iterator[str]:
    place = f"{theme['file']} › {theme['code']}"
    levels = {int(c["id"].split(".")[1]) for c in theme["criterion"]}
    yield from (f"{place}: level {level} has no criterion" for level in LEVELS if level not in levels)
    yield from (f"{place} › topic: {p}" for p in _bad_patterns(theme.get("topic", []), raw))
    yield from (f"{place} › {p}" for p in _unknown_names(theme, raw))
    for criterion in theme["criterion"]:
        yield from (f"{place} › {criterion['id']}: {p}" for p in _bad_criterion(raw, theme, criterion))


def _bad_criterion(raw: Raw, theme: Raw, criterion: Raw) -> Iterator[str]:
    if criterion["id"].split(".")[0] != theme["code"]:
        yield "its id does not begin with the theme's code"
    cues = [p for group in criterion.get("cues", []) for p in group]
    yield from _bad_patterns(cues + criterion.get("counter_cues", []), raw)
    yield from _unknown_names(criterion, raw)
    siblings = {c["id"] for c in theme["criterion"]}
    unknown = set(criterion.get("implied_by", [])) - siblings
    yield from (f"implied_by: the theme has no criterion '{name}'" for name in sorted(unknown))


def _bad_patterns(patterns: list[str], raw: Raw) -> Iterator[str]:
    yield from (problem for _, problem in bad_patterns(patterns, raw.get("vocabulary", {}), {}))


def _bad_framework(raw: Raw, framework: Raw) -> Iterator[str]:
    place = f"{framework['file']} › {framework['id']}"
    criteria = {c["id"] for t in raw["theme"] for c in t["criterion"]}
    yield from (
        f"{place}: {p}" for p in _duplicates("requirement", [r["id"] for r in framework["requirement"]])
    )
    for requirement in framework["requirement"]:
        for reference in (r for group in requirement["needs"] for r in group):
            if not reference.startswith(("kpi:", "claim:")) and reference not in criteria:
                yield f"{place} › {requirement['id']}: there is no criterion '{reference}'"

"""A rubric's raw mapping → what is wrong with it, each as a sentence that says where."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from esg.errors import Misconfigured
from esg.rubric.nouns import LEVELS
from esg.rubric.read import Raw, read
from esg.rubric.wordings import bad_patterns, wording_problems

LISTS = ("theme", "criterion", "statement", "framework", "requirement", "language")
SCHEMA = json.loads((Path(__file__).parent / "rubric.schema.json").read_text(encoding="utf-8"))


def check(path: str | Path, *, known_facts: Collection[str] | None = None) -> list[str]:
    """Say what is wrong with the rubric file or folder; an empty list means that it can be used.

    `known_facts`, `kpi:KEY` and `claim:KEY`, are what figures and claims are held against, where given.
    """
    try:
        raw = read(Path(path))
        return problems(raw) or list(_bad_facts(raw, known_facts) if known_facts is not None else [])
    except (Misconfigured, OSError) as error:
        return [str(error)]


def problems(raw: Raw) -> list[str]:
    """Check the shape first; only a well-formed rubric is checked for its meaning."""
    return list(_shape(raw)) or [*_meaning(raw), *wording_problems(raw)]


def _shape(raw: Raw) -> Iterator[str]:
    from jsonschema import Draft202012Validator  # takes up to a second, and a shipped rubric needs no check

    for error in sorted(Draft202012Validator(SCHEMA).iter_errors(raw), key=lambda e: list(map(str, e.path))):
        yield f"{_where(raw, list(error.absolute_path))}{_what(error)}"


def _what(error: Any) -> str:
    return "needs cues, kpis or claims" if error.validator == "anyOf" else str(error.message)


def _where(raw: Raw, path: list[Any]) -> str:
    """Name the place by file, line, theme and criterion rather than by indexes."""
    names: list[str] = []
    file = line = ""
    node: Any = raw
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int) and isinstance(node, dict):
            file, line = str(node.get("file", file)), str(node.get("line", line))
            name = node.get("code") or node.get("id")
            names.append(str(name or f"{path[path.index(step) - 1]} {step + 1}"))
        elif isinstance(step, str) and step not in LISTS:
            names.append(step)
    places = [":".join(filter(None, (file, line))), *names]
    return f"{' › '.join(filter(None, places))}: " if names else ""


def _meaning(raw: Raw) -> Iterator[str]:
    yield from _duplicates("theme", ((t["code"], _line(t, t)) for t in raw["theme"]))
    yield from _duplicates(
        "criterion", ((c["id"], _line(t, c)) for t in raw["theme"] for c in t["criterion"])
    )
    for kind in ("statement", "framework"):
        yield from _duplicates(kind, ((item["id"], _line(item, item)) for item in raw.get(kind, [])))
    yield from _bad_counter_cues(raw)
    for theme in raw["theme"]:
        yield from _bad_theme(raw, theme)
    for statement in raw.get("statement", []):
        yield from _bad_statement(raw, statement)
    for framework in raw.get("framework", []):
        yield from _bad_framework(raw, framework)


def _line(whole: Raw, part: Raw) -> str:
    """Where a part of a theme, statement or framework begins: `FILE:LINE`, the file alone where unknown."""
    return f"{whole['file']}:{part['line']}" if "line" in part else str(whole["file"])


def _duplicates(kind: str, places: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names that are there more than once, with the lines of all."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for name, line in places:
        lines[name].append(line)
    for name, found in lines.items():
        if len(found) > 1:
            yield f"{kind} {name} is there {len(found)} times: {', '.join(found)}"


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
    place = f"{_line(theme, theme)} › {theme['code']}"
    levels = {int(c["id"].split(".")[1]) for c in theme["criterion"]}
    yield from (f"{place}: level {level} has no criterion" for level in LEVELS if level not in levels)
    yield from (f"{place} › topic: {p}" for p in _bad_patterns(theme.get("topic", []), raw))
    yield from (f"{place} › {p}" for p in _unknown_names(theme, raw))
    for criterion in theme["criterion"]:
        own = f"{_line(theme, criterion)} › {theme['code']} › {criterion['id']}"
        yield from (f"{own}: {p}" for p in _bad_criterion(raw, theme, criterion))


def _bad_criterion(raw: Raw, theme: Raw, criterion: Raw) -> Iterator[str]:
    if criterion["id"].split(".")[0] != theme["code"]:
        yield "its id does not begin with the theme's code"
    yield from _bad_cues(raw, criterion)
    siblings = {c["id"] for c in theme["criterion"]}
    unknown = set(criterion.get("implied_by", [])) - siblings
    yield from (f"implied_by: the theme has no criterion '{name}'" for name in sorted(unknown))


def _bad_statement(raw: Raw, statement: Raw) -> Iterator[str]:
    place = f"{_line(statement, statement)} › statement {statement['id']}"
    yield from (f"{place}: {p}" for p in _bad_cues(raw, statement))


def _bad_cues(raw: Raw, decided: Raw) -> Iterator[str]:
    cues = [p for group in decided.get("cues", []) for p in group]
    yield from _bad_patterns(cues + decided.get("counter_cues", []), raw)
    yield from _unknown_names(decided, raw)


def _bad_patterns(patterns: list[str], raw: Raw) -> Iterator[str]:
    yield from (problem for _, problem in bad_patterns(patterns, raw.get("vocabulary", {}), {}))


def _bad_framework(raw: Raw, framework: Raw) -> Iterator[str]:
    lines = ((r["id"], _line(framework, r)) for r in framework["requirement"])
    yield from (f"{framework['id']}: {p}" for p in _duplicates("requirement", lines))
    known = {c["id"] for t in raw["theme"] for c in t["criterion"]}
    known |= {f"statement:{s['id']}" for s in raw.get("statement", [])}
    for place, reference in _references(framework):
        if not reference.startswith(("kpi:", "claim:")) and reference not in known:
            kind = "" if reference.startswith("statement:") else "criterion "
            yield f"{place}: there is no {kind}'{reference}'"


def _references(framework: Raw) -> Iterator[tuple[str, str]]:
    """What the requirements of a framework need, each with its place."""
    for requirement in framework["requirement"]:
        place = f"{_line(framework, requirement)} › {framework['id']} › {requirement['id']}"
        yield from ((place, reference) for group in requirement["needs"] for reference in group)


def _bad_facts(raw: Raw, known_facts: Collection[str]) -> Iterator[str]:
    """Figures and claims that a rubric refers to and no scorecard holds: they would never be found."""
    for framework in raw.get("framework", []):
        yield from _unknown((r for r in _references(framework) if ":" in r[1]), known_facts)
    for theme in raw["theme"]:
        for criterion in theme["criterion"]:
            place = f"{_line(theme, criterion)} › {theme['code']} › {criterion['id']}"
            named = (
                (kind, key) for kind in ("kpi", "claim") for g in criterion.get(f"{kind}s", []) for key in g
            )
            yield from _unknown(((place, f"{kind}:{key}") for kind, key in named), known_facts)


def _unknown(references: Iterable[tuple[str, str]], known_facts: Collection[str]) -> Iterator[str]:
    for place, reference in references:
        kind, _, key = reference.partition(":")
        if kind in ("kpi", "claim") and f"{kind}:{key.partition(':')[0]}" not in known_facts:
            yield f"{place}: there is no {kind} '{key}'"

"""Code → docs/reference: `make docs` writes the pages; with --check it says which are out of date."""

import asyncio
import importlib
import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pyarrow as pa
from mcp.server.mcpserver import MCPServer
from mcp_types import Prompt, ResourceTemplate, Tool
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import REGISTRY, CollectorRegistry
from pydantic import SecretStr
from pydantic.fields import FieldInfo

import celeryconfig
from api.app import create_app
from api.metrics import Metrics
from beat_schedule import SCHEDULE
from esg import cli, report, schedule
from esg.celery import app
from esg.lake import gold
from esg.lake.questions import questions
from esg.resources import open_resources
from esg.settings import Settings, names
from tasks.flows import ADMISSIONS
from tasks.queues import LIMITS, QUEUES

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate.py from {source}; change it there and run `make docs`. -->"
MEBIBYTE = 1024 * 1024
Json = dict[str, Any]


def main() -> None:
    """Write every page, or with --check name those that differ and end with exit code 1."""
    is_check = "--check" in sys.argv[1:]
    for name in [name for name in os.environ if name.startswith("ESG_")]:
        del os.environ[name]  # the pages must not depend on whose machine writes them
    stale = [name for name, page in PAGES.items() if _is_stale(REFERENCE / name, page() + "\n", is_check)]
    for name in stale:
        print(f"docs/reference/{name} {'is out of date; run: make docs' if is_check else 'written'}")
    sys.exit(1 if is_check and stale else 0)


def _is_stale(path: Path, text: str, is_check: bool) -> bool:
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    if not is_check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return True


# -- settings.md


def settings() -> str:
    """Every setting with the names it is read from."""
    rows = [
        (_code(names(name)), _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return _page(
        "Settings",
        "esg/settings.py",
        "Read once from the environment when a process starts. Where several names are given, the first that "
        "is set counts. Each may lie in a file instead: `NAME_FILE` is the path of what `NAME` would say, as "
        "for secrets of containers. The defaults need no service, no key and no network.",
        _table(("variable", "default", "what it is"), rows),
    )


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.default_factory is not None:
        return "`.esg` of the checkout, else `~/.local/share/esg`"
    if value in ("", None) or (isinstance(value, SecretStr) and not value.get_secret_value()):
        return ""
    if isinstance(value, int) and value >= MEBIBYTE:
        return f"`{value}` ({value // MEBIBYTE:,} MiB)"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


# -- cli.md


def commands() -> str:
    """The help of every command, as it prints it."""
    parts = [f"## {name}\n\n```\n{text}\n```" for name, text in _helps(cli.main, "esg", None)]
    return _page("Command line", "esg/cli", "Every command as `--help` prints it.", *parts)


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    options = {**command.context_settings, "terminal_width": 100, "max_content_width": 100}
    context = click.Context(command, info_name=name, parent=parent, **options)
    yield context.command_path, context.get_help()
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _helps(found, child, context)


# -- tasks.md


def tasks() -> str:
    """The tasks by queue, what may be called, and when beat calls it."""
    for module in celeryconfig.imports:
        importlib.import_module(module)
    return _page(
        "Tasks",
        "tasks/queues.py, tasks/flows.py, beat_schedule/schedule.py and esg/schedule/table.py",
        "A task's queue, stage and worker role have one name. Those without arguments here are steps of the "
        "fleet's own; the others may be called, each call being a submission that SQL remembers:",
        "```console\n.venv/bin/celery -A esg call ingest.document --kwargs "
        '\'{"source": "report.pdf", "company": "Acme", "year": 2024}\'\n```',
        _table(
            ("queue", "task", "what it does", "arguments of a call", "told to stop, killed after"), _tasks()
        ),
        "## By the clock",
        "Beat fires these, which are harmless to repeat:",
        _table(("name", "task", "when"), _ticks()),
        "These run once in each slot of time, and late rather than never (`esg schedule`, `ESG_SCHEDULE`):",
        _table(("entry", "task", "when"), _entries()),
    )


def _tasks() -> Iterator[tuple[str, ...]]:
    for queue in QUEUES:
        for name in queue.tasks:
            doc = inspect.getdoc(app.tasks[name].run) or ""
            admission = ADMISSIONS.get(name)
            said = f"{doc}. {inspect.getdoc(admission)}" if admission else doc
            limits = "{} s, {} s".format(*LIMITS[name])
            yield f"`{queue.name}`", f"`{name}`", said, _arguments(admission), limits


def _arguments(admission: Callable[..., None] | None) -> str:
    if admission is None:
        return ""
    parameters = inspect.signature(admission).parameters.values()
    return _code(str(p).replace("'", "") for p in parameters if p.kind is p.KEYWORD_ONLY)


def _ticks() -> Iterator[tuple[str, ...]]:
    for name, entry in SCHEDULE.items():
        yield f"`{name}`", f"`{entry['task']}`", f"every {entry['schedule']:g} s"


def _entries() -> Iterator[tuple[str, ...]]:
    for entry in schedule.read(None):
        when = f"at {entry.at:%H:%M} {entry.zone}" if entry.at else f"every {entry.every_seconds} s"
        jitter = f", up to {entry.jitter_seconds} s later" if entry.jitter_seconds else ""
        yield f"`{entry.name}`", f"`{entry.task}`", when + jitter


# -- metrics.md


def metrics() -> str:
    """The families that workers, beat and the API serve."""
    worker, beat, ours = families()
    return _page(
        "Metrics",
        "tasks/metrics.py, workers/bootsteps/metrics.py, workers/clock.py, api/metrics.py and "
        "api/broker_metrics.py",
        "Prometheus families; labels never hold ids. The address of a worker or beat is in "
        "`ESG_HOME/run/NAME/metrics.url`. The API serves `/metrics`, and it alone the facts of database and "
        "broker, so that they are told in one place; several APIs tell the same: take `max`, not `sum`.",
        "## Workers",
        _table(("family", "type", "labels", "what it tells"), _families(worker)),
        "## Beat",
        _table(("family", "type", "labels", "what it tells"), _families(beat)),
        "## API",
        _table(("family", "type", "labels", "what it tells"), _families(ours)),
    )


def families() -> tuple[list[Any], list[Any], list[Any]]:
    """What a worker serves, what beat does, and the API, each with its name, type and labels."""
    importlib.import_module("tasks.control")
    from workers import clock
    from workers.bootsteps.metrics import Processes
    from workers.presence import Presence

    with tempfile.TemporaryDirectory() as home:
        worker_of_none = SimpleNamespace(concurrency=1, pool_cls=object)
        processes = Processes(worker_of_none, Presence(Path(home), "reference"))
        beat = [clock.FIRED, clock.LAST_TURN]
        worker = [*(i for i in _instruments(REGISTRY) if i not in beat), *processes.collect()]
        of_api = Metrics()
        of_api.observe_state(open_resources(Settings(home=Path(home))))
        of_api.observe_broker(str)
        ours = [*_instruments(of_api.registry), *_without_samples(of_api.registry)]
    return worker, beat, ours


def _instruments(registry: CollectorRegistry) -> list[Any]:
    """The counters, gauges and histograms registered by our modules."""
    return [c for c in registry._collector_to_names if getattr(c, "_name", "").startswith("esg_")]


def _without_samples(registry: CollectorRegistry) -> list[Metric]:
    """What is only made when it is scraped."""
    scraped = (c for c in registry._collector_to_names if not hasattr(c, "_name"))
    return [metric for collector in scraped for metric in collector.collect()]


def _families(found: Iterable[Any]) -> Iterator[tuple[str, ...]]:
    rows = {}
    for family in found:
        kind = getattr(family, "_type", "") or family.type
        name = getattr(family, "_name", "") or family.name
        documentation = getattr(family, "_documentation", "") or family.documentation
        full = f"{name}_total" if kind == "counter" else name
        rows[full] = (f"`{full}`", kind, _code(family._labelnames), documentation)
    yield from (rows[name] for name in sorted(rows))


# -- scorecard.md


def scorecard() -> str:
    """The scorecard's fields, object by object."""
    schema = report.schema()
    parts = [f"## {name}\n\n{_object(part)}" for name, part in schema["$defs"].items()]
    return _page(
        "Scorecard",
        "esg/report/scorecard.schema.json",
        f"{schema['description']} The schema is in the package: `esg.report.schema()`.",
        f"## {schema['title']}\n\n{_object(schema)}",
        *parts,
    )


def _object(schema: Json) -> str:
    if "properties" not in schema:
        return f"{_kind(schema)}. {schema.get('description', '')}".strip()
    return _table(("field", "type", "what it is"), _fields(schema, ""))


def _fields(schema: Json, prefix: str) -> Iterator[tuple[str, ...]]:
    for name, field in schema["properties"].items():
        if "properties" in field:
            yield from _fields(field, f"{prefix}{name}.")
        else:
            words = [field.get("description", ""), *_notes(field)]
            yield f"`{prefix}{name}`", _kind(field), " ".join(w for w in words if w)


def _notes(field: Json) -> Iterator[str]:
    low, high = field.get("minimum"), field.get("maximum")
    if low is not None or high is not None:
        yield f"{low} to {high}." if high is not None else f"At least {low}."


def _kind(field: Json) -> str:
    """Say in a few words what a value may be."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"[{name}]({'scorecard.md' if name == 'Scorecard' else '#' + name.lower()})"
    if "const" in field or "enum" in field:
        return _code(str(v) for v in field.get("enum", [field.get("const")]))
    if choices := field.get("anyOf", field.get("oneOf", ())):
        return " or ".join(map(_kind, choices))
    if isinstance(field.get("items"), dict):
        return f"list of {_kind(field['items'])}"
    if "patternProperties" in field:
        return f"by name: {' or '.join(map(_kind, field['patternProperties'].values()))}"
    kind = field.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


# -- rest.md


def rest() -> str:
    """The API's operations and objects, from its own OpenAPI description."""
    with tempfile.TemporaryDirectory() as home:
        spec = create_app(Settings(home=Path(home))).openapi()
    operations = [
        _operation(method, path, operation)
        for path, methods in spec["paths"].items()
        for method, operation in methods.items()
    ]
    objects = [
        f"## {name}\n\n{_object(part)}"
        for name, part in sorted(spec["components"]["schemas"].items())
        if "properties" in part and not name.startswith(("Scorecard", "HTTPValidation", "Validation"))
    ]
    return _page(
        "REST",
        "the API's OpenAPI description",
        " ".join(spec["info"]["description"].split())
        + " A running API shows the same at `/docs` and serves it as `/openapi.json`.",
        *operations,
        *objects,
    )


def _operation(method: str, path: str, operation: Json) -> str:
    parts = [f"## {method.upper()} {path}", operation.get("description", "")]
    inputs: list[tuple[str, ...]] = [
        (f"`{p['name']}`", str(p["in"]), _kind(p["schema"]), str(p.get("description", "")))
        for p in operation.get("parameters", [])
    ]
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        inputs += _body(media, content["schema"])
    if inputs:
        parts.append(_table(("name", "in", "type", "what it is"), inputs))
    parts.append("\n".join(_answers(operation["responses"])))
    return "\n\n".join(part for part in parts if part)


def _body(media: str, schema: Json) -> Iterator[tuple[str, ...]]:
    if "$ref" in schema:
        yield "", f"`{media}`", _kind(schema), ""
    for name, field in schema.get("properties", {}).items():
        yield f"`{name}`", f"`{media}`", _kind(field), field.get("description", "")


def _answers(responses: Json) -> Iterator[str]:
    for status, response in responses.items():
        kinds = [
            f"`{media}`{' ' + _kind(content['schema']) if content.get('schema') else ''}"
            for media, content in response.get("content", {}).items()
        ]
        if status != "default":
            yield f"- **{status}** {', '.join(kinds)}".rstrip()


# -- mcp.md


def assistants() -> str:
    """The tools, resources and prompts of MCP, from the server's own lists."""
    with tempfile.TemporaryDirectory() as home:
        server = create_app(Settings(home=Path(home))).state.mcp.server
        tools, templates, prompts = asyncio.run(_lists(server))
    return _page(
        "MCP",
        "api/mcp",
        " ".join((server.instructions or "").split())
        + " How to connect: [assistant.md](../howto/assistant.md).",
        *map(_tool, tools),
        "## Resources",
        _table(
            ("address", "type", "what it is"), [_cells(t.uri_template, t.mime_type, t) for t in templates]
        ),
        "## Prompts",
        _table(
            ("prompt", "arguments", "what it asks for"),
            [_cells(p.name, ", ".join(a.name for a in p.arguments or ()), p) for p in prompts],
        ),
    )


async def _lists(server: MCPServer) -> tuple[Sequence[Tool], Sequence[ResourceTemplate], Sequence[Prompt]]:
    return await server.list_tools(), await server.list_resource_templates(), await server.list_prompts()


def _tool(tool: Tool) -> str:
    inputs = [
        (f"`{name}`", _kind(field), " ".join(w for w in (field.get("description", ""), *_notes(field)) if w))
        for name, field in tool.input_schema["properties"].items()
    ]
    answer = tool.output_schema or {}
    fields = ", ".join(f"`{name}`" for name in answer["properties"])
    parts = (
        f"## {tool.name}",
        tool.description or "",
        _table(("argument", "type", "what it is"), inputs),
        f"Answers: {fields}. {answer.get('description', '')}",
    )
    return "\n\n".join(parts)


def _cells(name: str, more: str | None, listed: ResourceTemplate | Prompt) -> tuple[str, ...]:
    return f"`{name}`", more or "", listed.description or ""


# -- Markdown


def _page(title: str, source: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", NOTE.format(source=source), *parts))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |"
                     for line in lines)  # fmt: skip


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


# -- gold.md


def tables() -> str:
    """The tables of gold with their columns, and the questions that have a name."""
    return _page(
        "Gold",
        "esg/lake/gold.py and esg/lake/queries",
        f"All scorecards as tables, version {gold.VERSION} of their columns. `esg sql QUERY` asks them, "
        "`esg export gold` writes each to a file. Every row names its scorecard (`trace_id`), whose report "
        "of which year it is, and its quotes by their ids in `evidence`; a row there names the document by "
        "the SHA-256 of its bytes, the page and the quote's offsets in the page's text. A company of the "
        "register goes by its name there, and has a row in `companies` for each of its scorecards. "
        "`is_whole` marks the scorecard that speaks for a company and year: that of all its "
        "documents where there are several.",
        _table(
            ("table", "columns"),
            [(name, ", ".join(map(_column, schema))) for name, schema in gold.SCHEMAS.items()],
        ),
        "## Questions with a name",
        '```console\n.venv/bin/esg sql league\n.venv/bin/esg history "Acme AG"\n```',
        _table(
            ("name", "what it answers"), [(f"`{name}`", q.about) for name, q in sorted(questions().items())]
        ),
    )


def _column(field: pa.Field) -> str:
    return f"`{field.name}` {'list of text' if pa.types.is_list(field.type) else _KINDS[str(field.type)]}"


_KINDS = {"string": "text", "int64": "whole number", "double": "number", "bool": "yes or no"}

PAGES: Mapping[str, Callable[[], str]] = {
    "gold.md": tables,
    "settings.md": settings,
    "cli.md": commands,
    "tasks.md": tasks,
    "metrics.md": metrics,
    "scorecard.md": scorecard,
    "rest.md": rest,
    "mcp.md": assistants,
}

if __name__ == "__main__":
    main()

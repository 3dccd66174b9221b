"""Debian's Prometheus on a port of loopback, scraping every second what a file lists, with our rules in it.

Time runs faster here in two ways, and no other: everything is scraped and evaluated every second, and each
`for:` of a rule is a fifteenth of what it is: a minute's patience is four seconds. Expressions stay.
"""

import json
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from tests.servers.server import Server, Unavailable, free_ports

RULES = sorted((Path(__file__).parents[2] / "infra/prometheus/rules").glob("*.yml"))
HASTE = 15  # times as fast as a `for:` says
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Target = tuple[str, Mapping[str, str]]  # host:port, the labels it gets
Json = dict[str, Any]


@dataclass
class Prometheus(Server):
    """What a test asks: `ask` a query, `alerts` by state; what it scrapes is told by `scrape`."""

    url: str = ""
    targets: Path = field(default_factory=Path)

    def scrape(self, targets: Sequence[Target]) -> None:
        """Scrape these from now on; Prometheus reads the file again when it changes."""
        listed = [{"targets": [address], "labels": dict(labels)} for address, labels in targets]
        changed = self.targets.with_suffix(".new")
        changed.write_text(json.dumps(listed))
        changed.replace(self.targets)

    def ask(self, query: str) -> list[tuple[dict[str, str], float]]:
        """Give the labels and the value of each series that a query finds now."""
        found = self._get("query", query=query)["result"]
        return [(series["metric"], float(series["value"][1])) for series in found]

    def alerts(self, state: str = "firing") -> dict[str, list[Json]]:
        """{name: alerts in a state}."""
        named: dict[str, list[Json]] = {}
        for alert in self._get("alerts")["alerts"]:
            if alert["state"] == state:
                named.setdefault(alert["labels"]["alertname"], []).append(alert)
        return named

    def rules(self) -> list[Json]:
        """Every rule with its health and what became of it at the last evaluation."""
        return [rule for group in self._get("rules")["groups"] for rule in group["rules"]]

    def active(self) -> list[Json]:
        """The targets it scrapes, with their health."""
        targets: list[Json] = self._get("targets", state="active")["activeTargets"]
        return targets

    def _get(self, what: str, **parameters: str) -> Json:
        answer = httpx.get(f"{self.url}/api/v1/{what}", params=parameters, timeout=10)
        answer.raise_for_status()
        data: Json = answer.json()["data"]
        return data


def server(folder: Path) -> Prometheus:
    """Make one, its data in `folder`; raises Unavailable."""
    program = shutil.which("prometheus", path=str(Path(sys.executable).parent)) or shutil.which("prometheus")
    if program is None:
        raise Unavailable("there is no `prometheus`; run: make .venv/.prometheus")
    folder.mkdir(parents=True, exist_ok=True)
    (port,) = free_ports(1)
    url, targets = f"http://127.0.0.1:{port}", folder / "targets.json"
    targets.write_text("[]")
    (folder / "rules").mkdir(exist_ok=True)
    for path in RULES:
        (folder / "rules" / path.name).write_text(hastened(path.read_text()))
    (folder / "prometheus.yml").write_text(json.dumps(_configuration(targets, f"127.0.0.1:{port}")))
    options = {
        "config.file": folder / "prometheus.yml",
        "storage.tsdb.path": folder / "data",
        "web.listen-address": f"127.0.0.1:{port}",
        "web.console.templates": folder,  # Debian's lie elsewhere than its program
        "web.console.libraries": folder,
    }
    command = [program, *(f"--{name}={value}" for name, value in options.items())]
    return Prometheus("prometheus", command, folder, lambda: _is_ready(url), url=url, targets=targets)


def hastened(rules: str) -> str:
    """The text of a file of rules, every `for:` of it shorter."""
    return re.sub(r"(?m)^(\s+for: )(\d+)([smhd])$", lambda found: found[1] + _shorter(found), rules)


def _shorter(found: "re.Match[str]") -> str:
    return f"{int(found[2]) * _UNITS[found[3]] * 1000 // HASTE}ms"


def _configuration(targets: Path, itself: str) -> Json:
    """JSON is YAML; `job` comes with each target."""
    written = yaml.safe_load((RULES[0].parents[1] / "prometheus.yml").read_text())
    return {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": written["rule_files"],
        "scrape_configs": [
            {
                "job_name": "fleet",
                "file_sd_configs": [{"files": [str(targets)], "refresh_interval": "1s"}],
            },
            {"job_name": "prometheus", "static_configs": [{"targets": [itself]}]},
        ],
    }


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", timeout=2).status_code == 200
    except httpx.TransportError:
        return False

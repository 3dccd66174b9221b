"""The four journeys of docs/howto, followed in a copy of the checkout: files and commands as they stand.

What the pages say in words (put this beside that) is done here by name; a page that no longer fits the code
fails, and so does a table in the code that moved without its page.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
ENVIRONMENT = CHECKOUT / ".venv"
PATIENCE_SECONDS = 400


class Journey:
    """A page and the copy of the checkout in which it is followed."""

    def __init__(self, root: Path, page: str) -> None:
        self.root = root
        text = (CHECKOUT / "docs/howto" / f"{page}.md").read_text("utf-8")
        self.blocks: list[tuple[str, str]] = re.findall(r"^```(\w*)\n(.*?)^```", text, re.M | re.S)

    def block(self, language: str, words: str) -> str:
        """The one block of a language that has some words in it."""
        (found,) = [text for kind, text in self.blocks if kind == language and words in text]
        return found

    def commands(self) -> list[str]:
        return [text for kind, text in self.blocks if kind == "console"]

    def write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def before(self, path: str, mark: str, text: str) -> None:
        """Put lines before the first place that begins with a mark."""
        self.change(path, mark, f"{text}{mark}")

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert old in text, f"{path} has no {old!r}"
        self.write(path, text.replace(old, new, 1))

    def table(self, path: str, block: str) -> None:
        """Put a table of the page in the place of the code's, whose first line is the same."""
        head = block.splitlines()[0].partition("{")[0]
        text = (self.root / path).read_text("utf-8")
        changed, count = re.subn(rf"{re.escape(head)}\{{.*?\}}\n", lambda _: block, text, count=1, flags=re.S)
        assert count == 1, f"{path} has no table {head!r}"
        self.write(path, changed)

    def run(self, commands: str) -> str:
        """Run lines of a shell as the page has them; each must succeed."""
        done = subprocess.run(
            ["bash", "-c", f"set -e -o pipefail\n{commands}"],
            cwd=self.root,
            env={**os.environ, "PYTHONPATH": str(self.root), "ESG_WORKER_NICE": "0"},  # the stack runs beside
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout


@pytest.fixture
def journey(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journey]:
    root = tmp_path / "esg"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (CHECKOUT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, root / name)
    (root / ".venv").symlink_to(ENVIRONMENT)
    followed = Journey(root, request.param)
    try:
        yield followed
    finally:
        followed.run(".venv/bin/esg down")


@pytest.mark.parametrize("journey", ["embedding-provider"], indirect=True)
def test_a_new_embedding_provider(journey: Journey) -> None:
    journey.write("esg/embed/hashing.py", journey.block("python", "class HashingEmbedder"))
    opener = journey.block("python", "def _hashing_embedder")
    journey.before("esg/resources.py", "def _local_embedder", f"{opener}\n\n")
    journey.table("esg/resources.py", journey.block("python", "EMBEDDERS: Mapping"))
    suite, use, outside = journey.commands()

    assert "passed" in journey.run(suite)
    assert "hashing-512" in journey.run(f"{use}\ncat hashing.json")

    journey.write("acme_esg/embedder.py", journey.block("python", "acme_esg/embedder.py"))
    assert "hashing-1024" in journey.run(outside)


@pytest.mark.parametrize("journey", ["store"], indirect=True)
def test_a_new_store(journey: Journey) -> None:
    journey.write("esg/index/sqlite.py", journey.block("python", "class SQLiteStore"))
    opener = journey.block("python", "def _sqlite_store")
    journey.before("esg/resources.py", "def _memory_store", f"{opener}\n\n")
    journey.table("esg/resources.py", journey.block("python", "STORES: Mapping"))
    journey.run(".venv/bin/esg score tests/golden/samples/quernlow-2024.pdf")  # what was indexed before
    suite, *use = journey.commands()

    assert "passed" in journey.run(suite)
    said = journey.run("\n".join(use))

    assert re.search(r"1 document indexed; the store has [1-9]\d* vectors\.", said)
    assert "Science Based Targets" in said


@pytest.mark.parametrize("journey", ["rubric"], indirect=True)
def test_a_new_rubric(journey: Journey) -> None:
    water = journey.block("toml", 'id = "water"')
    journey.write("water.toml", water)
    check, score, again, *_ = journey.commands()

    journey.run(check)
    journey.run(score)
    assert "Water stewardship" in (journey.root / "water/lyngvarde-2024.html").read_text("utf-8")
    journey.run("\n".join(line for line in again.splitlines() if "curl" not in line))

    shutil.rmtree(journey.root / "water")
    journey.write("water/water.toml", water)
    journey.write("water/de.toml", journey.block("toml", "[[language]]"))
    journey.run(".venv/bin/esg rubric check water/")


@pytest.mark.parametrize("journey", ["stage"], indirect=True)
def test_a_new_stage(journey: Journey) -> None:
    _add_the_room(journey)
    _add_the_task(journey)
    own_queue, in_the_flow = journey.commands()
    assert "passed" in journey.run(own_queue)

    journey.change("esg/state/flow.py", '    SCORE = "score"', '    OUTLINE = "outline"\n    SCORE = "score"')
    row = journey.block("python", "Stage.OUTLINE")
    journey.before("esg/state/flow.py", "    Stage.SCORE: SCORE", row)
    journey.before("esg/cli/progress.py", '    "score": (', '    "outline": (0.92, 0.93),\n')

    assert "Kaldenbruck" in journey.run(in_the_flow)


def _add_the_room(journey: Journey) -> None:
    journey.write("esg/outline/__init__.py", journey.block("python", "class Heading"))
    journey.change("pyproject.toml", '    "chunk",\n', '    "chunk | outline",\n')
    journey.change(
        "pyproject.toml", '"esg.fetch", "esg.extract"', '"esg.outline", "esg.fetch", "esg.extract"'
    )
    journey.change("esg/lake/keys.py", "extract, kpi, retrieve", "extract, kpi, outline, retrieve")
    journey.before("esg/lake/keys.py", "def chunks(", journey.block("python", "def outlines") + "\n\n")
    journey.before("esg/lake/lake.py", "from esg.chunk import codec", "from esg import outline as outlines\n")
    methods = journey.block("python", "def save_outline")
    journey.before("esg/lake/lake.py", "    def save_chunks(", f"{methods}\n")


def _add_the_task(journey: Journey) -> None:
    journey.write("tasks/outline.py", journey.block("python", '"""pages → outline."""'))
    journey.change("esg/state/policy.py", '"control"', '"outline", "control"')
    queue, role = 'Queue("outline", ("outline.document",), 60, 90)', 'Role(("outline",), max_memory_kib=GIB)'
    journey.before("tasks/queues.py", '    Queue(\n        "control"', f"    {queue},\n")
    journey.before("workers/roles.py", '    "control": Role', f'    "outline": {role},\n')
    _deploy_it(journey)
    admission = journey.block("python", "def _outline")
    journey.before("tasks/flows.py", "\nADMISSIONS", f"\n{admission}\n")
    admissions = (journey.root / "tasks/flows.py").read_text("utf-8")
    (head,) = re.findall(r"^ADMISSIONS[^{]*\{\n", admissions, re.M)
    journey.change("tasks/flows.py", head, f'{head}    "outline.document": _outline,\n')


def _deploy_it(journey: Journey) -> None:
    compose = (journey.root / "docker-compose.yml").read_text("utf-8")
    (service,) = re.findall(r"^  worker-index:\n(?:    .*\n|\n)+", compose, re.M)
    journey.change("docker-compose.yml", service, service + service.replace("index", "outline"))
    journey.change("infra/prometheus/prometheus.yml", "worker-control,", "worker-outline, worker-control,")

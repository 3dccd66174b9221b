"""The table of targets: what is fed, by what code it is taken, from which seeds, how often."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.hostile.answer import Answer, Phase
from tests.hostile.case import Case

Run = Callable[[bytes, Phase], Answer]


@dataclass(frozen=True, slots=True)
class Target:
    """`opener` is "module:function"; `share` is of all inputs; `sandboxed` is parsed in a process of its own."""

    name: str
    opener: str
    corpus: str
    share: float
    sandboxed: bool = False

    def open(self, folder: Path) -> Run:
        module, _, name = self.opener.partition(":")
        run: Run = getattr(import_module(f"tests.hostile.{module}"), name)(folder)
        return run

    def cases(self) -> Iterator[Case]:
        found: Iterator[Case] = import_module(f"tests.hostile.corpus.{self.corpus}").cases()
        return found


TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        Target("pdf", "reading:open_reading", "pdfs", 0.30, sandboxed=True),
        Target("html", "reading:open_reading", "pages", 0.27, sandboxed=True),
        Target("archive", "files:open_archives", "archives", 0.10),
        Target("rubric", "files:open_rubrics", "rubrics", 0.08),
        Target("labels", "files:open_labels", "labels", 0.05),
        Target("api", "requests:open_requests", "bodies", 0.12),
        Target("message", "broker:open_broker", "messages", 0.08),
    )
}

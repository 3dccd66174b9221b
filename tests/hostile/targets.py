"""The table of targets: what is fed, by what code it is taken, from which corpus, how often."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.hostile.answer import Answer, Phase
from tests.hostile.case import Case

Run = Callable[[bytes, Phase], Answer]


@dataclass(frozen=True, slots=True)
class Target:
    """`opener` is "module:function", `corpus` a module with `cases`; `share` is of all inputs.

    What is `sandboxed` is parsed in a process of its own in production: its death is an answer.
    """

    name: str
    opener: str
    corpus: str
    share: float
    sandboxed: bool = False
    patience_seconds: float = 30.0  # of the processor, with one input; what takes longer is killed

    def open(self, folder: Path) -> Run:
        module, _, name = self.opener.partition(":")
        run: Run = getattr(import_module(module), name)(folder)
        return run

    def cases(self) -> Iterator[Case]:
        found: Iterator[Case] = import_module(self.corpus).cases()
        return found


def _target(name: str, opener: str, corpus: str, share: float, **more: Any) -> Target:
    return Target(name, f"tests.hostile.{opener}", f"tests.hostile.corpus.{corpus}", share, **more)


TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        _target("pdf", "reading:open_reading", "pdfs", 0.30, sandboxed=True),
        _target("html", "reading:open_reading", "pages", 0.20, sandboxed=True),
        _target("docx", "reading:open_parts", "office", 0.07, sandboxed=True),
        _target("archive", "files:open_archives", "archives", 0.10),
        _target("rubric", "files:open_rubrics", "rubrics", 0.08),
        _target("labels", "files:open_labels", "labels", 0.05),
        _target("api", "requests:open_requests", "bodies", 0.12),
        _target("message", "broker:open_broker", "messages", 0.08, patience_seconds=300.0),
    )
}

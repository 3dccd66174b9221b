"""Report → scorecard in one process, beside what people wire together today, up to ranked evidence."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from esg.evaluate.bench.contender import Contender
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.peers import ours, peer
from esg.evaluate.bench.result import Bar, Figure, Result, Skipped, ratio
from esg.evaluate.bench.rounds import OnTurn, peak_mib, seconds, started, take_turns
from esg.rubric import Rubric

BARS = {"pdfplumber": Bar(7.0), "pypdf": Bar(5.0)}  # of LangChain's loaders
PARTS = ("load", "split", "embed", "rank")
DOCLING = Skipped(
    "langchain, docling", "docling's models are on Hugging Face alone; no package of a registry carries them"
)
NOTES = (
    "Ours: extraction with offsets, boxes and tables in a sandbox with a process for each core, chunks, "
    "vectors, and the scorecard of the shipped rubric with its quotes; of vectors only those of the rubric's "
    "own queries are kept, which a process knows after its first report. LangChain: loader, "
    "RecursiveCharacterTextSplitter (1000, 200), sentence-transformers on torch, Chroma in memory, the first "
    "24 chunks for one question on each theme.",
    "Imports and models are loaded before, for all.",
)


def bench_report(
    paths: Sequence[Path],
    rubric: Rubric,
    *,
    rounds: int,
    loaders: Sequence[str] = tuple(BARS),
    on_turn: OnTurn = print,
) -> Result:
    """Let everybody take the reports at `paths` from file to evidence, round by round."""
    machine = this_machine()
    questions = [f"{theme.name}: {theme.definition}" for theme in rubric.themes]
    openers: dict[str, Callable[[], Contender]] = {"esg": ours}
    openers |= {_name(loader): partial(_langchain, loader) for loader in loaders}
    with started(openers) as contenders:
        told = take_turns(
            contenders, paths, partial(_ask, questions=questions, k=rubric.k), rounds=rounds, on_turn=on_turn
        )
    pages = [int(document["pages"]) for document in told["esg"][0]]
    per_hundred = 100 / sum(pages)
    figures = [_wall(name, told[name], per_hundred) for name in told]
    figures += [
        ratio(f"esg / {_name(loader)}", seconds(told[_name(loader)]), seconds(told["esg"]), BARS[loader])
        for loader in loaders
        if _name(loader) in told
    ]
    figures += [Figure(f"{name}: {part}", "s", _part(told[name], part)) for name in told for part in PARTS]
    figures += [Figure(f"memory of {name}", "MiB", peak_mib(told[name])) for name in told]
    return Result(
        "report",
        machine,
        dict(zip((path.name for path in paths), pages, strict=True)),
        rounds,
        tuple(figures),
        (*contenders.skipped, DOCLING),
        NOTES,
        contenders.versions,
    )


def _name(loader: str) -> str:
    return f"langchain, {loader}"


def _langchain(loader: str) -> Contender:
    contender = peer("langchain")
    contender.name = _name(loader)
    return contender


def _ask(contender: Contender, path: Path, *, questions: list[str], k: int) -> dict[str, Any]:
    _, _, loader = contender.name.partition(", ")
    which = {"loader": loader} if loader else {}
    return contender.ask("report", path=str(path), questions=questions, k=k, **which)


def _wall(name: str, answers: Sequence[Sequence[dict[str, Any]]], per_hundred: float) -> Figure:
    return Figure(name, "s per 100 pages", tuple(each * per_hundred for each in seconds(answers)))


def _part(answers: Sequence[Sequence[dict[str, Any]]], part: str) -> tuple[float, ...]:
    return tuple(sum(float(told["parts"][part]) for told in works) for works in answers)

"""Pages a second, with offsets and boxes, beside other extractors on the same PDFs."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.peers import ours, peer
from esg.evaluate.bench.result import Bar, Figure, Result, Skipped, rates, ratio
from esg.evaluate.bench.rounds import OnTurn, peak_mib, seconds, started, take_turns

BARS = {"pypdfium2": Bar(0.6), "pdfplumber": Bar(10.0), "pymupdf": None}
DOCLING = Skipped("docling", "its models are on Hugging Face alone; no package of a registry carries them")
NOTES = (
    "Ours gives text in reading order, offsets, boxes, tables, language and identity, in a sandbox that it "
    "starts for each document, with a process for each core (as `esg score` does; in a worker it has one); "
    "pypdfium2 gives bare text; PyMuPDF and pdfplumber words with boxes.",
    "Imports are not counted: the peers stay up, and so does what our parsers are forked from. The fork is.",
    "Nobody reads pictures: ours is asked for no OCR.",
)


def bench_extract(
    paths: Sequence[Path], *, rounds: int, peers: Sequence[str] = tuple(BARS), on_turn: OnTurn = print
) -> Result:
    """Let everybody read the PDFs at `paths`, round by round."""
    machine = this_machine()
    with started({"esg": ours} | {name: partial(peer, name) for name in peers}) as contenders:
        told = take_turns(
            contenders,
            paths,
            lambda contender, path: contender.ask("extract", path=str(path)),
            rounds=rounds,
            on_turn=on_turn,
        )
    pages = [int(document["pages"]) for document in told["esg"][0]]
    figures = [Figure(name, "pages/s", rates(sum(pages), seconds(told[name]))) for name in told]
    figures += [
        ratio(f"esg / {name}", seconds(told[name]), seconds(told["esg"]), BARS[name])
        for name in told
        if name != "esg"
    ]
    figures += [Figure(f"memory of {name}", "MiB", peak_mib(told[name])) for name in told]
    return Result(
        "extract",
        machine,
        dict(zip((path.name for path in paths), pages, strict=True)),
        rounds,
        tuple(figures),
        (*contenders.skipped, DOCLING),
        NOTES,
        contenders.versions,
    )

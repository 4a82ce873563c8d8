"""Cuts Kokoro's ONNX graph into an encoder and a decoder, and makes the decoder cheaper to run.

The published int8 graph turns tokens into audio in one run. Cut where the length regulator ends, its first half gives
every phoneme's duration and the pitch of the whole utterance at once, and its second half can decode any window of it.
Two rewrites keep the numbers and drop the cost: the integer convolutions become matrix products over gathered taps
(weights packed once instead of activations on every call), and the adaptive instance norms become one node each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.utils import Extractor

FEATURES: Final = "/encoder/MatMul_1_output_0"
"""Aligned features, float32 (1, 512, frames); a frame is 25 ms."""

PITCH: Final = "/encoder/Reshape_output_0"
"""F0 in Hz, float32 (1, 2 × frames)."""

ENERGY: Final = "/encoder/Reshape_1_output_0"
"""Energy, float32 (1, 2 × frames)."""

DURATIONS: Final = "/encoder/Clip_output_0"
"""Frames a token, float32 (1, tokens)."""

AUDIO: Final = "audio"
"""Samples at 24 kHz."""


def split(model: onnx.ModelProto) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """The encoder (tokens, style, speed → features, pitch, energy, durations) and the decoder (→ audio).

    Raises ValueError when the graph has not the nodes of the v1.0 export.
    """
    have = {output for node in model.graph.node for output in node.output}
    missing = {FEATURES, PITCH, ENERGY, DURATIONS, AUDIO} - have
    if missing:
        raise ValueError(f"not the Kokoro v1.0 graph: {', '.join(sorted(missing))} missing")
    inferred = onnx.shape_inference.infer_shapes(model)
    extractor = Extractor(inferred)
    encoder = extractor.extract_model(["tokens", "style", "speed"], [FEATURES, PITCH, ENERGY, DURATIONS])
    decoder = extractor.extract_model([FEATURES, PITCH, ENERGY, "style"], [AUDIO])
    return encoder, decoder


@dataclass
class _Graph:
    """A graph with lookups by tensor name."""

    model: onnx.ModelProto
    producers: dict[str, onnx.NodeProto] = field(default_factory=dict)
    consumers: dict[str, list[onnx.NodeProto]] = field(default_factory=lambda: defaultdict(list))
    constants: dict[str, onnx.TensorProto] = field(default_factory=dict)

    def __post_init__(self) -> None:
        graph = self.model.graph
        self.constants = {item.name: item for item in graph.initializer}
        for node in graph.node:
            for name in node.output:
                self.producers[name] = node
            for name in node.input:
                self.consumers[name].append(node)

    def constant(self, name: str) -> np.ndarray[Any, Any] | None:
        """The value of an initializer, or None."""
        tensor = self.constants.get(name)
        return None if tensor is None else numpy_helper.to_array(tensor)

    def only_consumer(self, name: str, op: str) -> onnx.NodeProto | None:
        """The one node that reads `name`, if it is an `op`."""
        nodes = self.consumers[name]
        return nodes[0] if len(nodes) == 1 and nodes[0].op_type == op else None

    def replace(self, replacements: dict[str, list[onnx.NodeProto]], new: list[onnx.TensorProto]) -> None:
        """Puts node lists in the place of the nodes that made the named outputs, then drops what nobody reads."""
        graph = self.model.graph
        nodes: list[onnx.NodeProto] = []
        for node in graph.node:
            nodes.extend(replacements.get(node.output[0], [node]))
        needed = {output.name for output in graph.output}
        kept: list[onnx.NodeProto] = []
        for node in reversed(nodes):
            if any(name in needed for name in node.output):
                kept.append(node)
                needed.update(node.input)
        initializers = [item for item in [*graph.initializer, *new] if item.name in needed]
        del graph.node[:], graph.initializer[:], graph.value_info[:]
        graph.node.extend(reversed(kept))
        graph.initializer.extend(initializers)


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    return {item.name: helper.get_attribute_value(item) for item in node.attribute}


def _plain_convolutions(graph: _Graph) -> Iterator[onnx.NodeProto]:
    """Integer convolutions over time with stride 1 and one group whose weights are constant."""
    for node in graph.model.graph.node:
        if node.op_type == "ConvInteger" and node.input[1] in graph.constants:
            attributes = _attributes(node)
            if attributes.get("strides", [1]) == [1] and attributes.get("group", 1) == 1:
                yield node


def convolutions_as_products(model: onnx.ModelProto, *, signed: bool) -> int:
    """Rewrites `ConvInteger` + bias + scale to gather + `MatMulIntegerToFloat`, in place; says how many.

    `signed` stores the weights as int8 instead of uint8: the same values, much faster where the CPU has VNNI, but
    AVX2 without VNNI saturates on them.
    """
    graph = _Graph(model)
    replacements: dict[str, list[onnx.NodeProto]] = {}
    new: list[onnx.TensorProto] = []
    for node in _plain_convolutions(graph):
        add = graph.only_consumer(node.output[0], "Add")
        cast = add and graph.only_consumer(add.output[0], "Cast")
        mul = cast and graph.only_consumer(cast.output[0], "Mul")
        if add is None or mul is None:
            continue
        scale_node = graph.producers[mul.input[1]]
        weight_scale = graph.constant(scale_node.input[1])
        reshape = graph.producers[next(name for name in add.input if name != node.output[0])]
        bias = _float_bias(graph, reshape)
        if weight_scale is None or bias is None:
            continue
        nodes, constants = _product(
            graph, node, output=mul.output[0], scale=scale_node.input[0], weight_scale=weight_scale, bias=bias,
            signed=signed,
        )  # fmt: skip
        replacements[mul.output[0]] = nodes
        new.extend(constants)
    graph.replace(replacements, new)
    if not any(item.domain == "com.microsoft" for item in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return len(replacements)


def _float_bias(graph: _Graph, reshape: onnx.NodeProto) -> np.ndarray[Any, Any] | None:
    """The float bias behind Reshape ← Cast ← Floor ← Div(bias, scale)."""
    node = reshape
    for _ in range(4):
        if node.op_type == "Div":
            return graph.constant(node.input[0])
        if node.input[0] not in graph.producers:
            return None
        node = graph.producers[node.input[0]]
    return None


def _product(
    graph: _Graph,
    node: onnx.NodeProto,
    *,
    output: str,
    scale: str,
    weight_scale: np.ndarray[Any, Any],
    bias: np.ndarray[Any, Any],
    signed: bool,
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    attributes = _attributes(node)
    weights = graph.constant(node.input[1])
    zero = graph.constant(node.input[3])
    assert weights is not None and zero is not None
    if signed and weights.dtype == np.uint8:
        weights = (weights.astype(np.int16) - 128).astype(np.int8)
        zero = (zero.astype(np.int16) - 128).astype(np.int8)
    channels_out, channels_in, taps = weights.shape
    matrix = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(taps * channels_in, channels_out))
    left, right = attributes.get("pads", [0, 0])
    dilation = attributes.get("dilations", [1])[0]
    name = node.name
    constants = {
        "w": matrix,
        "wz": zero,
        "ws": weight_scale.astype(np.float32).reshape(()),
        "b": bias.astype(np.float32),
        "flat": np.array([0, 0, taps * channels_in], np.int64),
        "pads": np.array([0, left, 0, 0, right, 0], np.int64),
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "taps": (np.arange(taps) * dilation).astype(np.int64)[None],
        "span": np.array((taps - 1) * dilation, np.int64),
        "axis": np.array([1], np.int64),
    }
    at = {key: f"{name}/{key}" for key in constants}
    t = {key: f"{name}/{key}" for key in ("nlc", "padded", "shape", "long", "length", "steps", "column", "index",
                                           "gathered", "rows", "product")}  # fmt: skip
    make = helper.make_node
    zero_point = node.input[2]
    nodes = [make("Transpose", [node.input[0]], [t["nlc"]], perm=[0, 2, 1], name=f"{name}/to_nlc")]
    rows = t["nlc"]
    if taps > 1:
        nodes += [
            make("Pad", [rows, at["pads"], zero_point], [t["padded"]], name=f"{name}/pad"),
            make("Shape", [t["padded"]], [t["shape"]], start=1, end=2, name=f"{name}/shape"),
            make("Squeeze", [t["shape"]], [t["long"]], name=f"{name}/squeeze"),
            make("Sub", [t["long"], at["span"]], [t["length"]], name=f"{name}/sub"),
            make("Range", [at["zero"], t["length"], at["one"]], [t["steps"]], name=f"{name}/range"),
            make("Unsqueeze", [t["steps"], at["axis"]], [t["column"]], name=f"{name}/unsqueeze"),
            make("Add", [t["column"], at["taps"]], [t["index"]], name=f"{name}/index"),
            make("Gather", [t["padded"], t["index"]], [t["gathered"]], axis=1, name=f"{name}/gather"),
            make("Reshape", [t["gathered"], at["flat"]], [t["rows"]], name=f"{name}/flatten"),
        ]
        rows = t["rows"]
    nodes += [
        make(
            "MatMulIntegerToFloat",
            [rows, at["w"], scale, at["ws"], zero_point, at["wz"], at["b"]],
            [t["product"]],
            domain="com.microsoft",
            name=f"{name}/product",
        ),
        make("Transpose", [t["product"]], [output], perm=[0, 2, 1], name=f"{name}/to_ncl"),
    ]
    needed = {name for item in nodes for name in item.input}
    return nodes, [numpy_helper.from_array(value, at[key]) for key, value in constants.items() if at[key] in needed]


def instance_norms(model: onnx.ModelProto) -> int:
    """Rewrites (x - mean) / sqrt(var + ε) · gain + shift to `InstanceNormalization`, in place; says how many."""
    graph = _Graph(model)
    replacements: dict[str, list[onnx.NodeProto]] = {}
    new = [numpy_helper.from_array(np.array([-1], np.int64), "visavis/flat")]
    for divide in graph.model.graph.node:
        if divide.op_type != "Div":
            continue
        source = _normalised(graph, divide)
        if source is None:
            continue
        name, epsilon = source
        for scaled in graph.consumers[divide.output[0]]:
            shifted = graph.only_consumer(scaled.output[0], "Add") if scaled.op_type == "Mul" else None
            if shifted is None:
                continue
            gain = next(item for item in scaled.input if item != divide.output[0])
            shift = next(item for item in shifted.input if item != scaled.output[0])
            base = shifted.name
            replacements[shifted.output[0]] = [
                helper.make_node("Reshape", [gain, "visavis/flat"], [f"{base}/gain"], name=f"{base}/flat_gain"),
                helper.make_node("Reshape", [shift, "visavis/flat"], [f"{base}/shift"], name=f"{base}/flat_shift"),
                helper.make_node("InstanceNormalization", [name, f"{base}/gain", f"{base}/shift"],
                                 [shifted.output[0]], epsilon=epsilon, name=f"{base}/norm"),
            ]  # fmt: skip
    graph.replace(replacements, new)
    return len(replacements)


def _normalised(graph: _Graph, divide: onnx.NodeProto) -> tuple[str, float] | None:
    """(x, ε) when `divide` is x minus its mean over its standard deviation."""
    above, below = (graph.producers.get(name) for name in divide.input)
    if above is None or below is None or above.op_type != "Sub" or below.op_type != "Sqrt":
        return None
    mean = graph.producers.get(above.input[1])
    add = graph.producers.get(below.input[0])
    if mean is None or mean.op_type != "ReduceMean" or mean.input[0] != above.input[0] or add is None:
        return None
    epsilon = next((value for value in map(graph.constant, add.input) if value is not None), None)
    return None if epsilon is None else (above.input[0], float(epsilon.reshape(-1)[0]))


def saturates() -> bool:
    """Whether this CPU's uint8 × int8 product saturates (AVX2 without VNNI): then weights must stay uint8."""
    import onnxruntime  # noqa: PLC0415

    rows, size = 4, 64
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["c"])],
        "probe",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [rows, size])],
        [helper.make_tensor_value_info("c", TensorProto.INT32, [rows, rows])],
        [numpy_helper.from_array(np.full((size, rows), 127, np.int8), "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (product,) = session.run(None, {"a": np.full((rows, size), 255, np.uint8)})
    return bool(np.any(product != 255 * 127 * size))

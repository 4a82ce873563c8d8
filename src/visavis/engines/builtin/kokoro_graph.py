"""Cuts Kokoro's ONNX graph into an encoder and a generator, and makes both cheaper to run.

The published int8 graph turns tokens into audio in one run. Cut before the upsampling generator, where nearly all the
work is, its first half gives every phoneme's duration, the pitch and the excitation of the whole utterance at once, and
its second half can sound any window of it. (Cutting earlier costs intelligibility: the blocks before the generator
normalise over time, and over a short window they normalise wrongly.)

Two rewrites keep the numbers and drop the cost: the integer convolutions become matrix products over gathered taps
(weights packed once instead of activations on every call), and the adaptive instance norms become one node each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.utils import Extractor

from visavis.engines.builtin.graph_view import GraphView, attributes_of

FEATURES: Final = "/decoder/decoder/decode.3/Div_4_output_0"
"""What the generator sounds, float32 (1, 512, 2 × frames); a frame is 25 ms."""

EXCITATION: Final = "/decoder/decoder/generator/Concat_3_output_0"
"""Spectrum of the harmonic source, float32 (1, 22, 120 × frames + 1)."""

PITCH: Final = "/encoder/Reshape_output_0"
"""F0 in Hz, float32 (1, 2 × frames)."""

ENERGY: Final = "/encoder/Reshape_1_output_0"
"""Energy, float32 (1, 2 × frames)."""

DURATIONS: Final = "/encoder/Clip_output_0"
"""Frames a token, float32 (1, tokens)."""

AUDIO: Final = "audio"
"""Samples at 24 kHz."""


def split(model: onnx.ModelProto) -> tuple[onnx.ModelProto, onnx.ModelProto]:
    """The encoder (tokens, style, speed → features, excitation, pitch, energy, durations) and the generator (features,
    excitation, style → audio).

    Raises ValueError when the graph has not the nodes of the v1.0 export.
    """
    have = {output for node in model.graph.node for output in node.output}
    missing = {FEATURES, EXCITATION, PITCH, ENERGY, DURATIONS, AUDIO} - have
    if missing:
        raise ValueError(f"not the Kokoro v1.0 graph: {', '.join(sorted(missing))} missing")
    inferred = onnx.shape_inference.infer_shapes(model)
    extractor = Extractor(inferred)
    encoder = extractor.extract_model(["tokens", "style", "speed"], [FEATURES, EXCITATION, PITCH, ENERGY, DURATIONS])
    generator = extractor.extract_model([FEATURES, EXCITATION, "style"], [AUDIO])
    return encoder, generator


def _plain_convolutions(graph: GraphView) -> Iterator[onnx.NodeProto]:
    """Integer convolutions over time with stride 1 and one group whose weights are constant."""
    for node in graph.model.graph.node:
        if node.op_type == "ConvInteger" and node.input[1] in graph.constants:
            attributes = attributes_of(node)
            if attributes.get("strides", [1]) == [1] and attributes.get("group", 1) == 1:
                yield node


def convolutions_as_products(model: onnx.ModelProto, *, signed: bool) -> int:
    """Rewrites `ConvInteger` + bias + scale to gather + `MatMulIntegerToFloat`, in place; says how many.

    `signed` stores the weights as int8 instead of uint8: the same values, much faster where the CPU has VNNI, but
    AVX2 without VNNI saturates on them.
    """
    graph = GraphView(model)
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


def _float_bias(graph: GraphView, reshape: onnx.NodeProto) -> np.ndarray[Any, Any] | None:
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
    graph: GraphView,
    node: onnx.NodeProto,
    *,
    output: str,
    scale: str,
    weight_scale: np.ndarray[Any, Any],
    bias: np.ndarray[Any, Any],
    signed: bool,
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    attributes = attributes_of(node)
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


STATISTICS: Final = "statistics"
"""Mean and deviation of every channel that the generator normalises, float32 (2, channels): one long row."""


def instance_norms(model: onnx.ModelProto) -> int:
    """Rewrites (x - mean) / sqrt(var + ε) · gain + shift to `InstanceNormalization`, in place; says how many."""
    graph = GraphView(model)
    replacements: dict[str, list[onnx.NodeProto]] = {}
    for norm in _norms(graph):
        base = norm.output
        replacements[norm.output] = [
            helper.make_node("Reshape", [norm.gain, _FLAT], [f"{base}/gain"], name=f"{base}/flat_gain"),
            helper.make_node("Reshape", [norm.shift, _FLAT], [f"{base}/shift"], name=f"{base}/flat_shift"),
            helper.make_node("InstanceNormalization", [norm.source, f"{base}/gain", f"{base}/shift"], [norm.output],
                             epsilon=norm.epsilon, name=f"{base}/norm"),
        ]  # fmt: skip
    graph.replace(replacements, [numpy_helper.from_array(np.array([-1], np.int64), _FLAT)])
    return len(replacements)


def fixed_statistics(model: onnx.ModelProto) -> None:
    """Makes the norms take their statistics from a new input, `STATISTICS`, in place.

    A window's own statistics are not the utterance's, which is heard as slurred consonants and as joins. With fixed
    ones the generator is a plain convolutional network: a window sounds the same as that part of the whole.
    """
    graph = GraphView(model)
    norms = list(_norms(graph))
    sources = _widths(graph, norms)
    names = {source: f"statistics/{index}" for index, source in enumerate(sources)}
    replacements: dict[str, list[onnx.NodeProto]] = {}
    for norm in norms:
        base, row = norm.output, names[norm.source]
        replacements[norm.output] = [
            helper.make_node("Div", [norm.gain, f"{row}/deviation"], [f"{base}/slope"], name=f"{base}/slope"),
            helper.make_node("Mul", [f"{base}/slope", f"{row}/mean"], [f"{base}/moved"], name=f"{base}/moved"),
            helper.make_node("Sub", [norm.shift, f"{base}/moved"], [f"{base}/offset"], name=f"{base}/offset"),
            helper.make_node("Mul", [norm.source, f"{base}/slope"], [f"{base}/scaled"], name=f"{base}/scaled"),
            helper.make_node("Add", [f"{base}/scaled", f"{base}/offset"], [norm.output], name=f"{base}/norm"),
        ]
    graph.replace(replacements, [])
    model.graph.input.append(helper.make_tensor_value_info(STATISTICS, TensorProto.FLOAT, [2, sum(sources.values())]))
    head = [
        helper.make_node(
            "Unsqueeze", [STATISTICS, "statistics/axis"], ["statistics/columns"], name="statistics/columns"
        ),
        helper.make_node("Split", ["statistics/columns", "statistics/halves"],
                         ["statistics/means", "statistics/deviations"], axis=0, name="statistics/split"),
        helper.make_node("Split", ["statistics/means", "statistics/sizes"],
                         [f"{name}/mean" for name in names.values()], axis=1, name="statistics/split_means"),
        helper.make_node("Split", ["statistics/deviations", "statistics/sizes"],
                         [f"{name}/deviation" for name in names.values()], axis=1, name="statistics/split_deviations"),
    ]  # fmt: skip
    constants = {
        "statistics/axis": np.array([2], np.int64),
        "statistics/halves": np.array([1, 1], np.int64),
        "statistics/sizes": np.array(list(sources.values()), np.int64),
    }
    model.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    nodes = [*head, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def measured_statistics(model: onnx.ModelProto) -> None:
    """Adds an output, `STATISTICS`, with what the norms measured on the input, in place."""
    graph = GraphView(model)
    sources = {norm.source: norm for norm in _norms(graph)}
    nodes, new, means, deviations = list[onnx.NodeProto](), list[onnx.TensorProto](), list[str](), list[str]()
    new.append(numpy_helper.from_array(np.array([1, -1], np.int64), "statistics/row"))
    for norm in sources.values():
        for tensor, found in ((norm.mean, means), (norm.deviation, deviations)):
            nodes.append(
                helper.make_node("Reshape", [tensor, "statistics/row"], [f"{tensor}/row"], name=f"{tensor}/row")
            )
            found.append(f"{tensor}/row")
    nodes += [
        helper.make_node("Concat", means, ["statistics/means"], axis=1, name="statistics/means"),
        helper.make_node("Concat", deviations, ["statistics/deviations"], axis=1, name="statistics/deviations"),
        helper.make_node("Concat", ["statistics/means", "statistics/deviations"], [STATISTICS], axis=0,
                         name="statistics/all"),
    ]  # fmt: skip
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(new)
    model.graph.output.append(helper.make_tensor_value_info(STATISTICS, TensorProto.FLOAT, [2, None]))


_FLAT: Final = "visavis/flat"


@dataclass(frozen=True)
class _Norm:
    """An adaptive instance norm: names of its input, of its output, and of what lies between."""

    source: str
    mean: str
    deviation: str
    gain: str
    shift: str
    output: str
    epsilon: float


def _norms(graph: GraphView) -> Iterator[_Norm]:
    for divide in graph.model.graph.node:
        found = _normalised(graph, divide) if divide.op_type == "Div" else None
        if found is None:
            continue
        source, epsilon, mean = found
        for scaled in graph.consumers[divide.output[0]]:
            shifted = graph.only_consumer(scaled.output[0], "Add") if scaled.op_type == "Mul" else None
            if shifted is not None:
                gain = next(item for item in scaled.input if item != divide.output[0])
                shift = next(item for item in shifted.input if item != scaled.output[0])
                yield _Norm(source, mean, divide.input[1], gain, shift, shifted.output[0], epsilon)


def _widths(graph: GraphView, norms: list[_Norm]) -> dict[str, int]:
    """Channels of each normalised tensor: half of what the style's projection for it gives."""
    widths: dict[str, int] = {}
    for norm in norms:
        name = norm.gain
        while (node := graph.producers.get(name)) is not None:  # back to the bias of the projection
            values = [value for value in map(graph.constant, node.input) if value is not None and value.ndim == 1]
            sized = [len(value) for value in values if len(value) > 2]
            if sized:
                widths[norm.source] = sized[0] // 2
                break
            name = node.input[0]
    return widths


def _normalised(graph: GraphView, divide: onnx.NodeProto) -> tuple[str, float, str] | None:
    """(x, ε, its mean) when `divide` is x minus its mean over its standard deviation."""
    above, below = (graph.producers.get(name) for name in divide.input)
    if above is None or below is None or above.op_type != "Sub" or below.op_type != "Sqrt":
        return None
    mean = graph.producers.get(above.input[1])
    add = graph.producers.get(below.input[0])
    if mean is None or mean.op_type != "ReduceMean" or mean.input[0] != above.input[0] or add is None:
        return None
    epsilon = next((value for value in map(graph.constant, add.input) if value is not None), None)
    return None if epsilon is None else (above.input[0], float(epsilon.reshape(-1)[0]), above.input[1])


def saturates() -> bool:
    """Whether this CPU's uint8 × int8 product saturates (AVX2 without VNNI): then weights must stay uint8."""
    import onnxruntime

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

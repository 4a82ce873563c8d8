"""Makes the passes over Kokoro's sound fewer: its generator is bound by memory, not by sums.

After its convolutions have become products (`kokoro_graph.py`), two thirds of the generator's time went into reading
and writing whole layers: a transposition before and after every product, and seven passes for a norm with its snake.
Both rewrites give the same values but for rounding: layers keep the products' own layout, channels last; and
x + sin²(αx)/α is written as (w - cos w)/2α + 1/2α with w = 2αx, whose factor and shift the product before it applies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

from visavis.engines.builtin.graph_view import GraphView, attributes_of

_TO_LAST: Final = [0, 2, 1]
_ELEMENTWISE: Final = frozenset(("Add", "Cos", "Div", "DynamicQuantizeLinear", "LeakyRelu", "Mul", "Pow", "Sin", "Sub"))
_ROW: Final = "layout/row"


def snakes(model: onnx.ModelProto) -> int:
    """Rewrites a norm with fixed statistics and the snake after it, in place; says how many."""
    graph = GraphView(model)
    replacements: dict[str, list[onnx.NodeProto]] = {}
    new = [numpy_helper.from_array(np.array([-1], np.int64), _ROW)]
    found = 0
    for node in model.graph.node:
        snake = _snake(graph, node)
        if snake is None:
            continue
        found += 1
        name = node.output[0]
        doubled, half = f"{name}/doubled", f"{name}/half"
        new += [
            numpy_helper.from_array(np.asarray(2.0 * snake.alpha, np.float32), doubled),
            numpy_helper.from_array(np.asarray(0.5 / (snake.alpha + 1e-9), np.float32), half),
        ]
        make = helper.make_node
        angle = f"{name}/angle"
        nodes = [
            make("Mul", [snake.slope, doubled], [f"{name}/slope"], name=f"{name}/slope"),
            make("Mul", [snake.offset, doubled], [f"{name}/shift"], name=f"{name}/shift"),
        ]
        product = _only_product(graph, snake.source)
        if product is None:
            nodes += [
                make("Mul", [snake.source, f"{name}/slope"], [f"{name}/scaled"], name=f"{name}/scaled"),
                make("Add", [f"{name}/scaled", f"{name}/shift"], [angle], name=angle),
            ]
        else:
            rows, weights, scale, weight_scale, zero, weight_zero, bias = product.input
            row = {key: f"{name}/{key}_row" for key in ("slope", "shift", "scale", "scaled", "bias", "angle")}
            nodes += [
                make("Reshape", [f"{name}/slope", _ROW], [row["slope"]], name=row["slope"]),
                make("Reshape", [f"{name}/shift", _ROW], [row["shift"]], name=row["shift"]),
                make("Mul", [row["slope"], weight_scale], [row["scale"]], name=row["scale"]),
                make("Mul", [row["slope"], bias], [row["scaled"]], name=row["scaled"]),
                make("Add", [row["scaled"], row["shift"]], [row["bias"]], name=row["bias"]),
                make("MatMulIntegerToFloat", [rows, weights, scale, row["scale"], zero, weight_zero, row["bias"]],
                     [row["angle"]], domain="com.microsoft", name=row["angle"]),
                make("Transpose", [row["angle"]], [angle], perm=_TO_LAST, name=angle),
            ]  # fmt: skip
        nodes += [
            make("Cos", [angle], [f"{name}/cosine"], name=f"{name}/cosine"),
            make("Sub", [angle, f"{name}/cosine"], [f"{name}/rise"], name=f"{name}/rise"),
            make("Mul", [f"{name}/rise", half], [f"{name}/curve"], name=f"{name}/curve"),
            make("Add", [f"{name}/curve", half], [name], name=f"{name}/snake"),
        ]
        replacements[name] = nodes
    graph.replace(replacements, new)
    return found


@dataclass(frozen=True)
class _Snake:
    """x · slope + offset, then the snake of `alpha` (1, channels, 1); `source` is x."""

    source: str
    slope: str
    offset: str
    alpha: np.ndarray[tuple[int, ...], np.dtype[np.float32]]


def _snake(graph: GraphView, add: onnx.NodeProto) -> _Snake | None:
    """What `add` ends, if it is n + (1/α)·sin(αn)² of a normalised n."""
    if add.op_type != "Add":
        return None
    norm, term = add.input
    scaled = graph.producers.get(term)
    if scaled is None or scaled.op_type != "Mul":
        return None
    squared = graph.producers.get(scaled.input[1])
    if squared is None or squared.op_type != "Pow":
        return None
    sine = graph.producers.get(squared.input[0])
    turned = graph.producers.get(sine.input[0]) if sine is not None and sine.op_type == "Sin" else None
    shifted = graph.producers.get(norm)
    if turned is None or turned.op_type != "Mul" or turned.input[1] != norm or shifted is None:
        return None
    sloped = graph.producers.get(shifted.input[0])
    alpha = graph.constant(turned.input[0])
    if alpha is None or sloped is None or shifted.op_type != "Add" or sloped.op_type != "Mul":
        return None
    return _Snake(sloped.input[0], sloped.input[1], shifted.input[1], np.asarray(alpha, np.float32))


def _only_product(graph: GraphView, name: str) -> onnx.NodeProto | None:
    """The product that `name` is turned from, if nothing but one norm reads it."""
    turn = graph.producers.get(name)
    if turn is None or turn.op_type != "Transpose" or len(graph.consumers[name]) != 1:
        return None
    product = graph.producers.get(turn.input[0])
    return product if product is not None and product.op_type == "MatMulIntegerToFloat" else None


def channels_last(model: onnx.ModelProto, timed: tuple[str, ...]) -> None:
    """Keeps what is computed element by element between products in their layout (1, time, channels), in place.

    `timed` names the inputs that have a time axis; what depends on none of them is one value a channel.
    """
    graph = GraphView(model)
    running = set(timed)
    last: dict[str, str] = {}  # name of a tensor → name of the same, channels last
    pending: dict[str, onnx.NodeProto] = {}  # turns back that nobody has needed yet
    nodes: list[onnx.NodeProto] = []
    new: list[onnx.TensorProto] = []

    def turned(name: str) -> str:
        if name not in last:
            last[name] = f"{name}/last"
            value = graph.constant(name)
            if value is None:
                nodes.append(helper.make_node("Transpose", [name], [last[name]], perm=_TO_LAST, name=last[name]))
            elif value.ndim == len(_TO_LAST):
                new.append(numpy_helper.from_array(np.ascontiguousarray(value.transpose(_TO_LAST)), last[name]))
            else:
                last[name] = name
        return last[name]

    for node in model.graph.node:
        if running.isdisjoint(node.input):
            nodes.append(node)
            continue
        running.update(node.output)
        if node.op_type == "Transpose" and attributes_of(node).get("perm") == _TO_LAST:
            source, output = node.input[0], node.output[0]
            if source in last:  # a layer on its way into a product
                nodes.append(helper.make_node("Identity", [last[source]], [output], name=node.name))
            else:
                last[output] = source
                pending[output] = node
            continue
        if node.op_type in _ELEMENTWISE and any(name in last for name in node.input if name in running):
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            copy.input[:] = [turned(name) for name in node.input]
            copy.output[0] = last[node.output[0]] = f"{node.output[0]}/last"
            nodes.append(copy)
            pending[node.output[0]] = helper.make_node(
                "Transpose", [copy.output[0]], [node.output[0]], perm=_TO_LAST, name=f"{node.output[0]}/first"
            )
            continue
        nodes += [pending.pop(name) for name in node.input if name in pending]
        nodes.append(node)
    nodes += [pending.pop(output.name) for output in model.graph.output if output.name in pending]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(new)
    GraphView(model).replace({}, [])

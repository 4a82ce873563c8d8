"""An ONNX graph as something to rewrite: who makes a tensor, who reads it, nodes put in the place of others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper


@dataclass
class GraphView:
    """A model's graph with lookups by tensor name."""

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


def attributes_of(node: onnx.NodeProto) -> dict[str, Any]:
    """The node's attributes as Python values."""
    return {item.name: helper.get_attribute_value(item) for item in node.attribute}

"""multilingual-e5-small as an ONNX graph over its 4-bit weights, so that onnxruntime multiplies them as they are."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from visavis.engines.builtin.e5_weights import BLOCK, E5Weights, Matrix

EMBEDDED: Final = "embedded"
"""The sums of word, position and kind, float32 (1, tokens, width)."""

MEAN: Final = "mean"
"""The mean over the tokens after the last layer, float32 (1, width); not a unit vector."""

_INTEGERS: Final = 4
"""Activations are rounded to int8 for the products, as the weights' own library does."""


def graph(weights: E5Weights) -> onnx.ModelProto:
    """The encoder of BERT (Devlin 2019), with a mean at its end."""
    return _Builder(weights).model()


class _Builder:
    def __init__(self, weights: E5Weights) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        weights, width = self._weights, self._weights.width
        self._constant("split", np.array([0, 0, weights.heads, width // weights.heads], np.int64))
        self._constant("joined", np.array([0, 0, width], np.int64))
        self._constant("scale", np.array((width // weights.heads) ** -0.5, np.float32))
        state = self._norm(EMBEDDED, "emb.ln")
        for layer in range(weights.layers):
            state = self._layer(state, f"l{layer}")
        self._node("ReduceMean", [state, self._constant("time", np.array([1], np.int64))], MEAN, keepdims=0)
        built = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info(EMBEDDED, TensorProto.FLOAT, [1, None, width])],
            [helper.make_tensor_value_info(MEAN, TensorProto.FLOAT, [1, width])],
            self._constants,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(built, opset_imports=opsets, ir_version=9)

    def _layer(self, state: str, name: str) -> str:
        width, inner = self._weights.width, self._weights.inner
        query = self._heads(self._product(state, f"{name}.q", width), [0, 2, 1, 3])
        key = self._heads(self._product(state, f"{name}.k", width), [0, 2, 3, 1])
        value = self._heads(self._product(state, f"{name}.v", width), [0, 2, 1, 3])
        likeness = self._node("MatMul", [query, key], f"{name}.likeness")
        scaled = self._node("Mul", [likeness, "scale"], f"{name}.scaled")
        shares = self._node("Softmax", [scaled], f"{name}.shares", axis=-1)
        seen = self._node("MatMul", [shares, value], f"{name}.seen")
        turned = self._node("Transpose", [seen], f"{name}.turned", perm=[0, 2, 1, 3])
        context = self._node("Reshape", [turned, "joined"], f"{name}.context")
        attended = self._node("Add", [state, self._product(context, f"{name}.ao", width)], f"{name}.attended")
        state = self._norm(attended, f"{name}.aln")
        bent = self._node("Gelu", [self._product(state, f"{name}.fi", width)], f"{name}.bent")
        summed = self._node("Add", [state, self._product(bent, f"{name}.fo", inner)], f"{name}.summed")
        return self._norm(summed, f"{name}.oln")

    def _product(self, source: str, name: str, columns: int) -> str:
        """A layer's product with its bias."""
        matrix = self._weights.matrix(f"{name}.w", columns)
        values = self._constant(f"{name}.values", _packed(matrix))
        scales = self._constant(f"{name}.scales", matrix.scales.reshape(-1))
        self._node(
            "MatMulNBits", [source, values, scales], f"{name}.product", domain="com.microsoft", K=columns,
            N=len(matrix.scales), bits=4, block_size=BLOCK, accuracy_level=_INTEGERS,
        )  # fmt: skip
        bias = self._constant(f"{name}.bias", self._weights.vector(f"{name}.b"))
        return self._node("Add", [f"{name}.product", bias], f"{name}.out")

    def _heads(self, source: str, order: list[int]) -> str:
        split = self._node("Reshape", [source, "split"], f"{source}.split")
        return self._node("Transpose", [split], f"{source}.heads", perm=order)

    def _norm(self, source: str, name: str) -> str:
        gain = self._constant(f"{name}.gain", self._weights.vector(f"{name}.w"))
        shift = self._constant(f"{name}.shift", self._weights.vector(f"{name}.b"))
        epsilon = self._weights.epsilon
        return self._node("LayerNormalization", [source, gain, shift], f"{name}.out", axis=-1, epsilon=epsilon)

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name


def _packed(matrix: Matrix) -> NDArray[np.uint8]:
    """Two neighbours a byte, the first one low."""
    return np.asarray(matrix.values[..., 0::2] | (matrix.values[..., 1::2] << 4), np.uint8)

"""The cheaper generator says what the plain one says, and has lost its transpositions."""

from collections import Counter

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from visavis.engines.builtin.kokoro_layout import channels_last, snakes

CHANNELS, STEPS = 8, 50
RNG = np.random.default_rng(7)
TWO = numpy_helper.from_array(np.array(2.0, np.float32), "two")


def constant(name: str, *shape: int, low: float = 0.2, high: float = 1.5) -> onnx.TensorProto:
    return numpy_helper.from_array(RNG.uniform(low, high, shape).astype(np.float32), name)


def product(name: str, source: str) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """What a convolution with one tap has become: quantised, channels last, multiplied, turned back."""
    make = helper.make_node
    nodes = [
        make("DynamicQuantizeLinear", [source], [f"{name}/u8", f"{name}/scale", f"{name}/zero"]),
        make("Transpose", [f"{name}/u8"], [f"{name}/nlc"], perm=[0, 2, 1]),
        make("MatMulIntegerToFloat", [f"{name}/nlc", f"{name}/w", f"{name}/scale", f"{name}/ws", f"{name}/zero",
             f"{name}/wz", f"{name}/b"], [f"{name}/product"], domain="com.microsoft"),
        make("Transpose", [f"{name}/product"], [name], perm=[0, 2, 1]),
    ]  # fmt: skip
    constants = [
        numpy_helper.from_array(RNG.integers(0, 255, (CHANNELS, CHANNELS)).astype(np.uint8), f"{name}/w"),
        numpy_helper.from_array(np.array(128, np.uint8), f"{name}/wz"),
        numpy_helper.from_array(np.array(0.01, np.float32), f"{name}/ws"),
        constant(f"{name}/b", CHANNELS, low=-0.5, high=0.5),
    ]
    return nodes, constants


def snake(name: str, source: str) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """A norm with given statistics and the snake after it, as the published graph spells them. Slope and offset hang on
    the style, not on a constant."""
    make = helper.make_node
    nodes = [
        make("Mul", ["style", f"{name}/gain"], [f"{name}/given_slope"]),
        make("Mul", ["style", f"{name}/lift"], [f"{name}/given_offset"]),
        make("Mul", [source, f"{name}/given_slope"], [f"{name}/sloped"]),
        make("Add", [f"{name}/sloped", f"{name}/given_offset"], [f"{name}/norm"]),
        make("Mul", [f"{name}/alpha", f"{name}/norm"], [f"{name}/turned"]),
        make("Sin", [f"{name}/turned"], [f"{name}/sine"]),
        make("Pow", [f"{name}/sine", "two"], [f"{name}/squared"]),
        make("Mul", [f"{name}/reciprocal", f"{name}/squared"], [f"{name}/term"]),
        make("Add", [f"{name}/norm", f"{name}/term"], [name]),
    ]
    alpha = constant(f"{name}/alpha", 1, CHANNELS, 1)
    reciprocal = (1.0 / numpy_helper.to_array(alpha)).astype(np.float32)
    return nodes, [
        alpha,
        numpy_helper.from_array(reciprocal, f"{name}/reciprocal"),
        constant(f"{name}/gain", 1, CHANNELS, 1),
        constant(f"{name}/lift", 1, CHANNELS, 1),
    ]


def residual_block() -> onnx.ModelProto:
    """x + product(snake(product(snake(x)))), then a pooled copy that is not element by element."""
    make = helper.make_node
    parts = [
        snake("first", "x"),
        product("one", "first"),
        snake("second", "one"),
        product("two_", "second"),
        ([make("Add", ["x", "two_"], ["sum"]), make("LeakyRelu", ["sum"], ["leaky"], alpha=0.1)], []),
        product("three", "leaky"),
        (
            [make("MaxPool", ["three"], ["y"], kernel_shape=[3])],
            [numpy_helper.from_array(np.array(2.0, np.float32), "two")],
        ),
    ]
    graph = helper.make_graph(
        [node for nodes, _ in parts for node in nodes],
        "block",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, CHANNELS, None]),
            helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, CHANNELS, 1]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, CHANNELS, None])],
        [constant for _, constants in parts for constant in constants],
    )
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def copied(model: onnx.ModelProto) -> onnx.ModelProto:
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    return copy


def run(model: onnx.ModelProto, steps: int = STEPS) -> np.ndarray:
    rng = np.random.default_rng(1)
    feed = {
        "x": rng.standard_normal((1, CHANNELS, steps)).astype(np.float32),
        "style": rng.uniform(0.5, 1.5, (1, CHANNELS, 1)).astype(np.float32),
    }
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, feed)[0])


def operators(model: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


def test_channels_last_changes_nothing_but_the_layout() -> None:
    plain = residual_block()
    turned = copied(plain)
    channels_last(turned, ("x",))
    np.testing.assert_array_equal(run(turned), run(plain))
    assert operators(turned)["Transpose"] < operators(plain)["Transpose"]


def test_what_the_model_gives_out_keeps_its_layout() -> None:
    plain = residual_block()
    plain.graph.node.pop()
    plain.graph.output[0].name = "sum"
    turned = copied(plain)
    channels_last(turned, ("x",))
    np.testing.assert_array_equal(run(turned), run(plain))


def test_snakes_give_the_same_within_a_step_of_the_quantisation() -> None:
    plain = residual_block()
    rewritten = copied(plain)
    assert snakes(rewritten) == 2
    expected, got = run(plain), run(rewritten)
    assert np.abs(got - expected).max() < 0.05 * np.abs(expected).max()
    assert np.abs(got - expected).mean() < 0.005 * np.abs(expected).max()
    assert "Sin" not in operators(rewritten) and "Pow" not in operators(rewritten)


@pytest.mark.parametrize("steps", [3, 17, 400])
def test_both_together_take_any_length(steps: int) -> None:
    plain = residual_block()
    rewritten = copied(plain)
    snakes(rewritten)
    channels_last(rewritten, ("x",))
    expected, got = run(plain, steps), run(rewritten, steps)
    assert got.shape == expected.shape
    assert np.abs(got - expected).mean() < 0.01 * np.abs(expected).max()
    turns = operators(rewritten)["Transpose"]
    assert turns <= 6  # x in; slope and offset of the first norm, which are one value a channel; y out


def test_a_tensor_read_by_two_norms_is_not_folded_into_its_product() -> None:
    """Each norm has its own slope: a product that applied one of them would be wrong for the other."""
    plain = residual_block()
    nodes, constants = snake("other", "one")
    end = plain.graph.node[-1]
    plain.graph.node.remove(end)
    plain.graph.node.extend([*nodes, helper.make_node("Add", ["three", "other"], ["both"]), end])
    plain.graph.node[-1].input[0] = "both"
    plain.graph.initializer.extend(constants)
    rewritten = copied(plain)
    assert snakes(rewritten) == 3
    expected, got = run(plain), run(rewritten)
    assert np.abs(got - expected).mean() < 0.01 * np.abs(expected).max()

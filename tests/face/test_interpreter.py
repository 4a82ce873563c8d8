"""Tflite graphs are opened, and the library's chatter stays off the terminal."""

from __future__ import annotations

import os

import pytest

from visavis.face.interpreter import quiet


def test_only_the_chatter_is_kept_off(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), quiet():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\nsomething else\n")
        raise ValueError("broken")
    os.write(2, b"and after\n")
    assert capfd.readouterr().err == "something else\nand after\n"

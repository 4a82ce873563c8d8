from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.pictures import psnr
from visavis.core.motion import rest
from visavis.face import backdrop
from visavis.face.cutout import cutout, own_colour
from visavis.face.render_cpu import CpuRenderer
from visavis.face.rig import Rig
from visavis.face.vectors import motion_frame

pytestmark = pytest.mark.real

TURNED = {"headYaw": 8.0, "headRoll": -6.0, "jawOpen": 0.4, "teethUpper": 0.8}


def origins(rig: Rig) -> list[tuple[float, float]]:
    return [rig.eyes[0].frame.origin, rig.eyes[1].frame.origin, rig.mouth.frame.origin]


def check(rig: Rig, whole: NDArray[np.uint8]) -> None:
    """That a person's shape is what it should be in both portraits."""
    alpha = whole / 255
    size = len(alpha)
    assert alpha.shape == rig.plate.shape[:2]
    for place in origins(rig):
        x, y = (int(v * size) for v in place)
        assert alpha[y - 5 : y + 6, x - 5 : x + 6].min() == 1
    # Neck and chest too; the upper corners are background in both portraits.
    assert alpha[int(0.97 * size), int(rig.mouth.frame.origin[0] * size)] > 0.98
    assert alpha[: size // 8, : size // 8].max() < 0.02
    assert alpha[: size // 8, -size // 8 :].max() < 0.02
    assert 0.25 < alpha.mean() < 0.8
    # Soft at its edges, decided elsewhere.
    between = (alpha > 0.05) & (alpha < 0.95)
    assert 0.002 < between.mean() < 0.06


def test_the_person_is_inside_and_the_background_is_not(rig: Rig) -> None:
    check(rig, rig.alpha)
    # The shoulders reach the picture's lower edge on both sides of the neck.
    assert (rig.alpha[-8] > 250).mean() > 0.55


def test_colours_alone_find_her_too(genevieve_rig: Rig) -> None:
    one, other, mouth = origins(genevieve_rig)
    alone = cutout(genevieve_rig.plate, (one, other), mouth, None)
    check(genevieve_rig, alone)
    assert (np.abs(alone.astype(int) - genevieve_rig.alpha) > 128).mean() < 0.02


def test_the_background_colour_is_taken_out_of_the_edges(genevieve_rig: Rig) -> None:
    alpha, colour = genevieve_rig.alpha / 255, own_colour(genevieve_rig.plate, genevieve_rig.alpha)
    edge = (alpha > 0.25) & (alpha < 0.75)
    edge[len(edge) // 2 :] = False  # Hair, not cloth.
    behind = genevieve_rig.plate[:40, :40].reshape(-1, 3).mean(0)
    inside = (alpha > 0.99) & (cv2.dilate(edge.astype(np.uint8), np.ones((25, 25))) > 0)
    hair = genevieve_rig.plate[inside].mean(0)

    def away(picture: NDArray[np.uint8]) -> float:
        """0 for the hair's colour, 1 for the background's."""
        axis = behind - hair
        return float(((picture[edge].astype(float) - hair) @ axis / (axis @ axis)).mean())

    assert away(colour) < 0.5 * away(genevieve_rig.plate)


def test_a_colour_is_drawn_behind_her(genevieve_rig: Rig) -> None:
    drawn = backdrop.renderer(genevieve_rig, 256, "#0a64c8")
    picture = drawn.draw(motion_frame(TURNED))
    assert picture.shape == (256, 256, 3)
    assert (np.abs(picture[:30, :30].astype(int) - (0x0A, 0x64, 0xC8)) <= 1).all()
    x, y = (int(v * 256) for v in genevieve_rig.mouth.frame.origin)
    plain = CpuRenderer(genevieve_rig, 256).draw(motion_frame(TURNED))
    face = np.s_[y - 40 : y + 12, x - 20 : x + 20]
    assert psnr(np.ascontiguousarray(picture[face]), np.ascontiguousarray(plain[face])) > 40


def test_transparent_pictures_carry_their_alpha(genevieve_rig: Rig) -> None:
    drawn = backdrop.renderer(genevieve_rig, 256, backdrop.TRANSPARENT)
    still, turned = drawn.draw(motion_frame({})), drawn.draw(motion_frame(TURNED))
    assert still.shape == (256, 256, 4)
    assert still[:20, :20, 3].max() == 0
    x, y = (int(v * 256) for v in genevieve_rig.mouth.frame.origin)
    assert turned[y, x, 3] == 255
    # The shape goes with the head.
    assert (np.abs(still[..., 3].astype(int) - turned[..., 3]) > 128).mean() > 0.002
    assert len(list(drawn.frames(rest(10), 25))) == 5


def test_the_portrait_s_own_background_is_the_plain_renderer(genevieve_rig: Rig) -> None:
    assert isinstance(backdrop.renderer(genevieve_rig, 256), CpuRenderer)


@pytest.mark.parametrize("wrong", ["#12", "blue", "#gggggg", "", "123456#"])
def test_other_backgrounds_are_refused(wrong: str, genevieve_rig: Rig) -> None:
    with pytest.raises(ValueError, match="rrggbb"):
        backdrop.renderer(genevieve_rig, 256, wrong)

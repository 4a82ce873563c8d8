from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.face.pictures import psnr
from visavis.face import enhance
from visavis.face.rig import Rig

Pixels = NDArray[np.uint8]


def scene(shift: int = 0, size: int = 96) -> Pixels:
    """A soft ramp with a dark bar that can move."""
    ramp = np.linspace(60, 200, size)[None, :, None] * np.ones((size, 1, 3))
    picture = ramp.astype(np.uint8)
    picture[40 + shift : 52 + shift, 20:70] = (30, 12, 14)
    return picture


def flickering(count: int) -> list[Pixels]:
    dice = np.random.default_rng(1)
    return [
        np.clip(scene().astype(int) + dice.integers(-2, 3, scene().shape), 0, 255).astype(np.uint8)
        for _ in range(count)
    ]


def flicker(pictures: list[Pixels]) -> float:
    return float(np.abs(np.diff(np.stack(pictures).astype(float), axis=0)).mean())


def test_flicker_goes() -> None:
    noisy = flickering(8)
    calm = list(enhance.smoothed(noisy))
    assert len(calm) == 8
    assert flicker(calm) < 0.6 * flicker(noisy)
    assert np.mean([psnr(a, scene()) for a in calm[1:-1]]) > np.mean([psnr(a, scene()) for a in noisy[1:-1]]) + 1.5


def test_what_moves_is_not_softened() -> None:
    shut, wide = scene()[:96], scene(4)
    assert (enhance.smooth(wide, shut, wide)[30:60] == shut[30:60]).all()


def test_a_still_picture_stays_as_it_is() -> None:
    assert (enhance.smooth(scene(), scene(), scene()) == scene()).all()
    assert enhance.smooth(None, scene(), None) is not None
    assert list(enhance.smoothed([])) == []


def test_pieces_join_without_a_seam() -> None:
    noisy = flickering(9)
    whole = list(enhance.smoothed(noisy))
    first = list(enhance.smoothed(noisy[:4], after=noisy[4]))
    second = list(enhance.smoothed(noisy[4:], before=noisy[3]))
    assert all((a == b).all() for a, b in zip(whole, first + second, strict=True))


def test_sharpening_adds_contrast_inside_its_mask_only_and_no_halo() -> None:
    blurred = np.asarray(cv2.GaussianBlur(scene(), (0, 0), 1.5), np.uint8)
    mask = np.zeros((96, 96), np.float32)
    mask[:, 48:] = 1
    crisp = enhance.sharpen(blurred, mask)
    assert (crisp[:, :48] == blurred[:, :48]).all()

    def steepest(picture: Pixels) -> float:
        return float(np.abs(np.diff(picture[:, 60, 0].astype(float))).max())

    assert steepest(crisp) > 1.05 * steepest(blurred)
    assert crisp.max() <= blurred.max()
    assert crisp.min() >= blurred.min()
    assert (enhance.sharpen(blurred, np.zeros((96, 96), np.float32)) == blurred).all()


def test_alpha_stays() -> None:
    picture = np.dstack([scene(), np.full((96, 96), 77, np.uint8)])
    assert (enhance.sharpen(picture, np.ones((96, 96), np.float32))[..., 3] == 77).all()


@pytest.mark.parametrize("channels", [3, 4])
def test_upscaling(channels: int) -> None:
    picture = np.dstack([scene(), np.full((96, 96), 255, np.uint8)])[..., :channels]
    wide = enhance.upscale(np.ascontiguousarray(picture), 192)
    assert wide.shape == (192, 192, channels)
    plain = np.asarray(cv2.resize(picture, (192, 192), interpolation=cv2.INTER_LINEAR), np.uint8)
    back = np.asarray(cv2.resize(wide, (96, 96), interpolation=cv2.INTER_AREA), np.uint8)
    softer = np.asarray(cv2.resize(plain, (96, 96), interpolation=cv2.INTER_AREA), np.uint8)
    assert psnr(back[..., :3], picture[..., :3]) > psnr(softer[..., :3], picture[..., :3]) + 1
    assert enhance.upscale(picture, 50) is picture
    with pytest.raises(ValueError, match="2160"):
        enhance.upscale(picture, 4000)


def test_all_of_it_in_one_run() -> None:
    pictures = list(enhance.enhanced(flickering(3), np.ones((96, 96), np.float32), size=144))
    assert [p.shape for p in pictures] == [(144, 144, 3)] * 3
    plain = list(enhance.enhanced(flickering(3), smooth=False))
    assert all((a == b).all() for a, b in zip(plain, flickering(3), strict=True))


@pytest.mark.real
def test_the_mask_lies_on_the_face(rig: Rig) -> None:
    mask = enhance.face_mask(rig, 256)
    for place in (rig.mouth.frame.origin, rig.eyes[0].frame.origin, rig.eyes[1].frame.origin):
        x, y = (int(v * 256) for v in place)
        assert mask[y, x] > 0.9
    assert mask[:20].max() == 0
    assert mask[-20:].max() == 0

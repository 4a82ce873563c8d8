from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
import skimage.metrics

from tests.face.pictures import sample
from visavis.studio.similarity import IDENTICAL, psnr, ssim, windows

PHOTO = cv2.cvtColor(sample("astronaut"), cv2.COLOR_RGB2GRAY).astype(np.uint8)


def _damaged(kind: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    random = np.random.default_rng(3)
    damaged = {
        "noise": PHOTO + random.normal(0, 12, PHOTO.shape),
        "blur": cv2.GaussianBlur(PHOTO, (0, 0), 2.0),
        "dark": PHOTO * 0.7,
        "other": cv2.cvtColor(sample("coffee")[:512, :512][:400, :512], cv2.COLOR_RGB2GRAY),
    }[kind]
    return np.clip(cv2.resize(np.asarray(damaged, np.float64), PHOTO.shape[::-1]), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", ["noise", "blur", "dark", "other"])
def test_ssim_and_psnr_agree_with_scikit_image(kind: str) -> None:
    other = _damaged(kind)
    expected = skimage.metrics.structural_similarity(
        PHOTO, other, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255
    )
    assert ssim(PHOTO, other) == pytest.approx(float(expected), abs=1e-4)
    assert psnr(PHOTO, other) == pytest.approx(skimage.metrics.peak_signal_noise_ratio(PHOTO, other), abs=1e-3)


def test_a_picture_is_like_itself() -> None:
    assert ssim(PHOTO, PHOTO) == pytest.approx(1.0, abs=1e-6)
    assert psnr(PHOTO, PHOTO) == IDENTICAL


def test_only_what_is_asked_for_is_compared() -> None:
    other = PHOTO.copy()
    other[:, 256:] = 0
    left = np.zeros(PHOTO.shape, np.bool_)
    left[:, :256] = True
    assert ssim(PHOTO, other, left) == pytest.approx(1.0, abs=1e-6)
    assert psnr(PHOTO, other, left) == IDENTICAL
    assert ssim(PHOTO, other) < 0.7


def test_nothing_to_compare_is_not_a_number() -> None:
    assert math.isnan(ssim(PHOTO, PHOTO, np.zeros(PHOTO.shape, np.bool_)))
    assert math.isnan(psnr(PHOTO, PHOTO, np.zeros(PHOTO.shape, np.bool_)))


def test_windows_stay_inside() -> None:
    where = np.zeros((40, 40), np.bool_)
    where[10:30, 5:25] = True
    inside = windows(where)
    assert inside.sum() == 10 * 10 and inside[15:25, 10:20].all()
    assert windows(np.ones((40, 40), np.bool_)).sum() == 30 * 30

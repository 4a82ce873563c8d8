from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from visavis.core.errors import VisavisError
from visavis.face.fields import GRID
from visavis.face.geometry import edge_positions
from visavis.face.payload import ASSETS, FULL_PLATE, MANIFEST, read_payload, write_payload
from visavis.face.rig import Rig

pytestmark = pytest.mark.real


def test_fields_die_out_at_the_rim_of_their_box(rig: Rig) -> None:
    for field in rig.fields:
        for sheet in (field.upper, field.lower):
            moved = sheet.astype(np.float64) * field.scale * 512
            rim = np.concatenate([moved[0], moved[-1], moved[:, 0], moved[:, -1]])
            assert np.abs(rim).max() < 0.1, field.name


def test_both_sheets_agree_beyond_the_corners(rig: Rig) -> None:
    frame, edges = rig.mouth.frame, edge_positions()
    nodes = (np.arange(GRID) + 0.5) / GRID * rig.box.side
    local = frame.local(np.stack(np.meshgrid(rig.box.x + nodes, rig.box.y + nodes), -1))
    u, v = local[..., 0], local[..., 1]
    line = np.interp(u, edges, rig.mouth.upper)
    seam = (np.abs(u) > 1.15) & (np.abs(u) < 1.6) & (np.abs(v - line) < 0.04)
    assert seam.any()
    for field in rig.fields:
        apart = np.abs(field.upper.astype(int) - field.lower.astype(int))[seam] * field.scale * 512
        assert apart.max(initial=0.0) < 0.6, field.name


def test_lips_meet_beyond_the_corners_and_nowhere_cross(rig: Rig) -> None:
    outside = np.abs(edge_positions()) >= 1.0
    assert np.allclose(rig.mouth.upper[outside], rig.mouth.lower[outside], atol=1e-6)
    assert (rig.mouth.lower >= rig.mouth.upper - 1e-6).all()


def test_an_open_mouth_is_known_as_one(genevieve_rig: Rig, astronaut_rig: Rig) -> None:
    assert not genevieve_rig.open_mouth
    assert astronaut_rig.open_mouth
    assert float((astronaut_rig.mouth.lower - astronaut_rig.mouth.upper).max()) > 0.1


def test_the_pose_leaves_corners_of_the_picture_alone(rig: Rig) -> None:
    for field in (rig.pose.yaw, rig.pose.pitch, rig.pose.roll):
        moved = np.abs(field.astype(np.float64) * rig.pose.scale * 512 * 0.17)
        for part in (np.s_[:5, :5], np.s_[:5, -4:], np.s_[-1:]):
            assert moved[part].max() < 1.0
    nose = np.asarray(rig.mouth.frame.origin) * 48
    assert rig.pose.yaw[int(nose[1]), int(nose[0]), 0] > 0.5 * rig.pose.yaw[..., 0].max()


def test_a_payload_is_small_and_reads_back_the_same(rig: Rig, tmp_path: Path) -> None:
    write_payload(rig, tmp_path)
    assert 60_000 < sum((tmp_path / name).stat().st_size for name in ASSETS) < 250_000
    again = read_payload(tmp_path)
    assert np.array_equal(again.plate, rig.plate)
    assert [f.name for f in again.fields] == [f.name for f in rig.fields]
    for one, other in zip(rig.fields, again.fields, strict=True):
        assert np.array_equal(one.upper, other.upper)
        assert np.array_equal(one.lower, other.lower)
    assert np.array_equal(again.pose.roll, rig.pose.roll)
    assert [d.to_json() for d in again.controls.drivers] == [d.to_json() for d in rig.controls.drivers]
    for name, sprite in rig.sprites.items():
        seen = again.sprites[name].picture.astype(int)
        solid = sprite.picture[..., 3] > 200
        assert np.abs(seen - sprite.picture)[solid].mean() < 6, name
    assert len(read_payload(tmp_path, as_browser=True).plate) == 768


def test_a_payload_is_the_same_every_time(genevieve_rig: Rig, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_payload(genevieve_rig, tmp_path / name)
    for name in (*ASSETS, FULL_PLATE):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("harm", ["missing", "cut", "words", "version"])
def test_a_damaged_payload_is_refused(harm: str, genevieve_rig: Rig, tmp_path: Path) -> None:
    write_payload(genevieve_rig, tmp_path)
    manifest = tmp_path / MANIFEST
    if harm == "missing":
        (tmp_path / "fields.bin.gz").unlink()
    elif harm == "cut":
        (tmp_path / "fields.bin.gz").write_bytes((tmp_path / "fields.bin.gz").read_bytes()[:2000])
    elif harm == "words":
        manifest.write_text("not json")
    else:
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": 99}))
    with pytest.raises(VisavisError) as caught:
        read_payload(tmp_path)
    assert caught.value.code == "rig.unreadable"


def test_teeth_are_warm_white_not_grey(rig: Rig) -> None:
    teeth = rig.sprites["teethUpper"].picture
    middle = teeth[int(teeth.shape[0] * 0.5) : int(teeth.shape[0] * 0.75), teeth.shape[1] // 3 : -(teeth.shape[1] // 3)]
    mean = middle[..., :3].reshape(-1, 3).mean(0)
    assert mean[0] >= mean[1] >= mean[2]
    assert mean @ (0.3, 0.59, 0.11) > 130

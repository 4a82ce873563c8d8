from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from tests.face.pictures import encoded
from visavis.core.errors import VisavisError
from visavis.face.avatars import CARD, PORTRAIT, AvatarStore, ShippedPortrait
from visavis.face.commands import avatar
from visavis.face.landmarks import Landmarker
from visavis.face.payload import ASSETS

pytestmark = pytest.mark.real

Pixels = NDArray[np.uint8]


@pytest.fixture
def store(tmp_path: Path, landmarker: Landmarker) -> AvatarStore:
    return AvatarStore(tmp_path / "avatars", lambda: landmarker)


def code_of(error: pytest.ExceptionInfo[VisavisError]) -> str:
    return error.value.code


def test_a_portrait_becomes_an_avatar_and_goes_again(store: AvatarStore, astronaut: Pixels) -> None:
    made = store.add(encoded(astronaut, ".jpg"), "  Eileen   Collins ")
    assert (made.id, made.name, made.shipped) == ("eileen-collins", "Eileen Collins", False)
    assert [one.id for one in store.list()] == ["genevieve", "eileen-collins"]
    for name in ASSETS:
        assert store.asset(made.id, name).stat().st_size > 1000
    assert b"Exif" not in (made.folder / PORTRAIT).read_bytes()
    assert len(store.rig(made.id).plate) >= 768
    store.remove(made.id)
    assert not made.folder.exists()
    with pytest.raises(VisavisError) as caught:
        store.get(made.id)
    assert code_of(caught) == "avatar.unknown"


def test_names_in_any_script_get_an_address_of_their_own(store: AvatarStore, astronaut: Pixels) -> None:
    data = encoded(astronaut)
    ids = [store.add(data, name).id for name in ("小丽", "José Núñez", "genevieve")]
    assert len(set(ids)) == 3
    assert ids[0].startswith("avatar-")
    assert ids[1] == "jose-nunez"
    assert ids[2] != "genevieve"


def test_a_refused_portrait_leaves_nothing_behind(store: AvatarStore) -> None:
    with pytest.raises(VisavisError) as caught:
        store.add(b"no picture", "x")
    assert code_of(caught) == "portrait.not_a_picture"
    assert not store.root.exists() or not any(store.root.iterdir())


def test_genevieve_is_built_once_and_again_when_her_portrait_changes(
    tmp_path: Path, landmarker: Landmarker, astronaut: Pixels
) -> None:
    picture = tmp_path / "zoe.png"
    picture.write_bytes(encoded(astronaut))
    looked = []

    def counted() -> Landmarker:
        looked.append(1)
        return landmarker

    store = AvatarStore(tmp_path / "avatars", counted, {"zoe": ShippedPortrait(picture, None)})
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(store.get, ["zoe"] * 4))
    assert {one.shipped for one in found} == {True}
    assert len(looked) == 1
    picture.write_bytes(encoded(np.ascontiguousarray(astronaut[:, ::-1])))
    store.get("zoe")
    assert len(looked) == 2
    with pytest.raises(VisavisError) as caught:
        store.remove("zoe")
    assert code_of(caught) == "avatar.shipped"


def test_an_avatar_of_another_build_is_computed_again(store: AvatarStore, astronaut: Pixels) -> None:
    made = store.add(encoded(astronaut), "Eileen")
    card = made.folder / CARD
    card.write_text(json.dumps(json.loads(card.read_text()) | {"build": 0}))
    (made.folder / "fields.bin.gz").write_bytes(b"old")
    assert len(store.rig("eileen").fields) > 10


@pytest.mark.parametrize("avatar_id", ["", "..", "../x", "A", "a/b", ".hidden", "x" * 80])
def test_addresses_cannot_leave_the_folder(avatar_id: str, store: AvatarStore) -> None:
    for call in (store.get, store.remove, lambda one: store.asset(one, "rig.json")):
        with pytest.raises(VisavisError) as caught:
            call(avatar_id)
        assert code_of(caught) == "avatar.unknown"


@pytest.mark.parametrize("name", ["plate.png", "portrait.jpg", "avatar.json", "../rig.json", ""])
def test_only_the_browsers_files_are_given_out(name: str, store: AvatarStore) -> None:
    with pytest.raises(VisavisError) as caught:
        store.asset("genevieve", name)
    assert code_of(caught) == "avatar.unknown"


def test_the_shell_commands(tmp_path: Path, astronaut: Pixels) -> None:
    photo, words = tmp_path / "eileen.jpg", tmp_path / "words.jpg"
    photo.write_bytes(encoded(astronaut, ".jpg"))
    words.write_text("not a picture at all")
    run, root = CliRunner(), ["--root", str(tmp_path / "avatars")]
    added = run.invoke(avatar, [*root, "add", str(photo)])
    assert added.exit_code == 0, added.output
    assert "'eileen'" in added.output
    listed = run.invoke(avatar, [*root, "list"]).output
    assert "genevieve" in listed
    assert "eileen" in listed
    refused = run.invoke(avatar, [*root, "add", str(words)])
    assert refused.exit_code == 1
    assert "not a picture" in refused.output
    assert run.invoke(avatar, [*root, "remove", "eileen"]).exit_code == 0
    assert run.invoke(avatar, [*root, "remove", "eileen"]).exit_code == 1

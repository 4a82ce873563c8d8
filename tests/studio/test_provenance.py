from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.studio.films import film, noise
from visavis.core.errors import VisavisError
from visavis.studio.provenance import Claim, Verdict, development_signer, own_signer, sidecar_of, sign, verify
from visavis.studio.signer import Signer
from visavis.studio.video import probe

CLAIM = Claim("visavis 0.1 geometric", "ab" * 32, "Genevieve says hello", "job-7")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return development_signer(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Unsigned videos by container."""
    folder = tmp_path_factory.mktemp("plain")
    return {kind: film(folder / f"film.{kind}", *noise(), container=kind) for kind in ("mp4", "webm")}


@pytest.fixture
def signed(plain: dict[str, Path], signer: Signer, tmp_path: Path) -> Path:
    target = tmp_path / "signed.mp4"
    assert sign(plain["mp4"], target, CLAIM, signer) is None
    return target


def test_a_signed_video_says_what_it_is(signed: Path) -> None:
    found = verify(signed)
    assert found.valid and found.ai_generated and found.development
    assert (found.engine, found.portrait_hash) == (CLAIM.engine, CLAIM.portrait_hash)
    assert (found.title, found.job_id) == (CLAIM.title, CLAIM.job_id)
    assert found.problems == () and found.sidecar is None
    assert "development certificate" in found.signer
    assert any("not who made it" in line for line in found.lines())
    assert found.as_mapping()["problems"] == []


def test_the_signed_video_is_the_same_video(plain: dict[str, Path], signed: Path) -> None:
    assert probe(signed) == probe(plain["mp4"])
    assert np.array_equal(_pictures(plain["mp4"]), _pictures(signed))


def test_signing_again_replaces_nothing_it_should_not(signed: Path, signer: Signer, tmp_path: Path) -> None:
    again = tmp_path / "again.mp4"
    sign(signed, again, Claim("other engine", "cd" * 32, "Again"), signer)
    assert verify(again).engine == "other engine"
    assert verify(again).valid


def test_one_changed_byte_anywhere_is_reported(signed: Path, tmp_path: Path) -> None:
    data = signed.read_bytes()
    boxes = _boxes(data)
    assert {"ftyp", "uuid", "moov", "mdat"} <= {kind for kind, _, _ in boxes}
    changed = tmp_path / "changed.mp4"
    random = np.random.default_rng(5)
    for kind, start, end in boxes:
        for place in (start + 8, end - 1, *random.integers(start, end, 8)):
            broken = bytearray(data)
            broken[int(place)] ^= 1 << int(random.integers(8))
            changed.write_bytes(broken)
            found = verify(changed)
            assert not found.valid and found.problems, (kind, place - start)


def test_a_change_in_the_picture_or_the_sound_is_named(signed: Path, tmp_path: Path) -> None:
    data = signed.read_bytes()
    start, end = next((start, end) for kind, start, end in _boxes(data) if kind == "mdat")
    for share in (0.05, 0.5, 0.95):
        broken = bytearray(data)
        broken[start + int(share * (end - start))] ^= 0xFF
        (tmp_path / "changed.mp4").write_bytes(broken)
        found = verify(tmp_path / "changed.mp4")
        assert found.problems == ("The picture or the sound was changed after the file was signed.",)
        assert found.engine == CLAIM.engine  # what was said is still shown
        assert "do NOT hold" in found.lines()[0]


@pytest.mark.parametrize(
    "change", [lambda d: d[:-1], lambda d: d + b"x", lambda d: d + b"\0\0\0\x08free", lambda d: d[:-600]]
)
def test_a_longer_or_shorter_file_is_reported(signed: Path, change: object) -> None:
    assert callable(change)
    signed.write_bytes(change(signed.read_bytes()))
    assert not verify(signed).valid


def test_a_webm_has_its_credentials_beside_it(plain: dict[str, Path], signer: Signer, tmp_path: Path) -> None:
    target = tmp_path / "film.webm"
    beside = sign(plain["webm"], target, CLAIM, signer)
    assert beside is not None
    assert target.read_bytes() == plain["webm"].read_bytes()
    assert verify(target).problems == ("There are no content credentials in the file or beside it.",)
    sidecar_of(target).write_bytes(beside)
    found = verify(target)
    assert found.valid and found.ai_generated and found.engine == CLAIM.engine
    assert found.sidecar == "film.c2pa"
    elsewhere = tmp_path / "else.c2pa"
    sidecar_of(target).rename(elsewhere)
    assert verify(target, elsewhere).valid
    data = target.read_bytes()
    for place in (0, 300, len(data) // 2, len(data) - 1):
        broken = bytearray(data)
        broken[place] ^= 1
        target.write_bytes(broken)
        assert not verify(target, elsewhere).valid
    target.write_bytes(data)
    elsewhere.write_bytes(beside[:-900])
    assert verify(target, elsewhere).problems


def test_credentials_of_another_video_do_not_hold(plain: dict[str, Path], signer: Signer, tmp_path: Path) -> None:
    beside = sign(plain["webm"], tmp_path / "film.webm", CLAIM, signer)
    assert beside is not None
    other = film(tmp_path / "other.webm", *noise(1.0), container="webm")
    sidecar_of(other).write_bytes(beside)
    assert verify(other).problems == ("The picture or the sound was changed after the file was signed.",)


def test_an_unsigned_video_has_no_credentials(plain: dict[str, Path]) -> None:
    for path in plain.values():
        assert verify(path) == Verdict(False, problems=("There are no content credentials in the file or beside it.",))


def test_garbage_is_answered_not_raised(signed: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(11)
    data = signed.read_bytes()
    samples = [b"", b"\0" * 64, b"\xff" * 64, data[:40], data[:900], bytes(random.bytes(5000)), b"RIFF" + bytes(60)]
    head = data[:4000]
    for _ in range(60):
        broken = bytearray(head)
        for place in random.integers(0, len(head), 12):
            broken[int(place)] = int(random.integers(256))
        samples.append(bytes(broken))
    for number, sample in enumerate(samples):
        path = tmp_path / f"garbage{('.mp4', '.webm', '.txt', '')[number % 4]}"
        path.write_bytes(sample)
        sidecar_of(path).write_bytes(sample[::-1])
        found = verify(path)
        assert not found.valid and found.problems
    assert verify(tmp_path / "missing.mp4").problems
    assert verify(tmp_path).problems


def test_a_certificate_of_ones_own_signs(plain: dict[str, Path], tmp_path: Path) -> None:
    chain, key = _certificate(tmp_path, purpose=x509.oid.ExtendedKeyUsageOID.EMAIL_PROTECTION)
    target = tmp_path / "own.mp4"
    sign(plain["mp4"], target, CLAIM, own_signer(chain, key))
    found = verify(target)
    assert found.valid and not found.development
    assert found.signer == "Studio Example (Example Ltd)"
    assert not any("development" in line for line in found.lines())


def test_a_certificate_for_something_else_is_refused(plain: dict[str, Path], tmp_path: Path) -> None:
    chain, key = _certificate(tmp_path, purpose=x509.oid.ExtendedKeyUsageOID.SERVER_AUTH)
    with pytest.raises(VisavisError, match="does not suit") as caught:
        sign(plain["mp4"], tmp_path / "own.mp4", CLAIM, own_signer(chain, key))
    assert caught.value.code == "provenance.certificate"


def test_what_is_no_video_cannot_be_signed(signer: Signer, tmp_path: Path) -> None:
    for name in ("text.mp4", "text.webm", "text.txt"):
        (tmp_path / name).write_text("hello")
    shutil.copy(tmp_path / "text.mp4", tmp_path / "copy.mp4")
    for name in ("text.mp4", "text.txt"):
        with pytest.raises(VisavisError) as caught:
            sign(tmp_path / name, tmp_path / f"signed-{name}", CLAIM, signer)
        assert caught.value.code == "provenance.failed"


def _pictures(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def _boxes(data: bytes) -> list[tuple[str, int, int]]:
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.append((data[at + 4 : at + 8].decode(), at, at + size))
        at += size
    return found


def _certificate(folder: Path, purpose: x509.ObjectIdentifier) -> tuple[Path, Path]:
    """A signing certificate for one purpose, with the authority above it, and its key."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    names = [
        x509.Name(
            [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Ltd"), x509.NameAttribute(NameOID.COMMON_NAME, n)]
        )
        for n in ("Studio Example", "Example Authority")
    ]
    now = datetime.now(UTC)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    leaf = (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .sign(authority, hashes.SHA256())
    )
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    return chain, secret

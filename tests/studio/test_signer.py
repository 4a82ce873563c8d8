from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec
from cryptography.x509.oid import NameOID

from visavis.core.errors import VisavisError
from visavis.studio.signer import DEVELOPMENT, FILE, Signer, development_signer, own_signer


def test_the_development_signer_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    made = development_signer(tmp_path)
    kept = tmp_path / FILE
    assert made.development and made.name == DEVELOPMENT
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert development_signer(tmp_path) == made
    assert b"PRIVATE" not in repr(made).encode()
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]


def test_a_key_that_others_could_read_is_closed_again(tmp_path: Path) -> None:
    made = development_signer(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    assert development_signer(tmp_path) == made
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_the_chain_is_what_c2pa_asks_for(tmp_path: Path) -> None:
    leaf, root = x509.load_pem_x509_certificates(development_signer(tmp_path).chain)
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert leaf.issuer != leaf.subject
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical and usage.value.digital_signature and not usage.value.key_cert_sign
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_a_damaged_development_file_says_what_to_do(tmp_path: Path) -> None:
    development_signer(tmp_path)
    (tmp_path / FILE).write_bytes(b"-----BEGIN nothing-----")
    with pytest.raises(VisavisError, match="delete it") as caught:
        development_signer(tmp_path)
    assert caught.value.code == "provenance.certificate"


def test_a_certificate_about_to_end_is_replaced(tmp_path: Path) -> None:
    kept = tmp_path / FILE
    kept.parent.mkdir()
    kept.write_bytes(_pair(datetime.now(UTC) + timedelta(days=5)))
    made = development_signer(tmp_path)
    assert made.development
    assert made.expires > datetime.now(UTC) + timedelta(days=365)


def test_a_file_in_the_way_of_the_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE.parent).write_text("in the way")
    with pytest.raises(VisavisError) as caught:
        development_signer(tmp_path)
    assert caught.value.code == "storage.failed"


def test_a_certificate_of_ones_own(tmp_path: Path) -> None:
    pem = _pair(datetime.now(UTC) + timedelta(days=5), name="Studio Example")
    found = _own(tmp_path, pem, pem)
    assert (found.name, found.algorithm, found.development) == ("Studio Example", "es384", False)


def test_unusable_certificates_are_refused_with_the_reason(tmp_path: Path) -> None:
    good, other = (_pair(datetime.now(UTC) + timedelta(days=5)) for _ in range(2))
    locked = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    old = _pair(datetime.now(UTC) - timedelta(days=1))
    for chain, key, reason in (
        (good, other, "does not belong"),
        (good, b"nonsense", "no PEM"),
        (good, locked, "password"),
        (old, old, "ended on"),
    ):
        with pytest.raises(VisavisError, match=reason) as caught:
            _own(tmp_path, chain, key)
        assert caught.value.code == "provenance.certificate"
    with pytest.raises(VisavisError, match="cannot be read"):
        own_signer(tmp_path / "none.pem", tmp_path / "none.key")


def test_a_key_that_c2pa_knows_nothing_of_is_refused(tmp_path: Path) -> None:
    key = dsa.generate_private_key(1024)
    with pytest.raises(VisavisError, match="curve P-256"):
        _own(tmp_path, _certified(key, datetime.now(UTC) + timedelta(days=5)), _pem(key))


def _own(folder: Path, chain: bytes, key: bytes) -> Signer:
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(key)
    return own_signer(folder / "chain.pem", folder / "key.pem")


def _pair(until: datetime, name: str = "Somebody") -> bytes:
    key = ec.generate_private_key(ec.SECP384R1())
    return _pem(key) + _certified(key, until, name)


def _pem(key: ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certified(key: ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey, until: datetime, name: str = "Somebody") -> bytes:
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )

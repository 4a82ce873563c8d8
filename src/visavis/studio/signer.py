"""Who signs a video: a certificate chain and its key, the host's own or one made here for development."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from visavis.core.errors import VisavisError

DEVELOPMENT: Final = "visavis development certificate"
"""Common name of the certificates that are made here; whoever reads it knows that it vouches for nobody."""

FILE: Final = Path("credentials") / "development.pem"
"""Where the development key and chain lie in the data folder."""

_ORGANISATION: Final = "self-made for development, vouches for nobody"
_LIFETIME: Final = timedelta(days=3650)
_RENEWED_BEFORE: Final = timedelta(days=30)
_CLOCK_SKEW: Final = timedelta(days=1)
_SMALLEST_RSA: Final = 2048
_CURVES: Final = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True, slots=True)
class Signer:
    """A signer: `chain` in PEM, the signing certificate first, its `key` as PKCS 8 PEM, the COSE `algorithm`, the
    certificate's common `name` and when it ends."""

    chain: bytes
    key: bytes = field(repr=False)
    algorithm: str
    name: str
    expires: datetime

    @property
    def development(self) -> bool:
        """Whether it was made here and vouches for nobody."""
        return self.name == DEVELOPMENT


def development_signer(data: Path) -> Signer:
    """The development signer of a data folder, made on first use and again before it runs out.

    The file holds the key and can be read by its owner only; the key of the authority above it is thrown away at once.
    Processes that ask at the same moment may each sign with one of their own. Raises VisavisError
    `provenance.certificate`, `storage.failed`.
    """
    path = data / FILE
    try:
        if path.exists():
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
            kept = path.read_bytes()
            if not _running_out(kept):
                return _undamaged(kept, path)
        return _make(path)
    except OSError as error:
        raise VisavisError(
            "storage.failed",
            f"The development certificate could not be kept in {path.parent} ({error.strerror or error}); "
            "make the folder writable or set a certificate of your own.",
        ) from error


def own_signer(certificate: Path, key: Path) -> Signer:
    """A host's own signer: the PEM chain, the signing certificate first, and its PEM key without a password.

    Raises VisavisError `provenance.certificate` for files that cannot be read, do not belong together or have run out.
    """
    try:
        chain, secret = certificate.read_bytes(), key.read_bytes()
    except OSError as error:
        raise _unusable(f"{error.filename} cannot be read ({error.strerror})") from error
    return _signer(chain, secret)


def _signer(chain: bytes, secret: bytes) -> Signer:
    try:
        certificates = x509.load_pem_x509_certificates(chain)
        key = serialization.load_pem_private_key(secret, None)
    except TypeError as error:
        raise _unusable("the key has a password; write it without one, readable by this user only") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable("the certificate or the key is no PEM file") from error
    leaf = certificates[0]
    if _public(key.public_key()) != _public(leaf.public_key()):
        raise _unusable("the key does not belong to the first certificate of the chain")
    if leaf.not_valid_after_utc <= datetime.now(UTC):
        raise _unusable(f"the certificate ended on {leaf.not_valid_after_utc:%Y-%m-%d}")
    return Signer(
        chain=b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates),
        key=_pem(key),
        algorithm=_algorithm(key),
        name=_common_name(leaf),
        expires=leaf.not_valid_after_utc,
    )


def _algorithm(key: PrivateKeyTypes) -> str:
    """The COSE algorithm that C2PA allows for a key."""
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        return "ps256"
    raise _unusable("the key must be on the curve P-256, P-384, P-521 or Ed25519, or RSA of at least 2048 bits")


def _undamaged(kept: bytes, path: Path) -> Signer:
    try:
        return _signer(kept, kept)
    except VisavisError as error:
        raise VisavisError(
            "provenance.certificate", f"{path} is damaged; delete it and a new development certificate is made."
        ) from error


def _running_out(chain: bytes) -> bool:
    try:
        ends = x509.load_pem_x509_certificates(chain)[0].not_valid_after_utc
    except ValueError:
        return False
    return ends - datetime.now(UTC) < _RENEWED_BEFORE


def _make(path: Path) -> Signer:
    """Writes a new development signer in one step, never readable by others."""
    made = _development_pem()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.parent / f".{os.getpid()}-{secrets.token_hex(6)}.pem"
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(made)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return _signer(made, made)


def _development_pem() -> bytes:
    """A key, its certificate and the certificate of the authority that signed it, as the C2PA profile wants them:
    version 3, key usage digitalSignature, extended key usage emailProtection, both key identifiers, no self-signing."""
    now = datetime.now(UTC)
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _name(f"{DEVELOPMENT} authority")
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())

    def certificate(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(authority)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _CLOCK_SKEW)
            .not_valid_after(now + _LIFETIME)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        )

    root = (
        certificate(authority, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
    )
    leaf = (
        certificate(_name(DEVELOPMENT), key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    )
    pem = [one.sign(authority_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) for one in (leaf, root)]
    return b"".join([_pem(key), *pem])


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _common_name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _pem(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public(key: object) -> bytes:
    encode = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return bytes(key.public_bytes(*encode))  # type: ignore[attr-defined]


def _unusable(reason: str) -> VisavisError:
    return VisavisError(
        "provenance.certificate", f"The signing certificate cannot be used: {reason}; check the paths in the settings."
    )

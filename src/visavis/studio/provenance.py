"""Content credentials (C2PA): a video says itself that it is made by AI, by which engine, from which portrait."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Final

import c2pa

from visavis.core.errors import VisavisError
from visavis.studio import seal
from visavis.studio.signer import DEVELOPMENT, Signer, development_signer, own_signer

__all__ = ["Claim", "Signer", "Verdict", "development_signer", "own_signer", "sidecar_of", "sign", "verify"]

GENERATION: Final = "org.visavis.generation"
"""Label of our own assertion: engine, portrait_sha256, job_id."""

AI: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's digital source type for media that a trained model made."""

_AI_TYPES: Final = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic")
_EMBEDDING: Final = "video/mp4"
_KINDS: Final = MappingProxyType({".mp4": _EMBEDDING, ".webm": "video/webm"})
"""What can be signed, by suffix; the first carries its credentials, the other has them in a file beside."""

_UNTRUSTED: Final = "signingCredential.untrusted"
"""No list of trusted signers is consulted, so this is said of every certificate."""

_PROBLEMS: Final = (
    ("assertion.bmffHash", "The picture or the sound was changed after the file was signed."),
    ("assertion.dataHash", "The picture or the sound was changed after the file was signed."),
    ("assertion.", "What the credentials say was changed after the file was signed."),
    ("claimSignature", "The signature does not belong to these credentials."),
    ("claim.", "The credentials are incomplete."),
    ("signingCredential.expired", "The certificate of the signer had ended."),
    ("signingCredential", "The certificate of the signer is not one for content credentials."),
)

_LARGEST: Final = 16 << 20
"""Bytes of credentials that are read from a file beside."""

_SETTINGS: Final = {
    "verify": {"verify_after_sign": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}
"""Nothing is ever fetched from an address that a file names."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a video says of itself: the `engine` that made it, the SHA-256 of the portrait file, title and job."""

    engine: str
    portrait_hash: str
    title: str
    job_id: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file's credentials say and whether they hold.

    `valid`: there are credentials, their signature is right and no byte of the media has changed. It says nothing of
    who signed: `signer` names them, `development` says that it is a certificate anyone can make. `problems` are
    sentences, empty for a valid file.
    """

    valid: bool
    ai_generated: bool = False
    engine: str = ""
    portrait_hash: str = ""
    signer: str = ""
    development: bool = False
    title: str = ""
    job_id: str = ""
    sidecar: str | None = None
    problems: tuple[str, ...] = ()

    def as_mapping(self) -> dict[str, Any]:
        """The verdict as JSON values."""
        return {**asdict(self), "problems": list(self.problems)}

    def lines(self) -> tuple[str, ...]:
        """The verdict for people, a line a fact."""
        said = ["The content credentials hold: nothing was changed." if self.valid else "The credentials do NOT hold."]
        said += self.problems
        if self.signer:
            said.append(f"Made by AI: {'yes' if self.ai_generated else 'it does not say so'}")
            facts = {"Engine": self.engine, "Portrait": self.portrait_hash, "Title": self.title, "Job": self.job_id}
            said += [f"{name}: {value}" for name, value in facts.items() if value]
            said.append(f"Signed by: {self.signer}")
            if self.development:
                said.append(
                    "This is a development certificate that visavis made for itself: it shows whether the file was "
                    "changed, not who made it."
                )
        return tuple(said)


def sidecar_of(video: Path) -> Path:
    """Where the credentials lie of a video whose container cannot carry them."""
    return video.with_suffix(".c2pa")


def sign(source: Path, target: Path, claim: Claim, signer: Signer) -> bytes | None:
    """Writes `source` with its credentials to `target`, another path; takes well under a second.

    An MP4 carries them inside: None is returned. C2PA has no place for them in a WebM: `target` is a plain copy then,
    and what is returned belongs in the file `sidecar_of(target)`. The kind is taken from the suffix of `source`. Raises
    VisavisError `provenance.certificate` when the certificate does not suit C2PA, `provenance.failed` when the video
    cannot be signed.
    """
    kind = _KINDS.get(source.suffix.lower())
    if kind is None:
        raise VisavisError("provenance.failed", "Only MP4 and WebM videos can be signed; choose one of them.")
    inside = kind == _EMBEDDING
    try:
        information = c2pa.C2paSignerInfo(signer.algorithm, signer.chain, signer.key, None)
        with (
            c2pa.Signer.from_info(information) as signing,
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Builder(_definition(claim, sealed=inside), context) as builder,
            source.open("rb") as read,
            target.open("w+b") as written,
        ):
            if not inside:
                builder.set_no_embed()
            credentials: bytes = builder.sign(signing, kind, read, written)
    except c2pa.C2paError as error:
        if any(word in str(error) for word in ("signingCredential", "ertificate", "Cose", "private key")):
            raise VisavisError(
                "provenance.certificate",
                "The signing certificate does not suit content credentials; it needs the key usage digitalSignature, "
                f"the purpose e-mail protection and an authority above it ({error}).",
            ) from error
        raise VisavisError("provenance.failed", f"The video could not be signed ({error}).") from error
    if inside:
        seal.close(target)
        return None
    return credentials


def verify(video: Path, sidecar: Path | None = None) -> Verdict:
    """What the credentials of any file say, and whether they hold; never raises for what a file contains.

    `sidecar` None means the credentials inside the file, or else those in `sidecar_of(video)`.
    """
    beside = sidecar or sidecar_of(video)
    try:
        with video.open("rb") as file:
            inside = video.suffix.lower() != ".webm" and not (sidecar and sidecar.is_file())
            found = _read(file, _format(file), None) if inside else None
            name = None
            if found is None and beside.is_file() and beside != video:
                file.seek(0)
                found, name = _read(file, _KINDS[".webm"], _manifest(beside)), beside.name
    except OSError as error:
        return Verdict(False, problems=(f"{video.name} cannot be read: {error.strerror or error}.",))
    except (c2pa.C2paError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Verdict(False, problems=("The content credentials are damaged and cannot be read.",))
    if found is None:
        return Verdict(False, problems=("There are no content credentials in the file or beside it.",))
    return _verdict(found, video, name)


def _definition(claim: Claim, *, sealed: bool) -> dict[str, Any]:
    """The manifest in c2pa's terms."""
    ours = {"name": "visavis", "version": version("visavis")}
    created = {"action": "c2pa.created", "digitalSourceType": AI, "softwareAgent": ours}
    generation = {"engine": claim.engine, "portrait_sha256": claim.portrait_hash, "job_id": claim.job_id}
    return {
        "claim_generator_info": [ours],
        "title": claim.title,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
            {"label": GENERATION, "data": {**generation, "sealed": sealed}},
        ],
    }


def _format(file: BinaryIO) -> str | None:
    """MP4 by its first box; c2pa recognises others by itself."""
    start = file.read(12)
    file.seek(0)
    return _EMBEDDING if start[4:8] == b"ftyp" else None


def _manifest(beside: Path) -> bytes:
    """A file of credentials. Raises ValueError for one that is far too large to be one."""
    with beside.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError("not a file of credentials")
    return data


def _read(file: BinaryIO, kind: str | None, manifest: bytes | None) -> dict[str, Any] | None:
    """The report of c2pa's reader; None where there are no credentials. Raises C2paError for damaged ones."""
    try:
        with (
            c2pa.Context.from_dict(_SETTINGS) as context,
            c2pa.Reader(kind, file, manifest, context) as reader,
        ):
            report = json.loads(reader.json())
            return report if isinstance(report, dict) else None
    except (c2pa.C2paError.ManifestNotFound, c2pa.C2paError.NotSupported):
        return None


def _verdict(report: Mapping[str, Any], video: Path, sidecar: str | None) -> Verdict:
    manifest = report["manifests"][report["active_manifest"]]
    said = {one["label"]: one.get("data") or {} for one in manifest.get("assertions", ())}
    ours = said.get(GENERATION, {})
    signature = manifest.get("signature_info") or {}
    name, issuer = str(signature.get("common_name") or ""), str(signature.get("issuer") or "")
    codes = [str(one.get("code")) for one in report.get("validation_status") or () if one.get("code") != _UNTRUSTED]
    problems = list(dict.fromkeys(_problem(code) for code in codes))
    if report.get("validation_state") not in ("Valid", "Trusted") and not problems:
        problems.append("The content credentials are not valid.")
    if ours.get("sealed") and not seal.holds(video) and not problems:
        problems.append("The file was changed after it was signed, outside the picture and the sound.")
    return Verdict(
        valid=not problems,
        ai_generated=any(_made_by_ai(data) for label, data in said.items() if label.startswith("c2pa.actions")),
        engine=str(ours.get("engine", "")),
        portrait_hash=str(ours.get("portrait_sha256", "")),
        signer=f"{name} ({issuer})" if issuer else name,
        development=name == DEVELOPMENT,
        title=str(manifest.get("title") or ""),
        job_id=str(ours.get("job_id", "")),
        sidecar=sidecar,
        problems=tuple(problems),
    )


def _made_by_ai(actions: Mapping[str, Any]) -> bool:
    sources = [str(action.get("digitalSourceType", "")) for action in actions.get("actions", ())]
    return any(source.rpartition("/")[2] in _AI_TYPES for source in sources)


def _problem(code: str) -> str:
    """A failure of C2PA's validation in plain words."""
    for start, sentence in _PROBLEMS:
        if code.startswith(start):
            return sentence
    return f"The content credentials do not hold ({code})."

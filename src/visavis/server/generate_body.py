"""What a client may ask the studio for, in our words or in those of seed 003."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from visavis.core.errors import VisavisError
from visavis.studio.job import Consent, JobRequest, RenderOptions
from visavis.studio.script import Scripts


class ConsentBody(BaseModel):
    """Who may be shown and heard: ticked by the person who asks."""

    model_config = ConfigDict(extra="ignore")

    portrait: bool = False
    voice: bool = False


class GenerateBody(BaseModel):
    """`POST /api/v1/generate`.

    Ours: `portrait` (`avatar:ID` or the file_id of an upload), `script` or `audio` (a file_id), `language`, `voice`,
    `options` (how the video looks), `consent`. The seed's: `image_path` and `audio_path` (what the uploads returned),
    `fps`, `resolution`. `consent: true` ticks both.
    """

    model_config = ConfigDict(extra="forbid")

    portrait: str = Field(default="", max_length=200)
    script: str = ""
    audio: str = Field(default="", max_length=200)
    language: str | None = Field(default=None, max_length=40)
    voice: str = Field(default="", max_length=200)
    options: RenderOptions = Field(default_factory=RenderOptions)
    consent: ConsentBody | bool = False
    image_path: str = Field(default="", max_length=200)
    audio_path: str = Field(default="", max_length=200)
    fps: int | None = None
    resolution: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _square(self) -> GenerateBody:
        if self.resolution is not None and self.resolution[0] != self.resolution[1]:
            raise ValueError("videos are square: give the same width and height")
        return self

    def request(self, scripts: Scripts) -> JobRequest:
        """The job that is asked for; blocking.

        Raises VisavisError `script.language` for a language that is none of ours, `options.invalid`.
        """
        language = scripts.tongue(self.language) if self.language else None
        ticked = self.consent
        consent = ConsentBody(portrait=ticked, voice=ticked) if isinstance(ticked, bool) else ticked
        return JobRequest(
            portrait=_name(self.portrait or self.image_path),
            script=self.script,
            audio=_name(self.audio or self.audio_path),
            language=language,
            voice=self.voice,
            options=self._options(),
            consent=Consent(portrait=consent.portrait, voice=consent.voice, at=datetime.now(UTC)),
        )

    def _options(self) -> RenderOptions:
        seeds = {"fps": self.fps, "size": self.resolution[0] if self.resolution else None}
        given = {name: value for name, value in seeds.items() if value is not None}
        try:
            return RenderOptions.model_validate({**self.options.model_dump(), **given})
        except ValidationError as error:
            first = error.errors()[0]
            raise VisavisError("options.invalid", f"{first['loc'][0]}: {first['msg']}.") from error


def _name(path: str) -> str:
    """The id in what an upload returned: the file_id, or the address that ends with it."""
    return path.rpartition("/")[2]

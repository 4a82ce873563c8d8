from __future__ import annotations

import pytest

from visavis.core.errors import VisavisError
from visavis.studio.admission import admit
from visavis.studio.job import Consent, JobRequest, RenderOptions
from visavis.studio.script import Scripts

_PICTURE = "0" * 64 + ".png"
_SOUND = "1" * 64 + ".wav"
_BOTH = Consent(portrait=True, voice=True)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (JobRequest(portrait="avatar:genevieve", script="Hello.", audio=_SOUND, consent=_BOTH), "job.source"),
        (JobRequest(portrait="avatar:genevieve"), "script.empty"),
        (JobRequest(portrait="avatar:genevieve", script=" …!"), "script.empty"),
        (JobRequest(portrait=_PICTURE, script="Hello."), "consent.missing"),
        (JobRequest(portrait=_PICTURE, script="Hello.", consent=Consent(voice=True)), "consent.missing"),
        (JobRequest(portrait="avatar:genevieve", audio=_SOUND, consent=Consent(portrait=True)), "consent.missing"),
        (
            JobRequest(portrait="avatar:genevieve", script="Hello.", options=RenderOptions(background="transparent")),
            "options.transparent",
        ),
    ],
)
def test_refused(request_: JobRequest, code: str) -> None:
    with pytest.raises(VisavisError) as refused:
        admit(request_, Scripts())
    assert refused.value.code == code


def test_admitted() -> None:
    admit(JobRequest(portrait="avatar:genevieve", script="Hello."), Scripts())
    admit(JobRequest(portrait=_PICTURE, script="Hola a todos.", consent=Consent(portrait=True)), Scripts())
    admit(JobRequest(portrait="avatar:genevieve", audio=_SOUND, consent=Consent(voice=True)), Scripts())

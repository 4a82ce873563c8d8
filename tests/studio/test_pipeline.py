from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.face.pictures import encoded, sample
from tests.studio.rehearsal import RATE, SCRIPT, agreed, asked, recorded, rehearsal
from visavis.core.errors import VisavisError
from visavis.engines.fake.llm import FakeLLM
from visavis.face.avatars import AvatarStore
from visavis.studio.job import STAGES
from visavis.studio.motion_file import read_motion
from visavis.studio.provenance import verify
from visavis.studio.sound import Recording, write_wav
from visavis.studio.video import decode, probe


async def test_a_script_becomes_a_signed_video(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        state, news = await studio.make(asked(options={"smooth": True}))
        video = studio.tools.artifacts.path(state["enhanced_video"])
        facts = probe(video)
        assert (facts.width, facts.fps, facts.video_codec, facts.audio_codec) == (256, 10, "h264", "aac")
        assert facts.duration == pytest.approx(state["duration"], abs=1e-6)
        assert abs(facts.audio_duration - facts.duration) < 0.04
        assert state["duration"] == pytest.approx(0.8 + 2 * 0.09 + 0.18 + 0.06 * (len(SCRIPT) - 1), abs=0.2)

        verdict = verify(video)
        assert verdict.valid and verdict.ai_generated and verdict.job_id == "job"
        assert verdict.portrait_hash == state["portrait_hash"] == state["provenance"]["portrait_hash"]
        assert state["provenance"]["valid"] and state["provenance"]["ai_generated"]

        assert state["transcribed_text"] == SCRIPT and state["language"] == "en"
        assert state["control_source"] == "llm" and state["avatar_control"]["eyebrow_raise"] == 0.8
        assert set(state["performance"]) == set(STAGES)
        assert studio.tools.artifacts.read(state["captions"]["vtt"]).startswith(b"WEBVTT")
        assert state["quality"]["frames"] == facts.frames

        shares = [one.share for one in news]
        assert shares == sorted(shares) and shares[0] < 0.05 and shares[-1] == 1.0
        assert {one.stage for one in news} == set(STAGES)
        assert news[-1].preview in studio.tools.artifacts
        assert len(json.dumps(state)) < 20_000, "the state holds ids, not what they stand for"


async def test_a_recording_keeps_its_length_and_its_pauses(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        audio = recorded(studio.tools, "Mama made a pumpkin pie", pause=0.8)
        state, _ = await studio.make(asked("", audio=audio, consent=agreed()))
        assert state["transcribed_text"] == "Mama made a pumpkin pie"
        length = 1.6 + 0.09 + 23 * 0.06
        assert length <= state["duration"] < length + 0.1
        motion = read_motion(studio.tools.artifacts.read(state["motion"]))
        jaw = motion.channel("jawOpen")
        assert jaw[:25].max() < 0.1 < jaw[45:110].max(), "the mouth rests while nobody speaks"


async def test_an_uploaded_portrait(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        portrait = studio.tools.artifacts.put(encoded(sample("astronaut")), "png")
        with pytest.raises(VisavisError) as refused:
            await studio.make(asked("Hello you.", portrait=portrait))
        assert refused.value.code == "consent.missing"
        state, _ = await studio.make(asked("Hello you.", portrait=portrait, consent=agreed()))
        assert state["portrait_hash"] == portrait.partition(".")[0]
        assert state["quality"]["ssim"] > 0.9, "what does not move is the portrait's own"


async def test_the_same_request_gives_the_same_pictures(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        one, _ = await studio.make(asked(), "one")
        other, _ = await studio.make(asked(), "other")
        assert one["segments"] == other["segments"] and len(one["segments"]) > 2
        third, _ = await studio.make(asked(options={"seed": 5}), "third")
        assert set(third["segments"]).isdisjoint(one["segments"])


async def test_a_finished_job_is_not_made_again(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        first, _ = await studio.make(asked("Hi there."))
        again, news = await studio.make(asked("Hi there."))
        assert again == first and [one.share for one in news] == [1.0]
        assert (await studio.pipeline.get_state("job")).next == ()
        files = await studio.pipeline.files("job")
        assert {first["enhanced_video"], first["timeline"], *first["segments"]} <= files
        await studio.pipeline.forget("job")
        assert not await studio.pipeline.files("job")
        with pytest.raises(VisavisError) as unknown:
            await studio.pipeline.resume("job")
        assert unknown.value.code == "job.unknown"


@pytest.mark.parametrize("reply", ["no JSON at all", VisavisError("llm.unavailable", "The model has gone.")])
async def test_without_a_usable_model_the_rules_direct(
    tmp_path: Path, avatars: AvatarStore, reply: str | VisavisError
) -> None:
    async with rehearsal(tmp_path, avatars, llm=FakeLLM([reply])) as studio:
        state, _ = await studio.make(asked("What a wonderful day!"))
        assert state["control_source"] == "heuristics" and state["errors"]
        assert all(0 <= value <= 1 for value in state["avatar_control"].values())


async def test_an_emotion_that_was_asked_for_is_played(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        sad, _ = await studio.make(asked("It is seven.", options={"emotion": "sad"}), "sad")
        happy, _ = await studio.make(asked("It is seven.", options={"emotion": "happy"}), "happy")
        assert (sad["emotion"], happy["emotion"]) == ("sad", "happy")
        assert sad["emotion_details"]["asked_for"] == "sad"

        def smile(name: str) -> float:
            return float(read_motion(studio.tools.artifacts.read(name)).channel("mouthSmileLeft").mean())

        assert smile(happy["motion"]) > smile(sad["motion"]) + 0.1


async def test_what_was_decided_can_be_changed(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        first, _ = await studio.make(asked("Hello there."))
        control = {**first["avatar_control"], "eyebrow_raise": 0.0}
        await studio.pipeline.update_state("job", {"avatar_control": control}, as_node="controller")
        assert (await studio.pipeline.get_state("job")).next == ("video_generation",)
        second = await studio.pipeline.resume("job")
        assert second["voice"] == first["voice"] and second["segments"] != first["segments"]


async def test_webm_can_be_transparent(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        looks = {"container": "webm", "background": "transparent"}
        state, _ = await studio.make(asked("Hi.", options=looks))
        video = studio.tools.artifacts.path(state["enhanced_video"])
        assert probe(video).alpha and state["provenance"]["sidecar"].endswith(".c2pa")
        assert state["provenance"]["valid"]
        pixels = next(decode(video)).pixels
        assert pixels[4, 4, 3] < 30 and pixels[128, 128, 3] > 220
        with pytest.raises(VisavisError) as refused:
            await studio.make(asked("Hi.", options={"background": "transparent"}), "other")
        assert refused.value.code == "options.transparent"


async def test_refused_sound_leaves_nothing_behind(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        hiss = np.random.default_rng(1).standard_normal(RATE).astype(np.float32) * 0.05
        codes = {}
        for name, samples in {"silent": np.zeros(RATE, np.float32), "hiss": hiss}.items():
            audio = studio.tools.artifacts.put(write_wav(Recording(samples, RATE)), "wav")
            with pytest.raises(VisavisError) as refused:
                await studio.make(asked("", audio=audio, consent=agreed()), name)
            codes[name] = refused.value.code
        assert codes == {"silent": "audio.silent", "hiss": "audio.no_speech"}
        assert len(list(studio.tools.artifacts.root.iterdir())) == 2, "the recordings alone"


async def test_sharper_and_larger(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        looks = {"sharpen": True, "upscale": 512, "captions": "burned"}
        state, _ = await studio.make(asked("Hello my friend.", options=looks))
        small, large = (studio.tools.artifacts.path(state[name]) for name in ("final_video", "enhanced_video"))
        assert (probe(small).width, probe(large).width) == (256, 512)
        assert probe(small).frames == probe(large).frames
        last = [[frame.pixels for frame in decode(path)][8] for path in (small, large)]
        below = slice(int(0.86 * 512), int(0.97 * 512))
        white = [int((part.min(-1) > 235).sum()) for part in (last[0][220:248], last[1][below])]
        assert white[1] > 50 > white[0], "the caption is drawn once, into the finished picture"


async def test_closing_the_stream_ends_the_job(tmp_path: Path, avatars: AvatarStore) -> None:
    async with rehearsal(tmp_path, avatars) as studio:
        news = studio.pipeline.stream(asked(), "job")
        async for one in news:
            if one.stage == "video_generation":
                break
        await news.aclose()
        assert (await studio.pipeline.get_state("job")).next == ("video_generation",)
        assert len(studio.tools.drawers.idle) == 1, "the process is free again"

"""Measures how sounds look on speech of our own voices, and writes what `visavis.studio.acoustics` reads.

    python scripts/train_acoustics.py [--seconds-per-voice N]

Kokoro says the sentences below in several voices; its phoneme times are known. They are rounded to 25 ms, so the model
that they give aligns the same speech again, and is measured once more on what it found.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.core.language import Language
from visavis.core.media import SPEECH_RATE, AudioChunk, Samples
from visavis.core.speech import Timeline
from visavis.engines.builtin.g2p import G2P
from visavis.engines.builtin.kokoro import Kokoro, KokoroOptions
from visavis.engines.log_mel import log_mel
from visavis.engines.resample import at_rate
from visavis.engines.tts import TTSOptions
from visavis.studio.acoustics import STAGES, WIDTH, Acoustics, Floats, observe
from visavis.studio.features import STEP
from visavis.studio.forced_alignment import course_of, states_of
from visavis.studio.pronounced import units_of
from visavis.studio.sound_classes import CLASSES, PAUSE, class_of
from visavis.weights.store import WeightStore

FILE: Final = Path(__file__).parent.parent / "src/visavis/studio/data/acoustics.json"
VOICES: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("af_heart", "am_michael", "af_bella", "am_adam", "af_nova", "am_echo"),
    "es": ("ef_dora", "em_alex"),
    "zh": ("zf_xiaoxiao", "zm_yunxi", "zf_xiaobei", "zm_yunjian"),
}
SENTENCES: Final[dict[Language, tuple[str, ...]]] = {
    "en": (
        "Peter keeps a big map of the park above the table, beside the old lamp.",
        "She should choose a fresh peach, a cherry and a jar of orange jelly.",
        "The thin cloth was both smooth and thick, though nothing else was there.",
        "Every Thursday, Victor drives a heavy van over five very narrow bridges.",
        "My mother's room is warm in summer, but cold by the end of November.",
        "Good dogs dig deep. Bad cats take the butter, the bread and the cake.",
        "We usually measure pleasure by the hours, not by the money we made.",
        "How now? Boys enjoy noise, and girls would rather hear a quiet voice.",
        "The boy who threw the blue shoes into the pool knew who would look for them.",
        "Singing along, the young king was bringing nothing but a long string.",
        "Huge yellow onions and a few young yams grew behind the house last year.",
        "I would like to buy eight white plates, please; the ones on the right side.",
    ),
    "es": (
        "Mi papá compró un mapa muy bonito para el museo de Bilbao.",
        "El perro corre rápido por la carretera, pero el gato duerme en el jardín.",
        "Ayer llegó la lluvia a la sierra y el niño pequeño se quedó en casa.",
        "¿Cuándo viene tu hermana? Vendrá el jueves con ocho amigos de Chile.",
        "La cigüeña voló sobre el río, después bajó a beber agua fresca.",
        "Hay que hablar despacio, abrir bien la boca y pensar antes de decir algo.",
        "Gracias por todo, señora; fue un placer trabajar con usted y su equipo.",
        "Veinte bomberos apagaron el fuego que quemaba los bosques del sur.",
        "Yo quiero aprender música, química y un poco de filosofía.",
        "No tengo tiempo: mañana viajo a México, y el viernes regreso a Burgos.",
        "Una cuchara, dos tenedores y cinco cuchillos faltaban en la mesa.",
    ),
    "zh": (
        "爸爸妈妈明天早上八点坐飞机去北京，下午才到宾馆。",
        "请你把这本书放在桌子上，然后给我倒一杯热茶。",
        "他们学校旁边有一个很大的公园，春天的时候开满了红色的花。",
        "四十四只石狮子站在山上，看着远处的小河慢慢流过。",
        "我喜欢吃苹果和葡萄，可是弟弟只喜欢喝牛奶。",
        "女儿今年去旅行，路上遇见了许多有趣的人。",
        "今天天气非常冷，你出门一定要穿厚一点儿的衣服。",
        "火车快要开了，别忘记带上你的票和护照。",
        "这个问题其实不难，只要认真想一想，就能找到答案。",
        "朋友送给我一只白色的小猫，它总是睡在窗户边上。",
        "老师说，学习语言最重要的是每天坚持练习。",
    ),
}  # fmt: skip
RELATED: Final = {"ʒ": "ʃ", "dʒ": "tʃ", "ʔ": "t", "r": "ɾ", "ts": "s", "ɜ": "ɹ", "æ": "ɛ", "ʌ": "a", "θ": "f"}
FEWEST: Final = 25
"""Frames from which a stage is measured on its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """One sentence as it was said."""

    text: str
    language: Language
    voice: str
    samples: Samples
    timeline: Timeline


async def speak(voices: dict[Language, tuple[str, ...]], sentences: dict[Language, tuple[str, ...]]) -> list[Spoken]:
    """All sentences, each in two of its language's voices, 16 kHz."""
    engine = Kokoro(WeightStore(), threads=1, options=KokoroOptions(warm_languages=()))
    found: list[Spoken] = []
    for language, lines in sentences.items():
        for number, line in enumerate(lines):
            names = voices[language]
            for voice in {names[number % len(names)], names[(number + 1) % len(names)]}:
                chunks = [chunk async for chunk in engine.synthesize(line, TTSOptions(language, voice))]
                audio = AudioChunk(np.concatenate([chunk.audio.samples for chunk in chunks]), chunks[0].audio.rate)
                samples = at_rate(audio, SPEECH_RATE)
                found.append(Spoken(line, language, voice, samples, chunks[0].timeline))
    await engine.aclose()
    return found


def soiled(samples: Samples, random: np.random.Generator) -> Samples:
    """The same in another room: other colour, other level, noise 20 to 45 dB under it."""
    kernel = np.zeros(8)
    kernel[0], kernel[1:] = 1.0, random.normal(0, 0.12, 7)
    coloured = np.convolve(samples, kernel, "same")
    hiss = np.convolve(random.normal(0, 1, len(samples)), [1.0, random.uniform(0, 0.9)], "same")
    loud = np.sqrt(np.mean(np.square(coloured[np.abs(coloured) > 0.01])))
    return np.asarray(coloured + hiss / hiss.std() * loud * 10 ** (-random.uniform(20, 45) / 20), np.float32)


def mel_of(samples: Samples) -> Floats:
    """Mel spectrum in dB, as `features` has it."""
    return np.asarray(10 * (4 * log_mel(samples) - 4), np.float32)


def labels(one: Spoken, frames: int) -> NDArray[np.int32]:
    """Class and stage of each frame by the times that the voice gives."""
    times = np.arange(frames) * STEP
    found = np.full(frames, CLASSES.index(PAUSE) * STAGES + 1, np.int32)
    for phoneme in one.timeline.phonemes:
        inside = np.flatnonzero((times >= phoneme.start) & (times < phoneme.end))
        kind = CLASSES.index(class_of(phoneme.symbol))
        stage = np.arange(len(inside)) * STAGES // max(1, len(inside))
        found[inside] = kind * STAGES + (stage if CLASSES[kind] != PAUSE else 1)
    return found


def aligned(one: Spoken, observed: Floats, model: Acoustics, g2p: G2P) -> NDArray[np.int32]:
    """Class and stage of each frame by the model so far."""
    units = units_of(one.timeline.words, one.language, g2p.words)
    states = states_of(units)
    course = course_of(units, states, observed, np.zeros(len(observed), np.bool_), start=0.0, model=model)
    return labels(one, len(observed)) if course is None else states.column[course]


def measure(observed: Floats, state: NDArray[np.int32], lengths: Floats) -> Acoustics:
    """The model of frames (n, WIDTH) whose class and stage are known."""
    count = len(CLASSES) * STAGES
    members = [np.flatnonzero(state == number) for number in range(count)]
    known = [len(rows) >= FEWEST for rows in members]
    inside = np.concatenate([observed[rows] - observed[rows].mean(0) for rows in members if len(rows) >= FEWEST])
    whiten = np.linalg.inv(np.linalg.cholesky(np.cov(inside.T) + 1e-3 * np.eye(WIDTH))).T
    white = observed @ whiten
    means, spreads = np.zeros((count, WIDTH)), np.ones((count, WIDTH))
    for number, rows in enumerate(members):
        if known[number]:
            means[number] = white[rows].mean(0)
            spreads[number] = np.clip(white[rows].std(0), 0.4, 3.0)
    for number in (index for index in range(count) if not known[index]):
        kind, stage = divmod(number, STAGES)
        other = RELATED.get(CLASSES[kind], "ə")
        best = next(
            (s for s in (CLASSES.index(other) * STAGES + stage, kind * STAGES + 1, kind * STAGES) if known[s]),
            CLASSES.index("ə") * STAGES + 1,
        )
        means[number], spreads[number] = means[best], spreads[best]
    shape = (len(CLASSES), STAGES, WIDTH)
    return Acoustics(_single(whiten), _single(means.reshape(shape)), _single(spreads.reshape(shape)), lengths)


def _single(values: NDArray[np.float64]) -> Floats:
    return np.asarray(values, np.float32)


def lengths_of(spoken: Sequence[Spoken]) -> Floats:
    """Mean length of each class in seconds; 80 ms where it never came."""
    seconds: dict[str, list[float]] = {name: [] for name in CLASSES}
    for one in spoken:
        for phoneme in one.timeline.phonemes:
            seconds[class_of(phoneme.symbol)].append(phoneme.end - phoneme.start)
    return np.array([np.mean(seconds[name]) if len(seconds[name]) > 2 else 0.08 for name in CLASSES], np.float32)


def train(spoken: Sequence[Spoken], rounds: int) -> Acoustics:
    """Measures, aligns and measures again."""
    random, g2p, lengths = np.random.default_rng(7), G2P(), lengths_of(spoken)
    clean = [observe(mel_of(one.samples)) for one in spoken]
    dirty = [observe(mel_of(soiled(one.samples, random))) for one in spoken]
    state = [labels(one, len(seen)) for one, seen in zip(spoken, clean, strict=True)]
    model = measure(np.concatenate([*clean, *dirty]), np.concatenate([*state, *state]), lengths)
    for _ in range(rounds):
        state = [aligned(one, seen, model, g2p) for one, seen in zip(spoken, clean, strict=True)]
        model = measure(np.concatenate([*clean, *dirty]), np.concatenate([*state, *state]), lengths)
    return model


def counts(spoken: Sequence[Spoken]) -> Iterator[str]:
    """How often each class came."""
    found = [class_of(phoneme.symbol) for one in spoken for phoneme in one.timeline.phonemes]
    for name in CLASSES:
        yield f"{name} {found.count(name)}"


def main() -> None:
    """Writes the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    rounds = parser.parse_args().rounds
    spoken = asyncio.run(speak(VOICES, SENTENCES))
    print(f"{sum(len(one.samples) for one in spoken) / SPEECH_RATE:.0f} s of speech:", ", ".join(counts(spoken)))
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(train(spoken, rounds).fields(), ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

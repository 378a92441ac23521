"""Training scenes for the double-talk detector: a coach, rooms, people, household noise, sudden sounds."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.barge_in.accuracy import COACH, LINES
from benchmarks.barge_in.closed_loop import active_rms
from benchmarks.data import recordings
from benchmarks.data.spoken_commands import commands
from benchmarks.data.synthetic_speakers import Speaker, speakers
from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples, to_int16
from skill.content.language import load_language
from skill.echo_control.double_talk import DoubleTalkDetector
from skill.echo_control.echo_control import EchoControl
from skill.echo_control.kalman_filter import HOP
from skill.simulation.convolver import Convolver
from skill.simulation.impulse_response import Box, generated
from skill.simulation.room import Room, RoomSettings

SCENE_S = 40.0
"""Length of a scene; at its beginning the echo path is unknown."""

SPLIT = "dev"
"""The split of words, noises and sentences that is used for training."""

ENGINES = ("espeak-ng", "flite")
"""Engines for the voices of people: those that are easy to install, so that the scenes are the same everywhere."""

SPEECH_DB = -22.0
"""Level relative to the loudest hop of a word below which a hop does not count as speech."""

LATE_HOPS = 12
"""Hops after speech that are left out of training: either answer is acceptable."""

ONSET_HOPS = 10
"""Number of hops at the onset of a word ..."""

ONSET_WEIGHT = 3.0
"""... and their weight: here the coach has to be ducked."""

SUDDEN_HOPS = 40
"""Number of hops after a sudden sound ..."""

SUDDEN_WEIGHT = 0.2
"""... and their weight: at its onset a slammed door cannot be told from a word."""


@dataclass(frozen=True)
class Scene:
    """The features of one scene, one row for each hop of 10 ms."""

    features: np.ndarray
    """(hops, FEATURES), float32."""

    speech: np.ndarray
    """(hops,): 1 with near-end speech, 0 without."""

    weight: np.ndarray
    """(hops,): weight in training; 0: left out."""


class _Recorder(DoubleTalkDetector):
    """Records the features instead of classifying them."""

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []

    def probability(self, features: np.ndarray) -> float:
        self.rows.append(features.astype(np.float32))
        return 0.0


@dataclass(frozen=True)
class Material:
    """Sounds of which scenes are made, 16 kHz mono int16."""

    coaches: list[list[Samples]]
    people: list[Samples]
    noises: list[Samples]


def material(folder: Path, cache: Path) -> Material:
    """Read speech of people and noises, and synthesise the rest."""
    coach_voices = [COACH, *(s for s in speakers() if s == Speaker("piper", "joe")), Speaker("espeak-ng", "en-us+f4")]
    coaches = [[voice.say(line, 150 / 160, cache) for line in LINES] for voice in coach_voices]
    people = [clip.samples for clip in recordings.words(folder) if clip.split == SPLIT and clip.label != "silence"]
    people += [clip.samples for clip in recordings.coffee(folder) if clip.split == SPLIT][::3]
    others = [voice for voice in speakers() if voice != COACH and voice.engine in ENGINES]
    said = [each for each in commands(load_language(), others, each=1) if each.split == SPLIT][::4]
    people += [each.speaker.say(each.text, each.speed, cache) for each in said]
    noises = [clip.samples for clip in recordings.pieces(folder, "noise") if clip.split == SPLIT]
    return Material(coaches, people, [*noises, recordings.kitchen(folder)[: 30 * SAMPLE_RATE]])


def scenes(found: Material, count: int, seed: int = 1) -> Iterator[Scene]:
    """Yield `count` scenes, every other one with near-end speech. The same seed gives the same scenes."""
    for number in range(count):
        yield _scene(found, np.random.default_rng([seed, number]), people=number % 2 == 0)


def _scene(found: Material, draw: np.random.Generator, *, people: bool) -> Scene:
    length = round(SCENE_S * SAMPLE_RATE) // BLOCK_SIZE * BLOCK_SIZE
    taps = generated(_box(draw), seed=int(draw.integers(1000)))
    level = draw.uniform(-42, -8) if draw.random() < 0.9 else -90.0  # headphones: no echo at all
    talk = _talk(found.coaches[int(draw.integers(len(found.coaches)))], length, draw)
    user, speaks = _user(found, length, level, draw) if people else (np.zeros(length), np.zeros(length // HOP, bool))
    gain = _gain(speaks, length, draw)
    far = to_int16(talk / 32768.0 * 10 ** (draw.uniform(-6, 3) / 20) * gain)
    echo_gain = level - 20 * np.log10(active_rms(far) / 32768.0)
    clip = None if draw.random() < 0.3 else 10 ** ((level + draw.uniform(2, 14)) / 20)
    drift = 0.0 if draw.random() < 0.3 else draw.uniform(-80, 80)
    room = Room(taps, RoomSettings(echo_gain, float(draw.uniform(5, 200)), drift, clip))
    noise, sudden = _noise(found, length, level, draw)
    recorder = _Recorder()
    control = EchoControl(detector=recorder)
    for at in range(0, length, BLOCK_SIZE):
        part = slice(at, at + BLOCK_SIZE)
        near = room.microphone(to_int16((user[part] + noise[part]) / 32768.0), far[part])
        control.process(near, far[part])
    return _labelled(np.stack(recorder.rows), speaks, sudden)


def _labelled(features: np.ndarray, speaks: np.ndarray, sudden: np.ndarray) -> Scene:
    """Return the scene with weights: onsets of words count more, hops right after a word do not count."""
    before = np.concatenate([np.zeros(LATE_HOPS, bool), speaks])
    recent = np.lib.stride_tricks.sliding_window_view(before, LATE_HOPS + 1)[:, :-1].any(axis=1)
    weight = np.where(~speaks & recent, 0.0, 1.0)
    weight[~speaks & sudden] *= SUDDEN_WEIGHT
    begins = np.flatnonzero(speaks & ~recent)
    for at in begins:
        weight[at : at + ONSET_HOPS] *= ONSET_WEIGHT
    return Scene(features, speaks.astype(np.float32), weight.astype(np.float32))


def _box(draw: np.random.Generator) -> Box:
    size = (draw.uniform(2.2, 7), draw.uniform(1.8, 5), draw.uniform(2.2, 3))
    speaker = tuple(float(draw.uniform(0.15, 0.6) * side) for side in size)
    away = draw.uniform(0.15, 1.2) * np.array([0.7, 0.6, -0.1])
    place = tuple(float(np.clip(s + d, 0.1, side - 0.1)) for s, d, side in zip(speaker, away, size, strict=True))
    decay = float(draw.uniform(0.2, 0.7) if draw.random() < 0.8 else draw.uniform(0.7, 1.1))
    return Box(size, decay, (speaker[0], speaker[1], speaker[2]), (place[0], place[1], place[2]))


def _talk(lines: list[Samples], length: int, draw: np.random.Generator) -> np.ndarray:
    """Return the coach talking, with pauses of random lengths."""
    parts: list[np.ndarray] = []
    while sum(map(len, parts)) < length:
        parts += [lines[int(draw.integers(len(lines)))], np.zeros(round(min(1.5, draw.exponential(0.6)) * SAMPLE_RATE))]
    return np.concatenate(parts)[:length].astype(float)


def _user(found: Material, length: int, level: float, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return words of people, some of them reverberant, and the hops in which they are active."""
    user, speaks, at = np.zeros(length), np.zeros(length // HOP, bool), draw.uniform(1, 4) * SAMPLE_RATE
    loudest, room = max(level, -45), generated(_box(draw))[: SAMPLE_RATE // 2]
    while at < length - SAMPLE_RATE:
        word = found.people[int(draw.integers(len(found.people)))].astype(float)[: 4 * SAMPLE_RATE]
        if draw.random() < 0.5:
            padded = np.concatenate([word, np.zeros(-len(word) % BLOCK_SIZE)])
            word = Convolver(room).process(padded)
        rms = 32768 * 10 ** ((loudest + draw.uniform(-12, 10)) / 20)
        word = (word * rms / active_rms(word))[: length - int(at)] if word.any() else word[:0]
        hops = len(word) // HOP
        power = (word[: hops * HOP].reshape(hops, HOP) ** 2).mean(axis=1)
        first = int(at) // HOP
        heard = power > power.max(initial=0) * 10 ** (SPEECH_DB / 10)
        user[first * HOP : first * HOP + len(word)] += word[: len(user) - first * HOP]
        speaks[first : first + hops] |= heard[: len(speaks) - first]
        at += len(word) + draw.uniform(0.8, 4) * SAMPLE_RATE
    return user, speaks


def _gain(speaks: np.ndarray, length: int, draw: np.random.Generator) -> np.ndarray:
    """Return the coach's gains: mostly ducked during near-end speech, and sometimes without it."""
    low = np.zeros(length // HOP, bool)
    begins = np.flatnonzero(speaks & ~np.concatenate([[False], speaks[:-1]]))
    for at in [*begins[draw.random(len(begins)) < 0.6], *draw.integers(0, len(low), 4)]:
        start = int(at) + int(draw.integers(6, 25))
        low[start : start + int(draw.integers(40, 120))] = True
    gain = np.repeat(np.where(low, 10 ** (-draw.choice([10, 20]) / 20), 1.0), HOP)
    smooth = np.convolve(np.pad(gain, (320, 0), mode="edge"), np.ones(321) / 321, "valid")
    return smooth[:length]


def _noise(found: Material, length: int, level: float, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return noise (a faint hiss, mostly a household noise, sudden sounds), and the hops of the sudden sounds."""
    sudden = np.zeros(length // HOP, bool)
    noise = draw.normal(0, 10 ** draw.uniform(0.2, 1.2), length)
    loudest = 32768 * 10 ** (max(level, -45) / 20)
    if draw.random() < 0.7:
        piece = found.noises[int(draw.integers(len(found.noises)))].astype(float)
        piece = np.resize(np.roll(piece, -int(draw.integers(len(piece)))), length)
        noise += piece * loudest * 10 ** (-draw.uniform(3, 30) / 20) / active_rms(piece)
    for at in draw.integers(0, length - SAMPLE_RATE, int(draw.integers(0, 6))):
        sound = _sudden(draw)
        noise[at : at + len(sound)] += sound * loudest * 10 ** (draw.uniform(-20, 10) / 20)
        sudden[int(at) // HOP : int(at) // HOP + SUDDEN_HOPS] = True
    return noise, sudden


def _sudden(draw: np.random.Generator) -> np.ndarray:
    """Return a slam, knock or click: one or a few decaying bursts of coloured noise."""
    total = np.zeros(SAMPLE_RATE)
    corner, decay = draw.uniform(80, 3000), draw.uniform(0.005, 0.12)
    for at in np.cumsum(draw.integers(0, SAMPLE_RATE // 4, int(draw.integers(1, 4)))):
        burst = draw.normal(0, 1, SAMPLE_RATE) * np.exp(-np.arange(SAMPLE_RATE) / (decay * SAMPLE_RATE))
        total[int(at) :] += burst[: SAMPLE_RATE - int(at)] * draw.uniform(0.3, 1)
    ratio = np.fft.rfftfreq(SAMPLE_RATE, 1 / SAMPLE_RATE) / corner
    shape = 1 / (1 + ratio**2) if draw.random() < 0.6 else ratio / (1 + ratio**2)
    coloured = np.fft.irfft(np.fft.rfft(total) * shape)
    return coloured / np.sqrt(np.mean(coloured[: SAMPLE_RATE // 10] ** 2) + 1e-9)

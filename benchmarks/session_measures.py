"""Whole sessions in closed loop: how soon the coach is silent, and what it hears while nobody speaks."""

import contextlib
import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks import commands_over_coach as echo
from benchmarks import recordings
from benchmarks.barge_in_latency import Interruption, interruptions
from benchmarks.echo_measures import COACH, LINES
from benchmarks.figures import Figure, per_hour, percentile, rate
from benchmarks.material import Bench
from benchmarks.progress import Progress
from benchmarks.simulated_session import HeldSession
from benchmarks.synthetic_speakers import speakers
from skill.audio.blocks import Samples
from skill.coach_settings import Settings
from skill.composition import Parts
from skill.memory import Memory
from skill.preferences import LOUDEST, Preferences
from skill.simulation.impulse_response import Box, generated
from skill.simulation.room import Room
from skill.understanding.understanding import Understanding

SAID = ("pause", "wait", "hold on", "next", "pause please", "repeat that")
"""Said by synthetic voices, between the people's "stop"."""

LEVEL_DB = 0
"""User to echo at the microphone."""

HALL = Box((12.0, 8.0, 3.6), 2.2, (4.0, 3.0, 0.8), (5.2, 3.4, 0.4))
"""Long reverberation: a room in which the echo outlasts the filter."""

NOISE_DB = -12.0
"""Level of the household noise against the coach at the microphone."""

KINDS = {"quiet": "quiet rooms", "noise": "household noise"}
"""What is heard beside the coach, and how it is called in the table."""


def silence_after_a_command(bench: Bench) -> Iterator[Figure]:
    """From the end of a command's sound to silence, over rooms."""
    parts = Parts(Settings(), bench.model.folder)
    listener, said, found = parts.listener(), _said(parts, bench), list[Interruption]()
    with contextlib.closing(parts.voice()) as voice:
        for number, taps in enumerate(echo.all_rooms(bench.recordings).values()):
            settings = echo.DEVICES[number % len(echo.DEVICES)]
            loudness = _loudness(bench, Room(taps, settings)) * 10 ** (LEVEL_DB / 20)
            held = HeldSession(parts.content, listener, voice, Room(taps, settings), Memory())
            found += interruptions(held, said, loudness)
    understood = [each for each in found if each.understood]
    yield rate(f"over the coach, whole sessions, {LEVEL_DB} dB", len(understood), len(found))
    silent = [each.silent_after for each in understood if each.silent_after > 0]
    yield percentile("end of the command to silence, median", silent, 0.5, "s", "0.25 s")
    yield percentile("end of the command to silence, 95 %", silent, 0.95, "s", "0.45 s")


@dataclass(frozen=True)
class Alone:
    """What happened in some audio time in which the coach talked and nobody else."""

    kind: str
    """Quiet rooms, or noise."""

    seconds: float
    accepted: int
    lowered: int


def hears_itself(bench: Bench) -> Iterator[Figure]:
    """Hours of talking at the loudest setting with nobody speaking: commands accepted, and false ducking.

    Of fewer hours where it is broken off with Ctrl-C.
    """
    parts: list[Alone] = []
    broken_off, progress = False, Progress("the coach alone", bench.hours)
    try:
        for part in _alone(bench):
            parts.append(part)
            total = _total(parts)
            progress.show(total.seconds, f"{total.accepted} accepted, {total.lowered} times lowered")
    except KeyboardInterrupt:
        broken_off = True
    if parts:
        total = _total(parts)
        yield per_hour("the coach hears itself: commands accepted, loudest", total.accepted, total.seconds, "0")
    for kind, where in KINDS.items():
        total = _total(part for part in parts if part.kind == kind)
        if total.seconds:
            yield per_hour(f"lowered while nobody speaks, loudest, {where}", total.lowered, total.seconds, "3")
    if broken_off:
        raise KeyboardInterrupt


def _total(parts: Iterable[Alone]) -> Alone:
    seconds, accepted, lowered = 0.0, 0, 0
    for part in parts:
        seconds, accepted, lowered = seconds + part.seconds, accepted + part.accepted, lowered + part.lowered
    return Alone("total", seconds, accepted, lowered)


def _alone(bench: Bench) -> Iterator[Alone]:
    """Let the coach talk in every room, without and with noise; yield what happened in each minute."""
    parts = Parts(Settings(), bench.model.folder)
    listener = parts.listener()
    rooms = echo.all_rooms(bench.recordings) | {"hall": generated(HALL)}
    noises = [clip.samples for clip in bench.of_half(recordings.pieces(bench.recordings, "noise"))]
    each_s = 3600 * bench.hours / (len(KINDS) * len(rooms))
    with contextlib.closing(parts.voice()) as voice:
        for number, (name, taps) in enumerate(rooms.items()):
            for kind in KINDS:
                noise = noises[number % len(noises)] if kind == "noise" else None
                room = _loud_room(bench, number, taps, noise)
                held = HeldSession(parts.content, listener, voice, room, _loudest())
                yield from _minutes(held, kind, each_s)
                for at, intent, text in held.heard:
                    bench.note("self", text, None, [], intent=intent, at=at, room=name, kind=kind)
                bench.note("self: lowered", "", None, [], at=held.ducks, room=name, kind=kind)


def _minutes(held: HeldSession, kind: str, each_s: float) -> Iterator[Alone]:
    """Let a session go on for so many seconds; yield what happened in each minute."""
    while held.seconds < each_s and not held.session.ended:
        began, heard, ducks = held.seconds, len(held.heard), len(held.ducks)
        while held.seconds < min(began + 60, each_s) and not held.session.ended:
            held.move_on()
            held.silence(0.1)
        yield Alone(kind, held.seconds - began, len(held.heard) - heard, len(held.ducks) - ducks)


def _said(parts: Parts, bench: Bench) -> list[echo.Command]:
    """Return commands of synthetic voices and of people in turn."""
    voices = [speaker for speaker in speakers() if speaker != COACH]
    understanding = Understanding(parts.language, Settings().listening)
    graph = understanding.graph(echo.CONTEXT)
    synthetic = []
    for number, text in enumerate(SAID):
        voice, meaning = voices[3 * number % len(voices)], graph.meaning(text.split())
        assert meaning is not None, f"“{text}” is no command any more"
        synthetic.append(echo.Command(voice.say(text, 1.0, bench.cache), meaning.intent, f"{voice.name}: {text}"))
    people = echo.people_saying_stop(bench.recordings, bench.half)
    return [command for pair in zip(synthetic, people, strict=False) for command in pair]


def _loudness(bench: Bench, room: Room) -> float:
    """Return how loud the coach is at the microphone of a room."""
    return echo.active_rms(_through(room, COACH.say(LINES[0], 150 / 160, bench.cache)))


def _loud_room(bench: Bench, number: int, taps: np.ndarray, noise: Samples | None) -> Room:
    """Return a room with a loudspeaker that is turned up, and a noise so much softer than the coach in it."""
    settings = dataclasses.replace(echo.DEVICES[number % len(echo.DEVICES)], speaker_gain_db=0.0)
    if noise is None:
        return Room(taps, settings)
    gain = 10 ** ((Preferences(volume=LOUDEST).gain_db) / 20)
    level = _loudness(bench, Room(taps, settings)) * gain * 10 ** (NOISE_DB / 20)
    scaled = np.clip(noise * (level / echo.active_rms(noise)), -32768, 32767).astype(np.int16)
    return Room(taps, settings, noise=scaled, seed=number)


def _through(room: Room, sound: Samples) -> Samples:
    whole = np.concatenate([sound, np.zeros(math.ceil(len(sound) / 320) * 320 - len(sound), np.int16)])
    return np.concatenate([room.microphone(np.zeros_like(part), part) for part in whole.reshape(-1, 320)])


def _loudest() -> Memory:
    memory = Memory()
    memory.prefer(dataclasses.asdict(Preferences(volume=LOUDEST)))
    return memory

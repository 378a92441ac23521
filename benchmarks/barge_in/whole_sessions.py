"""Whole sessions in closed loop: barge-in latency, and false interruptions and commands while nobody speaks."""

import contextlib
import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.barge_in import closed_loop as echo
from benchmarks.barge_in.accuracy import COACH, LINES
from benchmarks.barge_in.latency import Interruption, interruptions
from benchmarks.barge_in.simulated_session import SimulatedSession
from benchmarks.data import recordings
from benchmarks.data.synthetic_speakers import speakers
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure, per_hour, percentile, rate
from benchmarks.progress import Progress
from skill.audio.blocks import Samples
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.memory import Memory
from skill.preferences import LOUDEST, Preferences
from skill.simulation.impulse_response import Box, generated
from skill.simulation.room import Room
from skill.understanding.understanding import Understanding

SAID = ("pause", "wait", "hold on", "next", "pause please", "repeat that")
"""Commands of synthetic voices; they alternate with the recordings of people who say "stop"."""

LEVEL_DB = 0
"""Level of the user relative to the echo at the microphone."""

HALL = Box((12.0, 8.0, 3.6), 2.2, (4.0, 3.0, 0.8), (5.2, 3.4, 0.4))
"""A hall whose reverberation is longer than the adaptive filter."""

NOISE_DB = -12.0
"""Level of the household noise relative to the coach at the microphone."""

KINDS = {"quiet": "quiet rooms", "noise": "household noise"}
"""The background in addition to the coach, and its name in the table."""


def barge_in_latency(evaluation: Evaluation) -> Iterator[Figure]:
    """Barge-in latency: from the end of a command's sound until the coach is silent, in all rooms."""
    parts = Parts(Settings(), evaluation.model.folder)
    listener, said, found = parts.listener(), _said(parts, evaluation), list[Interruption]()
    with contextlib.closing(parts.voice()) as voice:
        for number, taps in enumerate(echo.all_rooms(evaluation.recordings).values()):
            settings = echo.DEVICES[number % len(echo.DEVICES)]
            loudness = _loudness(evaluation, Room(taps, settings)) * 10 ** (LEVEL_DB / 20)
            simulated = SimulatedSession(parts.content, listener, voice, Room(taps, settings), Memory())
            found += interruptions(simulated, said, loudness)
    understood = [each for each in found if each.understood]
    yield rate(f"over the coach, whole sessions, {LEVEL_DB} dB", len(understood), len(found))
    silent = [each.silent_after for each in understood if each.silent_after > 0]
    yield percentile("end of the command to silence, median", silent, 0.5, "s", "0.25 s")
    yield percentile("end of the command to silence, 95 %", silent, 0.95, "s", "0.45 s")


@dataclass(frozen=True)
class Alone:
    """Counts of a period in which only the coach talked."""

    kind: str
    """Quiet rooms, or noise."""

    seconds: float
    accepted: int
    ducked: int
    """False interruptions: how often the coach was ducked."""


def false_interruptions(evaluation: Evaluation) -> Iterator[Figure]:
    """The coach alone at the loudest setting: commands accepted and false interruptions an hour.

    Covers `evaluation.hours`, or less if it is interrupted with Ctrl-C.
    """
    parts: list[Alone] = []
    broken_off, progress = False, Progress("the coach alone", evaluation.hours)
    try:
        for part in _alone(evaluation):
            parts.append(part)
            total = _total(parts)
            progress.show(total.seconds, f"{total.accepted} accepted, {total.ducked} times ducked")
    except KeyboardInterrupt:
        broken_off = True
    if parts:
        total = _total(parts)
        yield per_hour("the coach alone, loudest: commands accepted", total.accepted, total.seconds, "0")
    for kind, where in KINDS.items():
        total = _total(part for part in parts if part.kind == kind)
        if total.seconds:
            yield per_hour(f"the coach alone, loudest: false interruptions, {where}", total.ducked, total.seconds, "3")
    if broken_off:
        raise KeyboardInterrupt


def _total(parts: Iterable[Alone]) -> Alone:
    seconds, accepted, ducked = 0.0, 0, 0
    for part in parts:
        seconds, accepted, ducked = seconds + part.seconds, accepted + part.accepted, ducked + part.ducked
    return Alone("total", seconds, accepted, ducked)


def _alone(evaluation: Evaluation) -> Iterator[Alone]:
    """Let the coach talk in every room, without and with noise; yield the counts of each minute."""
    parts = Parts(Settings(), evaluation.model.folder)
    listener = parts.listener()
    rooms = echo.all_rooms(evaluation.recordings) | {"hall": generated(HALL)}
    noises = [clip.samples for clip in evaluation.in_split(recordings.pieces(evaluation.recordings, "noise"))]
    each_s = 3600 * evaluation.hours / (len(KINDS) * len(rooms))
    with contextlib.closing(parts.voice()) as voice:
        for number, (name, taps) in enumerate(rooms.items()):
            for kind in KINDS:
                noise = noises[number % len(noises)] if kind == "noise" else None
                room = _loud_room(evaluation, number, taps, noise)
                simulated = SimulatedSession(parts.content, listener, voice, room, _loudest())
                yield from _minutes(simulated, kind, each_s)
                for at, intent, text in simulated.heard:
                    evaluation.note("false-interruptions", text, None, [], intent=intent, at=at, room=name, kind=kind)
                evaluation.note("false-interruptions: ducked", "", None, [], at=simulated.ducks, room=name, kind=kind)


def _minutes(simulated: SimulatedSession, kind: str, each_s: float) -> Iterator[Alone]:
    """Run a session for `each_s` seconds; yield the counts of each minute."""
    while simulated.seconds < each_s and not simulated.session.ended:
        began, heard, ducks = simulated.seconds, len(simulated.heard), len(simulated.ducks)
        while simulated.seconds < min(began + 60, each_s) and not simulated.session.ended:
            simulated.move_on()
            simulated.silence(0.1)
        yield Alone(kind, simulated.seconds - began, len(simulated.heard) - heard, len(simulated.ducks) - ducks)


def _said(parts: Parts, evaluation: Evaluation) -> list[echo.Command]:
    """Return commands, alternately of synthetic voices and of people."""
    voices = [speaker for speaker in speakers() if speaker != COACH]
    understanding = Understanding(parts.language, Settings().listening)
    graph = understanding.graph(echo.CONTEXT)
    synthetic = []
    for number, text in enumerate(SAID):
        voice, meaning = voices[3 * number % len(voices)], graph.meaning(text.split())
        assert meaning is not None, f"“{text}” is no longer a command"
        synthetic.append(echo.Command(voice.say(text, 1.0, evaluation.cache), meaning.intent, f"{voice.name}: {text}"))
    people = echo.people_saying_stop(evaluation.recordings, evaluation.split)
    return [command for pair in zip(synthetic, people, strict=False) for command in pair]


def _loudness(evaluation: Evaluation, room: Room) -> float:
    """Return the RMS level of the coach at the microphone of a room."""
    return echo.active_rms(_through(room, COACH.say(LINES[0], 150 / 160, evaluation.cache)))


def _loud_room(evaluation: Evaluation, number: int, taps: np.ndarray, noise: Samples | None) -> Room:
    """Return a room with the loudspeaker turned up, and noise at NOISE_DB below the coach if there is any."""
    settings = dataclasses.replace(echo.DEVICES[number % len(echo.DEVICES)], speaker_gain_db=0.0)
    if noise is None:
        return Room(taps, settings)
    gain = 10 ** ((Preferences(volume=LOUDEST).gain_db) / 20)
    level = _loudness(evaluation, Room(taps, settings)) * gain * 10 ** (NOISE_DB / 20)
    scaled = np.clip(noise * (level / echo.active_rms(noise)), -32768, 32767).astype(np.int16)
    return Room(taps, settings, noise=scaled, seed=number)


def _through(room: Room, sound: Samples) -> Samples:
    whole = np.concatenate([sound, np.zeros(math.ceil(len(sound) / 320) * 320 - len(sound), np.int16)])
    return np.concatenate([room.microphone(np.zeros_like(part), part) for part in whole.reshape(-1, 320)])


def _loudest() -> Memory:
    memory = Memory()
    memory.prefer(dataclasses.asdict(Preferences(volume=LOUDEST)))
    return memory

"""Commands over the coach's own voice, in closed loop: simulated rooms and a real loudspeaker."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import recordings
from benchmarks.recordings import Clip, half_of
from skill.audio import wav
from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, SAMPLE_RATE, Samples, silence, to_int16
from skill.audio.player import Player
from skill.echo_control.echo_control import EchoControl
from skill.events import Heard
from skill.hearing.listener import Listener
from skill.simulation.impulse_response import BOXES, generated, normalized
from skill.simulation.room import Room, RoomSettings
from skill.turn_taking.barge_in import BargeIn, BargeInSettings
from skill.turn_taking.interruption import InterruptionController

LEVELS_DB = (0, -5, -10)
"""User to echo at the microphone, in simulated rooms."""

REAL_LEVELS_DB = (5, 0, -5)
"""The same over the recording of a real loudspeaker."""

DEVICES = (
    RoomSettings(speaker_gain_db=-6, delay_ms=60, soft_clip=0.5),
    RoomSettings(speaker_gain_db=-6, delay_ms=120, drift_ppm=-30, soft_clip=0.3),
    RoomSettings(speaker_gain_db=-6, delay_ms=30, drift_ppm=50, soft_clip=0.6),
)
"""Loudspeakers with distortion and clocks that drift; rooms take turns with them."""

CONTEXT = "instructing"
LEAD_S, EVERY_S = 8.0, 4.5

STEADY = 10_000
"""What the player is given in place of the coach: it comes out as its volume, also where the echo is a recording."""

Air = Callable[[Samples, Samples, np.ndarray], Samples]
"""What brings a block of the user, a block of the loudspeaker and its gains to the microphone."""


@dataclass(frozen=True)
class Command:
    """Something said over the coach, and what it must be understood as."""

    sound: Samples
    intent: str
    name: str
    recorded: bool = False
    """Whether it is a recording, in which something may be heard before the word."""

    @property
    def begins(self) -> int | None:
        """Return the sample at which the word becomes audible.

        None where that cannot be told: in a recording that is not quiet before it.
        """
        at = audible_from(self.sound)
        return None if self.recorded and at == 0 else at


@dataclass(frozen=True)
class Outcome:
    """What became of one command."""

    understood: bool
    ducked_after: float | None
    """Seconds from where the word becomes audible until the coach was lowered; infinite if never. None where it cannot
    be told when the word begins."""


class Loop:
    """The coach talks and gives way as it does in a session, and the microphone hears what is left.

    Only that it does not stop for a command, nor stop listening where it takes several for its echo: each is a trial
    by itself.
    """

    def __init__(self, listener: Listener, air: Air) -> None:
        self._listener, self._air, self._player = listener, air, Player()
        never_half_duplex = BargeIn(BargeInSettings(loop_within_ms=-1))
        self._interruption = InterruptionController(listener, self._player, EchoControl(), never_half_duplex)

    def run(self, coach: Samples, user: Samples) -> tuple[list[Heard], list[float]]:
        """Return what was understood, and the coach's gain at the end of each block."""
        self._listener.restart()
        self._listener.listen(CONTEXT)
        self._player.play(0, np.full(len(coach), STEADY, np.int16))
        heard: list[Heard] = []
        gains: list[float] = []
        for at in range(0, len(coach) // BLOCK_SIZE * BLOCK_SIZE, BLOCK_SIZE):
            part, now = slice(at, at + BLOCK_SIZE), (at // BLOCK_SIZE + 1) * BLOCK_MS
            gain = self._player.pull() / STEADY
            far = to_int16(coach[part] / 32768.0 * gain)
            decided = self._interruption.hear(self._air(user[part], far, gain), far, now)
            self._interruption.resume_playback(now)
            heard += [event for event in decided if isinstance(event, Heard)]
            gains.append(float(gain[-1]))
        return heard, gains


def over_simulated_rooms(
    listener: Listener, rooms: dict[str, np.ndarray], coach: Samples, said: Sequence[Command], level_db: float
) -> Iterator[tuple[str, Outcome]]:
    """Yield the room and the outcome of every command in every room, at one level."""
    for number, (name, taps) in enumerate(rooms.items()):
        settings = DEVICES[number % len(DEVICES)]
        length = round((LEAD_S + EVERY_S * len(said) + 2) * SAMPLE_RATE) // BLOCK_SIZE * BLOCK_SIZE
        talk = np.resize(coach, length)
        room = Room(taps, settings)
        sample = np.concatenate(
            [room.microphone(silence(), talk[at : at + BLOCK_SIZE]) for at in range(0, 160_000, BLOCK_SIZE)]
        )
        user, places = _said_over(said, length, active_rms(sample) * 10 ** (level_db / 20))
        heard, gains = Loop(listener, _through(Room(taps, settings))).run(talk, user)
        for command, place in zip(said, places, strict=True):
            yield name, _outcome(command, place, heard, gains)


def over_a_real_loudspeaker(
    listener: Listener, far: Samples, mic: Samples, said: Sequence[Command], level_db: float
) -> Iterator[Outcome]:
    """Yield the outcome of each command, laid over the recording by itself; its echo is lowered as the coach is."""
    length = min(len(far), len(mic)) // BLOCK_SIZE * BLOCK_SIZE
    loudness = active_rms(mic) * 10 ** (level_db / 20)
    for number, command in enumerate(said):
        place = round((3 + 6 * ((number * 0.618) % 1)) * SAMPLE_RATE)
        sound = (command.sound * (loudness / active_rms(command.sound)))[: length - place]
        user = np.zeros(length + SAMPLE_RATE)
        user[place : place + len(sound)] = sound
        echo = np.concatenate([mic[:length], silence(SAMPLE_RATE)])
        heard, gains = Loop(listener, _recorded(echo)).run(
            np.concatenate([far[:length], silence(SAMPLE_RATE)]), np.clip(user, -32768, 32767).astype(np.int16)
        )
        yield _outcome(command, place, heard, gains)


def _through(room: Room) -> Air:
    """Return the way to the microphone through a simulated room."""
    return lambda near, far, _gain: room.microphone(near, far)


def _recorded(echo: Samples, delay: int = 35 * SAMPLE_RATE // 1000) -> Air:
    """Return the way to the microphone of a recorded echo, lowered as late as the loudspeaker's sound arrives."""
    waiting, at = np.ones(delay), 0

    def air(near: Samples, _far: Samples, gain: np.ndarray) -> Samples:
        nonlocal waiting, at
        waiting = np.concatenate([waiting, gain])
        late, waiting = waiting[: len(near)], waiting[len(near) :]
        part, at = echo[at : at + len(near)], at + len(near)
        return to_int16((near + part * late) / 32768.0)

    return air


def _said_over(said: Sequence[Command], length: int, loudness: float) -> tuple[Samples, list[int]]:
    """Lay commands over faint noise, each equally loud; return the sound and where each begins."""
    generator = np.random.default_rng(1)
    user, places = generator.normal(0, 6, length), []
    for number, command in enumerate(said):
        place = round((LEAD_S + EVERY_S * number + generator.uniform(0, 1.5)) * SAMPLE_RATE)
        sound = (command.sound * (loudness / active_rms(command.sound)))[: length - place]
        user[place : place + len(sound)] += sound
        places.append(place)
    return np.clip(user, -32768, 32767).astype(np.int16), places


def _outcome(command: Command, place: int, heard: Sequence[Heard], gains: Sequence[float]) -> Outcome:
    first, last = 1000 * place / SAMPLE_RATE, 1000 * (place + len(command.sound)) / SAMPLE_RATE + 1500
    understood = any(event.intent == command.intent for event in heard if first < event.at <= last)
    return Outcome(understood, None if command.begins is None else _lowered_after(place + command.begins, gains))


def _lowered_after(begins: int, gains: Sequence[float]) -> float:
    """Return for how many seconds the coach is still loud, of two; infinite if it is never lowered."""
    block = begins // BLOCK_SIZE
    low = next((n for n, gain in enumerate(gains[block : block + 100]) if gain < 0.15), None)
    return float("inf") if low is None else ((block + low + 1) * BLOCK_SIZE - begins) / SAMPLE_RATE


def active_rms(samples: Samples) -> float:
    """Return the level of what is loud: of 20 ms frames within 25 dB of the loudest."""
    frames = samples[: len(samples) // BLOCK_SIZE * BLOCK_SIZE].reshape(-1, BLOCK_SIZE).astype(np.float64)
    power = (frames**2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 10**-2.5].mean()))


def audible_from(samples: Samples) -> int:
    """Return the sample at which a word becomes audible: the first 10 ms within 20 dB of the loudest 10 ms."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160).astype(np.float64)
    power = (frames**2).mean(axis=1)
    return int(np.flatnonzero(power > power.max() * 0.01)[0]) * 160


def people_saying_stop(found: recordings.Path, half: str) -> list[Command]:
    """Return the people's "stop" of one half of the data."""
    clips = [clip for clip in recordings.words(found) if clip.label == "stop" and half in ("all", half_of_clip(clip))]
    return [Command(clip.samples, "stop", clip.name, recorded=True) for clip in clips]


def half_of_clip(clip: Clip) -> str:
    """Return the half that a clip belongs to."""
    return half_of(clip.speaker or clip.name)


def all_rooms(found: recordings.Path) -> dict[str, np.ndarray]:
    """Return the generated rooms and the measured ones."""
    measured = {name: normalized(taps / 32768.0) for name, taps in recordings.rooms(found).items()}
    return {name: generated(box) for name, box in BOXES.items()} | measured


def real_echo(found: recordings.Path) -> tuple[Samples, Samples]:
    """Return a real loudspeaker's signal and what a microphone heard of it, nobody speaking."""
    return wav.read(found / "echo" / "farend_singletalk-far.flac"), wav.read(
        found / "echo" / "farend_singletalk-mic.flac"
    )

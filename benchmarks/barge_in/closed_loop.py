"""Trials of commands over the coach's voice, in closed loop: through simulated rooms and a real loudspeaker's echo."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.data import recordings
from benchmarks.data.recordings import Clip, split_of
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
"""Levels of the user relative to the echo at the microphone, in simulated rooms."""

REAL_LEVELS_DB = (5, 0, -5)
"""The same for the recording of a real loudspeaker."""

DEVICES = (
    RoomSettings(speaker_gain_db=-6, delay_ms=60, soft_clip=0.5),
    RoomSettings(speaker_gain_db=-6, delay_ms=120, drift_ppm=-30, soft_clip=0.3),
    RoomSettings(speaker_gain_db=-6, delay_ms=30, drift_ppm=50, soft_clip=0.6),
)
"""Loudspeakers with saturation and clock drift; the rooms use them in turn."""

CONTEXT = "instructing"
LEAD_S, EVERY_S = 8.0, 4.5

STEADY = 10_000
"""Constant played instead of the coach. The player's output then is its gain, also when the echo is a recording."""

EchoPath = Callable[[Samples, Samples, np.ndarray], Samples]
"""Takes a block of the user, a block of the loudspeaker and its gains; returns the microphone's block."""


@dataclass(frozen=True)
class Command:
    """A command said over the coach, and its intent."""

    sound: Samples
    intent: str
    name: str
    recorded: bool = False
    """Whether it is a recording of a person, which may contain sound before the word."""

    @property
    def begins(self) -> int | None:
        """Return the sample at which the word becomes audible.

        None if that is unknown: the recording is not quiet before the word.
        """
        at = audible_from(self.sound)
        return None if self.recorded and at == 0 else at


@dataclass(frozen=True)
class Line:
    """A line of the coach, and when it is said, ms."""

    text: str
    began: int
    ended: int


@dataclass(frozen=True)
class Outcome:
    """The result of one command."""

    understood: bool
    ducked_after: float | None
    """Seconds from the audible onset of the word until the coach was ducked; infinite if it was not.

    None if the onset is unknown.
    """


class Loop:
    """The coach talks and is ducked as in a session, and the microphone hears the echo of what was played.

    Unlike in a session, a command does not stop it, and it never becomes half-duplex: each command is an independent
    trial.
    """

    def __init__(self, listener: Listener, echo_path: EchoPath) -> None:
        self._listener, self._echo_path, self._player = listener, echo_path, Player()
        never_half_duplex = BargeIn(BargeInSettings(loop_within_ms=-1))
        self._interruption = InterruptionController(listener, self._player, EchoControl(), never_half_duplex)

    def run(
        self, coach: Samples, user: Samples, lines: Iterable[Line] = (), context: str | None = CONTEXT
    ) -> tuple[list[Heard], list[float]]:
        """Return the commands understood in a context, and the coach's gain at the end of each block.

        `lines`: what the coach says; a command that repeats it may be rejected as its echo.
        """
        waiting = deque(lines)
        self._listener.restart()
        self._listener.listen(context)
        self._player.play(0, np.full(len(coach), STEADY, np.int16))
        heard: list[Heard] = []
        gains: list[float] = []
        for at in range(0, len(coach) // BLOCK_SIZE * BLOCK_SIZE, BLOCK_SIZE):
            part, now = slice(at, at + BLOCK_SIZE), (at // BLOCK_SIZE + 1) * BLOCK_MS
            while waiting and waiting[0].began < now:
                line = waiting.popleft()
                self._interruption.said(line.text, line.began, line.ended)
            gain = self._player.pull() / STEADY
            far = to_int16(coach[part] / 32768.0 * gain)
            decided = self._interruption.hear(self._echo_path(user[part], far, gain), far, now)
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
        heard, gains = Loop(listener, through(Room(taps, settings))).run(talk, user)
        for command, place in zip(said, places, strict=True):
            yield name, _outcome(command, place, heard, gains)


def over_a_real_loudspeaker(
    listener: Listener, far: Samples, mic: Samples, said: Sequence[Command], level_db: float
) -> Iterator[Outcome]:
    """Yield the outcome of each command, mixed into the recording by itself; the echo is ducked with the coach."""
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


def through(room: Room) -> EchoPath:
    """Return the echo path of a simulated room."""
    return lambda near, far, _gain: room.microphone(near, far)


def _recorded(echo: Samples, delay: int = 35 * SAMPLE_RATE // 1000) -> EchoPath:
    """Return the echo path of a recorded echo; the gain is delayed as much as the loudspeaker's sound."""
    waiting, at = np.ones(delay), 0

    def echo_path(near: Samples, _far: Samples, gain: np.ndarray) -> Samples:
        nonlocal waiting, at
        waiting = np.concatenate([waiting, gain])
        late, waiting = waiting[: len(near)], waiting[len(near) :]
        part, at = echo[at : at + len(near)], at + len(near)
        return to_int16((near + part * late) / 32768.0)

    return echo_path


def _said_over(said: Sequence[Command], length: int, loudness: float) -> tuple[Samples, list[int]]:
    """Mix commands into faint noise, all at one level; return the sound and the first sample of each."""
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
    return Outcome(understood, None if command.begins is None else _ducked_after(place + command.begins, gains))


def _ducked_after(begins: int, gains: Sequence[float]) -> float:
    """Return the seconds until the coach is ducked; infinite if it is not ducked within two seconds."""
    block = begins // BLOCK_SIZE
    low = next((n for n, gain in enumerate(gains[block : block + 100]) if gain < 0.15), None)
    return float("inf") if low is None else ((block + low + 1) * BLOCK_SIZE - begins) / SAMPLE_RATE


def active_rms(samples: Samples) -> float:
    """Return the active level: the RMS of all 20 ms frames within 25 dB of the loudest."""
    frames = samples[: len(samples) // BLOCK_SIZE * BLOCK_SIZE].reshape(-1, BLOCK_SIZE).astype(np.float64)
    power = (frames**2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 10**-2.5].mean()))


def audible_from(samples: Samples) -> int:
    """Return the first sample of a word's audible onset: the first 10 ms within 20 dB of the loudest 10 ms."""
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160).astype(np.float64)
    power = (frames**2).mean(axis=1)
    return int(np.flatnonzero(power > power.max() * 0.01)[0]) * 160


def people_saying_stop(found: recordings.Path, split: str) -> list[Command]:
    """Return the recordings of people who say "stop", of one split."""
    clips = [clip for clip in recordings.words(found) if clip.label == "stop" and split in ("all", split_of_clip(clip))]
    return [Command(clip.samples, "stop", clip.name, recorded=True) for clip in clips]


def split_of_clip(clip: Clip) -> str:
    """Return the split that a clip belongs to."""
    return split_of(clip.speaker or clip.name)


def all_rooms(found: recordings.Path) -> dict[str, np.ndarray]:
    """Return the generated rooms and the measured ones."""
    measured = {name: normalized(taps / 32768.0) for name, taps in recordings.rooms(found).items()}
    return {name: generated(box) for name, box in BOXES.items()} | measured


def real_echo(found: recordings.Path) -> tuple[Samples, Samples]:
    """Return a real loudspeaker's signal and a microphone's recording of it; nobody speaks."""
    return wav.read(found / "echo" / "farend_singletalk-far.flac"), wav.read(
        found / "echo" / "farend_singletalk-mic.flac"
    )

"""Sound is lost while the coach speaks, and nobody else does: commands that the coach takes from its own voice."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.barge_in import closed_loop as echo
from benchmarks.barge_in.accuracy import COACH
from benchmarks.barge_in.simulated_session import HISS
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure, rate
from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples, silence
from skill.content.language import load_language
from skill.content.routine_catalog import load_routines
from skill.events import Heard
from skill.hearing.listener import Listener
from skill.simulation.room import Room

JUMPS_MS = (85, -60, 25, -40, 200, -150, 40, -25, 12, -80)
"""Changes of the echo's delay, used in turn: a virtual sound device that had to wait for the processor plays 80 to 90
ms later from then on, a lost block of a sound card is 10 to 25 ms."""

EVERY_S = 4.0
"""Seconds of the coach's speech between two losses: the filter has converged again by then."""

LEAD_S = 8.0
"""Seconds of speech before the first loss."""

JUMPS_IN_A_ROOM = 40


def lost_sound(evaluation: Evaluation) -> Iterator[Figure]:
    """The coach alone, in all rooms; again and again its echo comes earlier or later from one sample to the next."""
    listener = Listener(evaluation.model, load_language(), evaluation.settings)
    accepted = jumps = 0
    for number, (name, taps) in enumerate(echo.all_rooms(evaluation.recordings).items()):
        room = Room(taps, echo.DEVICES[number % len(echo.DEVICES)])
        heard, count = trial(listener, room, coach(evaluation.cache, 5 * number, JUMPS_IN_A_ROOM))
        jumps, accepted = jumps + count, accepted + len(heard)
        for event in heard:
            evaluation.note("lost-sound", "", None, [event], room=name)
    yield rate("the coach alone, sound lost: commands accepted, per loss", accepted, jumps, "0 %")


def trial(listener: Listener, room: Room, talk: Samples) -> tuple[list[Heard], int]:
    """Let the coach talk in a room; return the commands that were accepted, and how often sound was lost."""
    path = JumpingPath(room, len(talk))
    hiss = np.random.default_rng(len(talk)).normal(0, HISS, len(talk)).astype(np.int16)
    heard, _ = echo.Loop(listener, path).run(talk, hiss)
    return heard, len(path.jumps)


class JumpingPath:
    """The echo path of a room in which sound is lost at the microphone, or inserted, every few seconds."""

    def __init__(self, room: Room, length: int) -> None:
        """`length`: samples of the whole trial."""
        self._room = room
        starts = np.arange(LEAD_S, length / SAMPLE_RATE - 2.0, EVERY_S)
        shifts = np.random.default_rng(length).uniform(0, 1.0, len(starts))
        self.jumps = list(zip((starts + shifts).tolist(), itertools.cycle(JUMPS_MS), strict=False))
        """When (s), and by how much (ms) the echo is later from then on."""

        self._waiting = silence(SAMPLE_RATE // 5)  # the most that can be taken away
        self._next, self._done = 0, 0

    def __call__(self, near: Samples, far: Samples, _gain: np.ndarray) -> Samples:
        """Return the microphone's block."""
        if self._next < len(self.jumps) and self._done >= self.jumps[self._next][0] * SAMPLE_RATE:
            self._jump(round(self.jumps[self._next][1] * SAMPLE_RATE / 1000))
            self._next += 1
        self._done += len(far)
        self._waiting = np.concatenate([self._waiting, self._room.microphone(near, far)])
        block, self._waiting = self._waiting[: len(far)], self._waiting[len(far) :]
        return block

    def _jump(self, samples: int) -> None:
        if samples > 0:
            self._waiting = np.concatenate([silence(samples), self._waiting])
        else:
            self._waiting = self._waiting[-samples:]


def coach(cache: Path, first: int, jumps: int) -> Samples:
    """Return the coach's instructions, beginning with one of them, long enough for a number of losses of sound."""
    lines = [line for stretch in load_routines()["full"].stretches for line in stretch.instructions]
    length = round((LEAD_S + EVERY_S * jumps) * SAMPLE_RATE)
    spoken, parts = 0, list[Samples]()
    for line in itertools.islice(itertools.cycle(lines), first, None):
        parts += [COACH.say(line, 150 / 160, cache), silence(SAMPLE_RATE // 4)]
        spoken += len(parts[-2]) + len(parts[-1])
        if spoken >= length:
            break
    return np.concatenate(parts)[: spoken // BLOCK_SIZE * BLOCK_SIZE]

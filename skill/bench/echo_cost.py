"""What echo control costs: computing while the coach speaks, beside WebRTC's canceller alone in the same run."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from skill.audio import aec3
from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples, silence
from skill.audio.echo import EchoControl
from skill.audio.impulse_response import BOXES, generated
from skill.audio.room import Room
from skill.bench import echo
from skill.bench.echo_measures import coach
from skill.bench.figures import Figure
from skill.bench.material import Bench

SECONDS = 120
"""Of the coach, and as much of nobody."""

LEARNS_S = 10
"""Before them: until the room is known."""

COUNTED = f"{SECONDS // 60} min of audio"
TARGETS = {"echo control, the coach speaks": "0.04"}


@dataclass
class _Clock:
    """What one way to treat a pair of blocks has taken of the processor."""

    process: Callable[[Samples, Samples], object]
    taken: float = field(default=0.0, init=False)

    def take(self, near: Samples, far: Samples) -> None:
        began = time.process_time()
        self.process(near, far)
        self.taken += time.process_time() - began


def echo_cost(bench: Bench) -> Iterator[Figure]:
    """Let the coach talk in a room, then be silent; yield what each second of either costs."""
    clocks = {"echo control": _Clock(EchoControl().process)}
    if aec3.available():
        clocks["– AEC3 alone"] = _Clock(_in_tens(aec3.Aec3()))
    room = Room(generated(BOXES["living"]), echo.DEVICES[1])
    talk = np.resize(coach(bench), (LEARNS_S + SECONDS) * SAMPLE_RATE)
    _pass(clocks, room, talk[: LEARNS_S * SAMPLE_RATE])
    for does, far in (("speaks", talk[LEARNS_S * SAMPLE_RATE :]), ("is silent", silence(SECONDS * SAMPLE_RATE))):
        before = {name: clock.taken for name, clock in clocks.items()}
        _pass(clocks, room, far)
        for name, clock in clocks.items():
            what = f"{name}, the coach {does}"
            target = TARGETS.get(what, "")
            yield Figure(what, (clock.taken - before[name]) / SECONDS, "of real time", COUNTED, target=target)


def _pass(clocks: dict[str, _Clock], room: Room, far: Samples) -> None:
    """Send what the loudspeaker plays through the room, block by block, in turns through everything that is timed."""
    hiss = np.random.default_rng(1)
    for start in range(0, len(far) // BLOCK_SIZE * BLOCK_SIZE, BLOCK_SIZE):
        played = far[start : start + BLOCK_SIZE]
        near = room.microphone(np.round(hiss.normal(0, 6, BLOCK_SIZE)).astype(np.int16), played)
        for clock in clocks.values():
            clock.take(near, played)


def _in_tens(canceller: aec3.Aec3) -> Callable[[Samples, Samples], None]:
    """Return a way to pass 20 ms through a canceller that takes 10 ms at a time."""
    half = BLOCK_SIZE // 2

    def process(near: Samples, far: Samples) -> None:
        for part in (slice(0, half), slice(half, BLOCK_SIZE)):
            canceller.process(near[part], far[part])

    return process

"""Real-time factor of echo control, compared with that of WebRTC AEC3 alone in the same run."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.barge_in import closed_loop as echo
from benchmarks.barge_in.accuracy import coach
from benchmarks.barge_in.simulated_session import HISS
from benchmarks.compute.hearing_process import timed
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure
from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples, silence
from skill.echo_control import aec3
from skill.echo_control.echo_control import EchoControl
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.room import Room

Canceller = Callable[[Samples, Samples], object]
"""Takes a block of the microphone and one of the loudspeaker."""

SECONDS = 120
"""Seconds with the coach speaking, and the same with silence."""

LEARNS_S = 10
"""Seconds before them, in which the filter converges."""

COUNTED = f"{SECONDS // 60} min of audio"
TARGETS = {"echo control, the coach speaks": "0.04"}


def echo_cost(evaluation: Evaluation) -> Iterator[Figure]:
    """Let the coach talk in a room, then be silent; yield the real-time factor of both."""
    cancellers: dict[str, Canceller] = {"echo control": EchoControl().process}
    if aec3.available():
        cancellers["– AEC3 alone"] = aec3.Aec3().process
    taken = dict.fromkeys(cancellers, 0.0)
    clocked = [timed(canceller, taken, name, []) for name, canceller in cancellers.items()]
    room = Room(generated(BOXES["living"]), echo.DEVICES[1])
    talk = np.resize(coach(evaluation), (LEARNS_S + SECONDS) * SAMPLE_RATE)
    _pass(clocked, room, talk[: LEARNS_S * SAMPLE_RATE])
    for does, far in (("speaks", talk[LEARNS_S * SAMPLE_RATE :]), ("is silent", silence(SECONDS * SAMPLE_RATE))):
        before = dict(taken)
        _pass(clocked, room, far)
        for name, seconds in taken.items():
            what = f"{name}, the coach {does}"
            target = TARGETS.get(what, "")
            yield Figure(what, (seconds - before[name]) / SECONDS, "of real time", COUNTED, target=target)


def _pass(cancellers: Sequence[Canceller], room: Room, far: Samples) -> None:
    """Play `far` (whole blocks) in the room, and pass each pair of blocks to every canceller."""
    hiss = np.random.default_rng(1)
    for played in far.reshape(-1, BLOCK_SIZE):
        near = room.microphone(np.round(hiss.normal(0, HISS, BLOCK_SIZE)).astype(np.int16), played)
        for canceller in cancellers:
            canceller(near, played)

"""What echo control costs: computing while the coach speaks, beside WebRTC's canceller alone in the same run."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks import commands_over_coach as echo
from benchmarks.echo_measures import coach
from benchmarks.figures import Figure
from benchmarks.hearing_process import timed
from benchmarks.material import Bench
from benchmarks.simulated_session import HISS
from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Samples, silence
from skill.echo_control import aec3
from skill.echo_control.echo_control import EchoControl
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.room import Room

Way = Callable[[Samples, Samples], object]
"""What takes a block of the microphone and one of the loudspeaker."""

SECONDS = 120
"""Of the coach, and as much of nobody."""

LEARNS_S = 10
"""Before them: until the room is known."""

COUNTED = f"{SECONDS // 60} min of audio"
TARGETS = {"echo control, the coach speaks": "0.04"}


def echo_cost(bench: Bench) -> Iterator[Figure]:
    """Let the coach talk in a room, then be silent; yield what each second of either costs."""
    ways: dict[str, Way] = {"echo control": EchoControl().process}
    if aec3.available():
        ways["– AEC3 alone"] = aec3.Aec3().process
    taken = dict.fromkeys(ways, 0.0)
    clocked = [timed(way, taken, name, []) for name, way in ways.items()]
    room = Room(generated(BOXES["living"]), echo.DEVICES[1])
    talk = np.resize(coach(bench), (LEARNS_S + SECONDS) * SAMPLE_RATE)
    _pass(clocked, room, talk[: LEARNS_S * SAMPLE_RATE])
    for does, far in (("speaks", talk[LEARNS_S * SAMPLE_RATE :]), ("is silent", silence(SECONDS * SAMPLE_RATE))):
        before = dict(taken)
        _pass(clocked, room, far)
        for name, seconds in taken.items():
            what = f"{name}, the coach {does}"
            target = TARGETS.get(what, "")
            yield Figure(what, (seconds - before[name]) / SECONDS, "of real time", COUNTED, target=target)


def _pass(ways: Sequence[Way], room: Room, far: Samples) -> None:
    """Send what the loudspeaker plays (whole blocks) through the room, and each pair of blocks in turn through all."""
    hiss = np.random.default_rng(1)
    for played in far.reshape(-1, BLOCK_SIZE):
        near = room.microphone(np.round(hiss.normal(0, HISS, BLOCK_SIZE)).astype(np.int16), played)
        for way in ways:
            way(near, played)

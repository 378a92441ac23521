"""The echo's part of the table: over the coach's voice, in simulated rooms and over a real loudspeaker."""

import math
import zlib
from collections.abc import Iterator

import numpy as np

from benchmarks import commands_over_coach as echo
from benchmarks.figures import Figure, percentile, rate
from benchmarks.material import Bench
from benchmarks.spoken_commands import commands
from benchmarks.synthetic_speakers import Speaker, speakers
from skill.audio.blocks import SAMPLE_RATE, silence
from skill.content.language import load_language
from skill.hearing.listener import Listener
from skill.settings import ListeningSettings

ROOM_TARGETS = {0: "98 %", -5: "97 %", -10: "95 %"}
REAL_TARGETS = {5: "95 %", 0: "85 %", -5: "60 %"}
IN_A_ROOM = 16
"""Commands of synthetic voices in each room, and as many of people."""

COACH = Speaker("espeak-ng", "en-us")
LINES = (
    "Take hold of your right knee with both hands, and gently draw it toward your chest.",
    "Let your shoulders rest on the floor, and breathe easily.",
    "Roll over to one side, and come up onto your hands and knees.",
    "Round your back up to the ceiling, and let your head drop.",
    "Spread your fingers, and press your palms flat into the mat.",
    "Press your feet into the floor, and lift your bottom slowly.",
    "Stretch your arms out in front, and rest your forehead on the floor.",
    "Rise slowly, and use a chair if that helps you.",
)


def over_the_coach(bench: Bench) -> Iterator[Figure]:
    """Commands over the coach's voice, in simulated rooms with distortion and drift."""
    listener = _listener(bench)
    said = [*echo.people_saying_stop(bench.recordings, bench.half)[:IN_A_ROOM], *_synthetic(bench)[:IN_A_ROOM]]
    talk, rooms = coach(bench), echo.all_rooms(bench.recordings)
    for level in echo.LEVELS_DB:
        outcomes = [outcome for _, outcome in echo.over_simulated_rooms(listener, rooms, talk, said, level)]
        yield from _figures(f"over the coach, simulated rooms, {level} dB", outcomes, ROOM_TARGETS[level])


def over_a_loudspeaker(bench: Bench) -> Iterator[Figure]:
    """The people's "stop" over a real loudspeaker's echo."""
    listener = _listener(bench)
    far, mic = echo.real_echo(bench.recordings)
    said = echo.people_saying_stop(bench.recordings, bench.half)
    for level in echo.REAL_LEVELS_DB:
        outcomes = list(echo.over_a_real_loudspeaker(listener, far, mic, said, level))
        yield from _figures(f'"stop" over a real loudspeaker, {level} dB', outcomes, REAL_TARGETS[level])


def _figures(what: str, outcomes: list[echo.Outcome], target: str) -> Iterator[Figure]:
    yield rate(what, sum(outcome.understood for outcome in outcomes), len(outcomes), target)
    after = [outcome.ducked_after for outcome in outcomes if outcome.ducked_after is not None]
    yield rate(f"{what}: coach lowered within 0.12 s", sum(each <= 0.12 for each in after), len(after), "95 %")
    lowered = [each for each in after if math.isfinite(each)]
    if lowered:
        yield percentile(f"{what}: until the coach is lowered, median", lowered, 0.5, "s")


def _listener(bench: Bench) -> Listener:
    settings: ListeningSettings = bench.settings
    return Listener(bench.model, load_language(), settings)


def coach(bench: Bench) -> np.ndarray:
    """Return the coach's lines with short pauses."""
    pause = silence(SAMPLE_RATE // 4)
    return np.concatenate([part for line in LINES for part in (COACH.say(line, 150 / 160, bench.cache), pause)])


def _synthetic(bench: Bench) -> list[echo.Command]:
    """Return commands of the synthetic voices but the coach's own, in an order that mixes voices and intents."""
    voices = [speaker for speaker in speakers() if speaker != COACH]
    found = [
        spoken
        for spoken in commands(load_language(), voices, each=1)
        if spoken.context == echo.CONTEXT and bench.half in ("all", spoken.half) and not spoken.meaning.slots
    ]
    mixed = sorted(found, key=lambda spoken: zlib.crc32(spoken.name.encode()))[:IN_A_ROOM]
    return [
        echo.Command(spoken.speaker.say(spoken.text, spoken.speed, bench.cache), spoken.meaning.intent, spoken.name)
        for spoken in mixed
    ]

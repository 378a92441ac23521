"""Accuracy of commands over the coach's voice, in simulated rooms and over a real loudspeaker, and time to ducking."""

import math
import zlib
from collections.abc import Iterator

import numpy as np

from benchmarks.barge_in import closed_loop as echo
from benchmarks.data.spoken_commands import commands
from benchmarks.data.synthetic_speakers import Speaker, speakers
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure, percentile, rate
from skill.audio.blocks import SAMPLE_RATE, silence
from skill.content.language import load_language
from skill.hearing.listener import Listener
from skill.settings import ListeningSettings

ROOM_TARGETS = {0: "98 %", -5: "97 %", -10: "95 %"}
REAL_TARGETS = {5: "95 %", 0: "85 %", -5: "60 %"}
IN_A_ROOM = 16
"""Number of commands by synthetic voices in each room, and as many by people."""

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


def barge_in_rooms(evaluation: Evaluation) -> Iterator[Figure]:
    """Commands over the coach's voice, in simulated rooms with loudspeaker saturation and clock drift."""
    listener = _listener(evaluation)
    said = [
        *echo.people_saying_stop(evaluation.recordings, evaluation.split)[:IN_A_ROOM],
        *_synthetic(evaluation)[:IN_A_ROOM],
    ]
    talk, rooms = coach(evaluation), echo.all_rooms(evaluation.recordings)
    for level in echo.LEVELS_DB:
        outcomes = [outcome for _, outcome in echo.over_simulated_rooms(listener, rooms, talk, said, level)]
        yield from _figures(f"over the coach, simulated rooms, {level} dB", outcomes, ROOM_TARGETS[level])


def barge_in_loudspeaker(evaluation: Evaluation) -> Iterator[Figure]:
    """The word "stop" by people, over the echo of a real loudspeaker."""
    listener = _listener(evaluation)
    far, mic = echo.real_echo(evaluation.recordings)
    said = echo.people_saying_stop(evaluation.recordings, evaluation.split)
    for level in echo.REAL_LEVELS_DB:
        outcomes = list(echo.over_a_real_loudspeaker(listener, far, mic, said, level))
        yield from _figures(f'"stop" over a real loudspeaker, {level} dB', outcomes, REAL_TARGETS[level])


def _figures(what: str, outcomes: list[echo.Outcome], target: str) -> Iterator[Figure]:
    yield rate(what, sum(outcome.understood for outcome in outcomes), len(outcomes), target)
    after = [outcome.ducked_after for outcome in outcomes if outcome.ducked_after is not None]
    yield rate(f"{what}: coach ducked within 0.12 s", sum(each <= 0.12 for each in after), len(after), "95 %")
    ducked = [each for each in after if math.isfinite(each)]
    if ducked:
        yield percentile(f"{what}: time to ducking, median", ducked, 0.5, "s")


def _listener(evaluation: Evaluation) -> Listener:
    settings: ListeningSettings = evaluation.settings
    return Listener(evaluation.model, load_language(), settings)


def coach(evaluation: Evaluation) -> np.ndarray:
    """Return the coach's lines with short pauses between them."""
    pause = silence(SAMPLE_RATE // 4)
    return np.concatenate([part for line in LINES for part in (COACH.say(line, 150 / 160, evaluation.cache), pause)])


def _synthetic(evaluation: Evaluation) -> list[echo.Command]:
    """Return commands by all synthetic voices except the coach's, in an order that mixes voices and intents."""
    voices = [speaker for speaker in speakers() if speaker != COACH]
    found = [
        spoken
        for spoken in commands(load_language(), voices, each=1)
        if spoken.context == echo.CONTEXT and evaluation.split in ("all", spoken.split) and not spoken.meaning.slots
    ]
    mixed = sorted(found, key=lambda spoken: zlib.crc32(spoken.name.encode()))[:IN_A_ROOM]
    return [
        echo.Command(
            spoken.speaker.say(spoken.text, spoken.speed, evaluation.cache), spoken.meaning.intent, spoken.name
        )
        for spoken in mixed
    ]

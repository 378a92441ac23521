"""Commands shortly after other talk: how many are understood, compared with the same commands alone."""

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.data import mixing
from benchmarks.data.other_talk import Prelude, preludes
from benchmarks.data.recordings import split_of
from benchmarks.data.spoken_commands import Spoken, commands
from benchmarks.data.synthetic_speakers import render, speakers
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure, percentile, rate
from skill.audio.blocks import SAMPLE_RATE, Samples
from skill.content.language import load_language
from skill.events import Heard
from skill.hearing.listener import Listener

STATES = ("idle", "holding", "instructing", "asking", "paused")
GAPS_S = (0.5, 0.8, 1.0, 1.3, 1.6)
EACH = 14
"""Commands in each state; the preludes, of six kinds, take turns."""


def after_other_talk(evaluation: Evaluation) -> Iterator[Figure]:
    """Yield how many commands are understood alone, and after a prelude and a gap: by state, and by kind of prelude.

    Voices and preludes of the two splits differ. Speaker, speed and level of a prelude are those of its command.
    """
    listener, before = evaluation.coach_listener(), preludes(evaluation.recordings, evaluation.split)
    kinds: Counter[str] = Counter()
    kinds_right: Counter[str] = Counter()
    delays: dict[str, list[float]] = {"alone": [], "after other talk": []}
    false_alarms = trials = 0
    for state in STATES:
        said = _said(evaluation, state)
        render(((each.speaker, each.text, each.speed) for each in said), evaluation.cache)
        render(((each.speaker, one.text, each.speed) for each in said for one in before if one.text), evaluation.cache)
        alone = [_try(evaluation, listener, each, None, 0.0) for each in said]
        yield rate(f"{state}: commands alone", sum(right for right, _, _ in alone), len(said))
        delays["alone"] += [delay for right, delay, _ in alone if right]
        for place, gap in enumerate(GAPS_S):
            understood = 0
            for number, each in enumerate(said):
                prelude = before[(number + place * 5) % len(before)]
                right, delay, wrong = _try(evaluation, listener, each, prelude, gap)
                understood, trials, false_alarms = understood + right, trials + 1, false_alarms + wrong
                kinds[prelude.kind] += 1
                kinds_right[prelude.kind] += right
                if right:
                    delays["after other talk"].append(delay)
            yield rate(f"{state}: {gap} s after other talk", understood, len(said))
    for kind, count in kinds.items():
        yield rate(f"after {kind}", kinds_right[kind], count)
    yield rate("wrong commands understood besides", false_alarms, trials)
    for name, values in delays.items():
        yield percentile(f"decision after speech, {name}, median", values, 0.5, "s")
        yield percentile(f"decision after speech, {name}, 90 %", values, 0.9, "s")


def _said(evaluation: Evaluation, state: str) -> Sequence[Spoken]:
    """Return commands of a state by voices of the split, in an order that mixes voices and intents."""
    voices = [speaker for speaker in speakers() if evaluation.split in ("all", split_of(speaker.name))]
    found = [each for each in commands(load_language(), voices, each=3) if each.context == state]
    return sorted(found, key=lambda each: zlib.crc32(each.name.encode()))[:EACH]


def _try(
    evaluation: Evaluation, listener: Listener, each: Spoken, prelude: Prelude | None, gap: float
) -> tuple[bool, float, int]:
    """Return whether a command was understood, how long after its end (s), and the number of wrong commands."""
    command = each.speaker.say(each.text, each.speed, evaluation.cache)
    sound, name = mixing.at_level(command, each.level_db), "alone"
    if prelude:
        first = mixing.at_level(prelude.sound(each.speaker, each.speed, evaluation.cache), each.level_db)
        sound, name = np.concatenate([first, mixing.quiet(gap), sound]), f"{prelude.name}, {gap} s"
    whole = mixing.between_silence(sound, 1000, 1000)
    events = evaluation.decide(listener, whole, each.context)
    begins = 1.0 + _seconds(sound) - _seconds(command)
    wanted = (each.meaning.intent, each.meaning.slots)
    heard = [event for event in events if isinstance(event, Heard)]
    right = [event for event in heard if (event.intent, event.slots) == wanted and event.at / 1000 > begins]
    if not right or len(heard) > 1:
        evaluation.note("after-other-talk", f"{name}: {each.text}", each.meaning.intent, events, **each.about)
    ends = begins + mixing.end_of_speech(command) / SAMPLE_RATE
    delay = right[-1].at / 1000 - ends if right else 0.0
    # A shorter sentence that grew into the right one is no wrong command.
    wrong = sum(event not in right and not (right and right[-1].text.startswith(event.text)) for event in heard)
    return bool(right), delay, wrong


def _seconds(samples: Samples) -> float:
    return len(samples) / SAMPLE_RATE

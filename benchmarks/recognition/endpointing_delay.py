"""What early decisions cost: the same sounds with the usual and with a long endpointing delay, and with hesitations."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.data import mixing, recordings
from benchmarks.data.spoken_commands import spoken
from benchmarks.data.synthetic_speakers import render
from benchmarks.evaluation import Evaluation
from benchmarks.figures import Figure, rate
from skill.audio.blocks import Samples
from skill.content.language import load_language
from skill.content.tokenizer import tokens
from skill.events import Heard
from skill.hearing.listener import Listener
from skill.hearing.recording import outcome
from skill.understanding.understanding import Understanding

LONG_DELAY_MS = 1000
"""The long endpointing delay: silence after which any utterance is decided."""

PAUSES_S = (0.3, 0.5, 0.7, 1.0)
Sound = tuple[str, Samples, str | None, tuple[str, tuple[tuple[str, str], ...]]]
"""Name, samples, context, expected meaning."""


def early_decisions(evaluation: Evaluation) -> Iterator[Figure]:
    """Compare the decisions with those after one second of silence."""
    waiting = replace(
        evaluation.settings,
        complete_delay_ms=LONG_DELAY_MS,
        extendable_delay_ms=LONG_DELAY_MS,
        filler_delay_ms=LONG_DELAY_MS,
        unfinished_delay_ms=max(LONG_DELAY_MS, evaluation.settings.unfinished_delay_ms),
        continuation_ms=LONG_DELAY_MS,
    )
    kinds = {
        "our commands and people's words": (_commands, evaluation.coach_listener),
        "coffee orders": (_orders, evaluation.coffee_listener),
    }
    for kind, (sounds, listener) in kinds.items():
        early, late = listener(), listener(waiting)
        lost, gained, count = 0, 0, 0
        for name, samples, context, wanted in sounds(evaluation):
            right_early, right_late = (_right(evaluation, each, samples, context, wanted) for each in (early, late))
            lost += right_late and not right_early
            gained += right_early and not right_late
            count += 1
            if right_late and not right_early:
                evaluation.note(
                    "early-decisions", name, str(wanted), evaluation.decide(early, samples, context), context=context
                )
        yield rate(f"{kind}: wrong, but right with 1 s of endpointing delay", lost, count, "0 %")
        yield rate(f"{kind}: right, but wrong with 1 s of endpointing delay", gained, count)


def hesitation(evaluation: Evaluation) -> Iterator[Figure]:
    """Commands with a pause between two words: how many are understood as one utterance."""
    listener = evaluation.coach_listener()
    understanding = Understanding(load_language(), evaluation.settings)
    cases = [
        (each, *parts) for each, _, _ in spoken(evaluation.cache, evaluation.split) if (parts := parts_of(each.text))
    ]
    render(((each.speaker, text, each.speed) for each, *parts in cases for text in parts), evaluation.cache)
    for pause in PAUSES_S:
        right = {True: 0, False: 0}
        count = {True: 0, False: 0}
        for each, first, second in cases:
            sounds = [each.speaker.say(text, each.speed, evaluation.cache) for text in (first, second)]
            sound = np.concatenate([sounds[0], mixing.quiet(pause), sounds[1]])
            sound = mixing.between_silence(mixing.at_level(sound, each.level_db), 500)
            whole = understanding.graph(each.context).is_complete(tokens(first))
            wanted = (each.meaning.intent, each.meaning.slots)
            hit = _right(evaluation, listener, sound, each.context, wanted)
            right[whole] += hit
            count[whole] += 1
            if not hit:
                events = evaluation.decide(listener, sound, each.context)
                evaluation.note(
                    f"hesitation {pause} s", f"{first} ... {second}", each.meaning.intent, events, **each.about
                )
        yield rate(f"{pause} s of hesitation in a sentence", sum(right.values()), sum(count.values()))
        yield rate("– after words that are a command by themselves", right[True], count[True])


def _right(
    evaluation: Evaluation,
    listener: Listener,
    sound: Samples,
    context: str | None,
    wanted: tuple[str, tuple[tuple[str, str], ...]],
) -> bool:
    found = outcome(evaluation.decide(listener, sound, context))
    return isinstance(found, Heard) and (found.intent, found.slots) == wanted


def _commands(evaluation: Evaluation) -> Iterator[Sound]:
    for each, sound, _ in spoken(evaluation.cache, evaluation.split):
        yield each.name, sound, each.context, (each.meaning.intent, each.meaning.slots)
    for clip in evaluation.in_split(recordings.words(evaluation.recordings)):
        if clip.label in recordings.COMMANDS:
            yield clip.name, clip.samples, recordings.COMMANDS[clip.label], (recordings.INTENTS[clip.label], ())


def _orders(evaluation: Evaluation) -> Iterator[Sound]:
    noise = recordings.kitchen(evaluation.recordings)
    for clip in evaluation.in_split(recordings.coffee(evaluation.recordings)):
        yield clip.name, clip.samples, None, (clip.label, clip.slots)
        yield f"{clip.name}, 12 dB", mixing.in_noise(clip.samples, noise, 12, clip.name), None, (clip.label, clip.slots)


def parts_of(text: str) -> tuple[str, str] | None:
    """Return a command in two parts, with the slot in the second one: "repeat" and "cow pose"."""
    words = text.split()
    if len(words) < 2:
        return None
    middle = 1 if len(words) < 4 else len(words) - 2
    return " ".join(words[:middle]), " ".join(words[middle:])

"""Whether quick decisions cost anything: the same sounds with ordinary and with patient ears, and with hesitation."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks import mixing, recordings
from benchmarks.figures import Figure, rate
from benchmarks.material import Bench
from benchmarks.spoken_commands import spoken
from benchmarks.synthetic_speakers import render
from skill.audio.blocks import Samples
from skill.content.language import load_language
from skill.content.tokenizer import tokens
from skill.events import Heard
from skill.hearing.listener import Listener
from skill.hearing.recording import outcome
from skill.understanding.understanding import Understanding

PATIENT_MS = 1000
"""Silence after which patient ears decide, whatever was said."""

PAUSES_S = (0.3, 0.5, 0.7, 1.0)
Sound = tuple[str, Samples, str | None, tuple[str, tuple[tuple[str, str], ...]]]
"""Name, samples, context, meaning wanted."""


def patience(bench: Bench) -> Iterator[Figure]:
    """Compare decisions with those of ears that wait a second in every case."""
    waiting = replace(
        bench.settings,
        complete_delay_ms=PATIENT_MS,
        extendable_delay_ms=PATIENT_MS,
        filler_delay_ms=PATIENT_MS,
        unfinished_delay_ms=max(PATIENT_MS, bench.settings.unfinished_delay_ms),
        continuation_ms=PATIENT_MS,
    )
    kinds = {"our commands and people's words": (_commands, bench.coach), "coffee orders": (_orders, bench.barista)}
    for kind, (sounds, ears) in kinds.items():
        quick, patient = ears(), ears(waiting)
        lost, gained, count = 0, 0, 0
        for name, samples, context, wanted in sounds(bench):
            early, late = (_right(bench, each, samples, context, wanted) for each in (quick, patient))
            lost += late and not early
            gained += early and not late
            count += 1
            if late and not early:
                bench.note("patience", name, str(wanted), bench.decide(quick, samples, context), context=context)
        yield rate(f"{kind}: decided wrong, right with a second of patience", lost, count, "0 %")
        yield rate(f"{kind}: decided right, wrong with a second of patience", gained, count)


def hesitation(bench: Bench) -> Iterator[Figure]:
    """Commands with a pause between two of their words: how many are understood as a whole."""
    listener = bench.coach()
    understanding = Understanding(load_language(), bench.settings)
    cases = [(each, *parts) for each, _, _ in spoken(bench.cache, bench.half) if (parts := parts_of(each.text))]
    render(((each.speaker, text, each.speed) for each, *parts in cases for text in parts), bench.cache)
    for pause in PAUSES_S:
        right = {True: 0, False: 0}
        count = {True: 0, False: 0}
        for each, first, second in cases:
            sounds = [each.speaker.say(text, each.speed, bench.cache) for text in (first, second)]
            sound = np.concatenate([sounds[0], mixing.quiet(pause), sounds[1]])
            sound = mixing.between_silence(mixing.at_level(sound, each.level_db), 500)
            whole = understanding.graph(each.context).is_complete(tokens(first))
            wanted = (each.meaning.intent, each.meaning.slots)
            hit = _right(bench, listener, sound, each.context, wanted)
            right[whole] += hit
            count[whole] += 1
            if not hit:
                events = bench.decide(listener, sound, each.context)
                bench.note(f"hesitation {pause} s", f"{first} ... {second}", each.meaning.intent, events, **each.about)
        yield rate(f"{pause} s of hesitation in a sentence", sum(right.values()), sum(count.values()))
        yield rate("– after what is a sentence by itself", right[True], count[True])


def _right(
    bench: Bench,
    listener: Listener,
    sound: Samples,
    context: str | None,
    wanted: tuple[str, tuple[tuple[str, str], ...]],
) -> bool:
    found = outcome(bench.decide(listener, sound, context))
    return isinstance(found, Heard) and (found.intent, found.slots) == wanted


def _commands(bench: Bench) -> Iterator[Sound]:
    for each, sound, _ in spoken(bench.cache, bench.half):
        yield each.name, sound, each.context, (each.meaning.intent, each.meaning.slots)
    for clip in bench.of_half(recordings.words(bench.recordings)):
        if clip.label in recordings.COMMANDS:
            yield clip.name, clip.samples, recordings.COMMANDS[clip.label], (recordings.INTENTS[clip.label], ())


def _orders(bench: Bench) -> Iterator[Sound]:
    noise = recordings.kitchen(bench.recordings)
    for clip in bench.of_half(recordings.coffee(bench.recordings)):
        yield clip.name, clip.samples, None, (clip.label, clip.slots)
        yield f"{clip.name}, 12 dB", mixing.in_noise(clip.samples, noise, 12, clip.name), None, (clip.label, clip.slots)


def parts_of(text: str) -> tuple[str, str] | None:
    """Return a command in two parts, the second one with what it is about: "repeat" and "cow pose"."""
    words = text.split()
    if len(words) < 2:
        return None
    middle = 1 if len(words) < 4 else len(words) - 2
    return " ".join(words[:middle]), " ".join(words[middle:])

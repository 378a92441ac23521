"""False alarms: what is accepted, in a hold, of hours of talk that is not for us."""

import re
from collections.abc import Iterator

from benchmarks import recordings
from benchmarks.background_talk import Part, Transition, talk
from benchmarks.figures import Figure, per_hour
from benchmarks.material import Bench, understood
from benchmarks.progress import Progress
from skill.audio.blocks import SAMPLE_RATE
from skill.content.tokenizer import tokens
from skill.events import Heard

CONTEXT = "holding"


def long_talk(bench: Bench) -> Iterator[Figure]:
    """Yield what was accepted an hour of `bench.hours` of talk; of less where it is broken off with Ctrl-C.

    A sentence of ours that is said to somebody else between pauses ("hang on, let me get a pen") no ears can tell
    from a command: these are counted, and the rest is given once more.
    """
    listener = bench.coach()
    room = recordings.rooms(bench.recordings)["room48"]
    count, literal, seconds = 0, 0, 0.0
    broken_off, progress = False, Progress("talk", bench.hours)
    try:
        for part in talk(bench.cache, bench.half, room):
            accepted = understood(bench.decide(listener, part.samples, CONTEXT))
            count += len(accepted)
            literal += sum(_note(bench, part, event) for event in accepted)
            seconds += len(part.samples) / SAMPLE_RATE
            progress.show(seconds, f"{count} accepted")
            if seconds >= 3600 * bench.hours:
                break
    except KeyboardInterrupt:
        broken_off = True
    if seconds:
        yield per_hour("accepted in a hold: synthetic talk", count, seconds, "0.5")
        yield per_hour("– without what was said word for word", count - literal, seconds)
    if broken_off:
        raise KeyboardInterrupt


def _note(bench: Bench, part: Part, event: Heard) -> bool:
    """Write down what was accepted; tell whether it was said like that."""
    transition = part.turn_at(event.at / 1000 - 0.3)
    literal = said_word_for_word(transition, event.text)
    where = {
        "part": part.name,
        "speaker": transition.speaker,
        "at_in_turn": round(event.at / 1000 - transition.start, 2),
    }
    bench.note("talk", transition.text, None, [event], word_for_word=literal, **where)
    return literal


def said_word_for_word(transition: Transition, sentence: str) -> bool:
    """Tell whether a turn has a sentence as a whole clause, between marks of punctuation."""
    return tokens(sentence) in [tokens(clause) for clause in re.split(r"[.,;:!?]", transition.text)]

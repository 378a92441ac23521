"""False alarms: commands accepted, in a hold, from hours of talk that is not addressed to the coach."""

import re
from collections.abc import Iterator

from benchmarks.data import recordings
from benchmarks.data.background_talk import Part, Turn, talk
from benchmarks.evaluation import Evaluation, understood
from benchmarks.figures import Figure, per_hour
from benchmarks.progress import Progress
from skill.audio.blocks import SAMPLE_RATE
from skill.content.tokenizer import tokens
from skill.events import Heard

CONTEXT = "holding"


def background_talk_alarms(evaluation: Evaluation) -> Iterator[Figure]:
    """Yield false acceptances an hour in `evaluation.hours` of talk, or less if it is interrupted with Ctrl-C.

    A command that is said word for word to another person, between pauses ("hang on, let me get a pen"), cannot be told
    from a command to the coach. The second figure leaves these out.
    """
    listener = evaluation.coach_listener()
    room = recordings.rooms(evaluation.recordings)["room48"]
    count, literal, seconds = 0, 0, 0.0
    broken_off, progress = False, Progress("talk", evaluation.hours)
    try:
        for part in talk(evaluation.cache, evaluation.split, room):
            accepted = understood(evaluation.decide(listener, part.samples, CONTEXT))
            count += len(accepted)
            literal += sum(_note(evaluation, part, event) for event in accepted)
            seconds += len(part.samples) / SAMPLE_RATE
            progress.show(seconds, f"{count} accepted")
            if seconds >= 3600 * evaluation.hours:
                break
    except KeyboardInterrupt:
        broken_off = True
    if seconds:
        yield per_hour("accepted in a hold: synthetic talk", count, seconds, "0.5")
        yield per_hour("– without commands that were said word for word", count - literal, seconds)
    if broken_off:
        raise KeyboardInterrupt


def _note(evaluation: Evaluation, part: Part, event: Heard) -> bool:
    """Record an accepted command; return whether it was said word for word."""
    turn = part.turn_at(event.at / 1000 - 0.3)
    literal = said_word_for_word(turn, event.text)
    where = {
        "part": part.name,
        "speaker": turn.speaker,
        "at_in_turn": round(event.at / 1000 - turn.start, 2),
    }
    evaluation.note("background-talk", turn.text, None, [event], word_for_word=literal, **where)
    return literal


def said_word_for_word(turn: Turn, sentence: str) -> bool:
    """Return whether a turn contains the sentence as a whole clause, between punctuation marks."""
    return tokens(sentence) in [tokens(clause) for clause in re.split(r"[.,;:!?]", turn.text)]

"""Utterances that were not understood: "Sorry?", an example, or "Did you mean ...?"."""

from dataclasses import replace

from skill.dialogue.coach_question import Question
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.transition import Transition
from skill.events import ONLY_LIKE_A_COMMAND, Heard, Rejected

MAX_WORDS_TO_ASK = 9
""""Did you mean ...?" asks for a sentence of at most this many words, so that the question fits in one breath."""

SILENT_AFTER = 2
"""Number of times in a row that the coach says that it did not understand; then it is silent."""

NO_MATCH_FORGOTTEN_MS = 120_000
"""Time without a rejected utterance after which counting begins again, as it does in another stretch."""


def rejected(transition: Transition, rejection: Rejected) -> None:
    """Say that an utterance was not understood, if it was addressed to the coach; it shows that the user is there."""
    state = transition.state
    asked_if_there = state.asked_kind == "still_there"
    answers = asked_if_there and rejection.reason == ONLY_LIKE_A_COMMAND  # "hello coach"
    if not (rejection.addressed or answers) or state.speech.current or state.speech.queue:
        return
    transition.input = replace(transition.input, quiet_stretches=0)
    if asked_if_there:
        transition.stop_clock()
        transition.turn = replace(transition.turn, question=None)
    elif state.mode == "holding":
        return
    elif rejection.near and _can_be_asked(rejection.near) and not state.turn.paused:
        _did_you_mean(transition, rejection.near)
    else:
        _not_understood(transition)


def _can_be_asked(near: Heard) -> bool:
    return near.intent in HANDLERS and len(near.text.split()) <= MAX_WORDS_TO_ASK


def _not_understood(transition: Transition) -> None:
    """Say "Sorry?" the first time, an example the second time, and then nothing."""
    state = transition.state
    recent = transition.at - state.input.no_match_at < NO_MATCH_FORGOTTEN_MS
    count = state.input.no_match_count if recent else 0
    transition.input = replace(transition.input, no_match_count=count + 1, no_match_at=transition.at)
    if count >= SILENT_AFTER:
        return
    example = state.help_key if state.asked else f"example_{state.mode}"
    words = transition.words("sorry") if count == 0 else transition.words(example)
    transition.stop_clock()
    transition.reply(words)
    # "repeat" asks for what was said before this
    transition.speech = replace(transition.speech, last_said=state.speech.last_said)


def _did_you_mean(transition: Transition, near: Heard) -> None:
    """Ask for the command that was nearly understood; the question that was open waits."""
    suspended = transition.turn.question
    if suspended and suspended.kind == "did_you_mean":
        suspended = suspended.suspended
    transition.stop_clock()
    lines = transition.words("did_you_mean", text=near.text)
    transition.ask(Question("did_you_mean", lines, command=near, suspended=suspended))

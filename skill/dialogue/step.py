"""The state machine: one event in, a new state and what to do about it out."""

from dataclasses import replace

from skill.content.routine import CONDITIONS
from skill.dialogue.actions import Action, Chime, End, Listen, RememberSafetyTold, Save
from skill.dialogue.handlers.input_health import input_health
from skill.dialogue.handlers.table import HANDLERS
from skill.dialogue.place import place_of
from skill.dialogue.question import ASK_AGAIN, PAUSE, Question
from skill.dialogue.response_selection import first_counts
from skill.dialogue.state import State
from skill.dialogue.transition import Transition
from skill.events import (
    ONLY_LIKE_A_COMMAND,
    Closing,
    EchoLoopDetected,
    Event,
    Heard,
    MicrophoneBack,
    MicrophoneLost,
    Rejected,
    SessionStarted,
    SpeechEnded,
    SpeechStarted,
    TimerFired,
)

NEAR_WORDS = 9
"""A sentence that was nearly understood is asked for if it has no more words: the question must fit in one breath."""

SILENT_AFTER = 2
"""So many times in a row the coach says that it did not understand; then it keeps quiet."""

MISSES_FORGOTTEN_MS = 120_000
"""After so long without a miss, or in another stretch, the next one is the first again."""


_ABOUT_THE_QUESTION = ("affirm", "ready", "deny", "repeat", "help", "more")
"""What leaves "Did you mean ...?" open, or answers it."""


def step(state: State, event: Event) -> tuple[State, tuple[Action, ...]]:
    """Return the state after an event, and the actions that it calls for.

    A pure function: no clock, no I/O, no randomness. It raises for no state and no event; an event that is not
    for now (a timer or a line whose id is no longer current, anything after the end) changes nothing.
    """
    if state.ended or isinstance(event, SpeechStarted):
        return state, ()
    transition = Transition(state, event.at)
    match event:
        case SessionStarted():
            _session_started(transition, event)
            transition.reply(transition.words("welcome"))
            transition.do(Listen(transition.state.mode))
        case Heard():
            _heard(transition, event)
        case Rejected():
            _rejected(transition, event)
        case SpeechEnded():
            _speech_ended(transition, event)
        case TimerFired():
            _timer_fired(transition, event)
        case EchoLoopDetected() | MicrophoneLost() | MicrophoneBack():
            input_health(transition, event)
        case Closing():
            _closing(transition, event)
    transition.go_on()
    if transition.state.mode != state.mode:
        transition.do(Listen(transition.state.mode))
    return transition.state, tuple(transition.actions)


def _session_started(transition: Transition, event: SessionStarted) -> None:
    transition.set(
        safety_told=event.safety_told,
        saved=event.saved,
        unwell=event.unwell,
        elsewhere=event.saved is not None,
        preferences=event.preferences,
        conditions=_known(event.conditions),
        this_week=event.this_week,
        days_since_last=event.days_since_last,
        counts=first_counts(transition.state.content.responses, event.this_week),
    )


def _known(conditions: frozenset[str] | None) -> frozenset[str] | None:
    """Leave out conditions of another version of the coach: there is nothing to say or do about them."""
    return None if conditions is None else conditions & frozenset(CONDITIONS)


def _heard(transition: Transition, heard: Heard) -> None:
    handler = HANDLERS.get(heard.intent)
    if handler is None or transition.state.leaving:
        return
    holding = transition.state.mode == "holding"
    transition.set(utterances=transition.state.utterances + 1, no_match_count=0, quiet_stretches=0)
    if heard.intent not in ("help", "more", "repeat"):
        transition.set(more=None)
    _take_as_answer(transition, heard)
    handler(transition, heard)
    if holding and transition.actions:  # it had a meaning: tell so without a word
        transition.actions.insert(0, Chime("heard"))


def _take_as_answer(transition: Transition, heard: Heard) -> None:
    """Drop a question that what was heard makes needless.

    Whatever is said after "Still there?" answers it, only a no is for the question itself. And whoever says
    something else after "Did you mean ...?" meant something else.
    """
    question = transition.state.question
    if question is None:
        return
    there = question.kind == "still_there" and heard.intent != "deny"
    other = question.kind == "did_you_mean" and heard.intent not in _ABOUT_THE_QUESTION
    if there or other:
        transition.interrupt()
        transition.set(
            question=question.before, answer=tuple(a for a in transition.state.answer if a.text not in question.lines)
        )


def _rejected(transition: Transition, rejected: Rejected) -> None:
    """Take it for a sign of life when something was clearly meant for the coach, and say that it was not understood."""
    state = transition.state
    asked_if_there = state.asked is not None and state.asked.kind == "still_there"
    answers = asked_if_there and rejected.reason == ONLY_LIKE_A_COMMAND  # "hello coach"
    if not (rejected.addressed or answers) or state.speech or state.answer:
        return
    transition.set(quiet_stretches=0)  # somebody is there
    if asked_if_there:
        transition.freeze()
        transition.set(question=None)
    elif state.mode == "holding":
        return
    elif rejected.near and _can_be_asked(rejected.near) and not state.paused:
        _did_you_mean(transition, rejected.near)
    else:
        _not_understood(transition)


def _can_be_asked(near: Heard) -> bool:
    return near.intent in HANDLERS and len(near.text.split()) <= NEAR_WORDS


def _not_understood(transition: Transition) -> None:
    """Say so: in one word, then with an example, then no more."""
    state = transition.state
    no_match_count = state.no_match_count if transition.at - state.no_match_at < MISSES_FORGOTTEN_MS else 0
    transition.set(no_match_count=no_match_count + 1, no_match_at=transition.at)
    if no_match_count >= SILENT_AFTER:
        return
    example = state.help if state.asked else f"example_{state.mode}"
    words = transition.words("sorry") if no_match_count == 0 else transition.words(example)
    said_before = state.last_said
    transition.freeze()
    transition.reply(words)
    transition.set(last_said=said_before)  # "repeat" asks for what came before this


def _did_you_mean(transition: Transition, near: Heard) -> None:
    """Ask for what was nearly understood; the question that was open waits."""
    open_question = transition.state.question
    if open_question and open_question.kind == "did_you_mean":
        open_question = open_question.before
    transition.freeze()
    lines = transition.words("did_you_mean", text=near.text)
    transition.ask(Question("did_you_mean", lines, near=near, before=open_question))


def _speech_ended(transition: Transition, ended: SpeechEnded) -> None:
    speech = transition.state.speech
    if speech is None or speech.id != ended.id:
        return
    transition.set(speech=None)
    if speech.role == "answer":
        said, *rest = transition.state.answer
        transition.set(answer=tuple(rest))
        if said.tells_safety:
            transition.set(safety_told=True)
            transition.do(RememberSafetyTold())
    elif speech.role == "step":
        transition.set(spoken=True)


def _timer_fired(transition: Transition, fired: TimerFired) -> None:
    state = transition.state
    if state.timer != fired.id:
        return
    transition.set(timer=None)
    if state.paused:
        transition.leave_routine()
    elif state.question:
        _no_answer(transition, state.question)
    elif state.routine and state.since is not None:
        transition.run_clock()


def _no_answer(transition: Transition, question: Question) -> None:
    """Nobody answered within the patience of a question."""
    if question.no_input.then == ASK_AGAIN:
        transition.ask(replace(question, asked_again=True))
        return
    transition.set(question=question.before)
    if question.kind == "conditions" and transition.state.no_match_count:  # there was something that was not understood
        transition.reply(transition.words("conditions_unclear"))
    elif question.no_input.then == PAUSE:
        transition.pause()
    elif question.before:
        transition.ask(question.before)


def _closing(transition: Transition, closing: Closing) -> None:
    state = transition.state
    if state.routine:
        transition.do(Save(place_of(state)))
    transition.interrupt()
    transition.set(ended=True)
    transition.do(End(closing.reason))

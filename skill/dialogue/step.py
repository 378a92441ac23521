"""The state machine: from a state and an event to a new state and actions."""

from dataclasses import replace

from skill.content.routine import CONDITIONS
from skill.dialogue.actions import Action, Chime, End, Listen, RememberSafetyTold, Save
from skill.dialogue.advance import go_on, run_clock
from skill.dialogue.coach_question import Question
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.handlers.input_health import input_health
from skill.dialogue.history import History
from skill.dialogue.navigation import leave_routine
from skill.dialogue.place import saved_place
from skill.dialogue.rejection import rejected
from skill.dialogue.response_selection import first_counts
from skill.dialogue.state import State
from skill.dialogue.transition import Transition
from skill.events import (
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

_ABOUT_THE_QUESTION = ("affirm", "ready", "deny", "repeat", "help", "more")
"""Intents that answer "Did you mean ...?" or leave it open."""


def step(state: State, event: Event) -> tuple[State, tuple[Action, ...]]:
    """Return the state after an event, and the actions that it calls for.

    A pure function: no clock, no I/O, no randomness. It raises for no state and no event. Events that are out of date
    (a timer or an utterance whose id is no longer current, anything after the end) change nothing.
    """
    if state.ended or isinstance(event, SpeechStarted):
        return state, ()
    transition = Transition(state, event.at)
    match event:
        case SessionStarted():
            _session_started(transition, event)
        case Heard():
            _heard(transition, event)
        case Rejected():
            rejected(transition, event)
        case SpeechEnded():
            _speech_ended(transition, event)
        case TimerFired():
            _timer_fired(transition, event)
        case EchoLoopDetected() | MicrophoneLost() | MicrophoneBack():
            input_health(transition, event)
        case Closing():
            _closing(transition, event)
    go_on(transition)
    after = transition.state
    if after.mode != state.mode:
        transition.do(Listen(after.mode))
    return after, tuple(transition.actions)


def _session_started(transition: Transition, event: SessionStarted) -> None:
    """Take over what is known of earlier sessions, and greet."""
    conditions = event.conditions
    if conditions is not None:  # without those of another version of the coach, which can do nothing about them
        conditions &= frozenset(CONDITIONS)
    transition.user = replace(
        transition.user,
        safety_told=event.safety_told,
        preferences=event.preferences,
        conditions=conditions,
        unwell=event.unwell,
    )
    transition.history = History(
        saved=event.saved,
        explained_earlier=event.saved is not None,
        sessions_this_week=event.this_week,
        days_since_last=event.days_since_last,
        stretches_done=transition.history.stretches_done,
    )
    counts = first_counts(transition.content.responses, event.this_week)
    transition.speech = replace(transition.speech, variant_counts=counts)
    transition.reply(transition.words("welcome"))
    transition.do(Listen(transition.state.mode))


def _heard(transition: Transition, heard: Heard) -> None:
    """Carry out a command."""
    handler = HANDLERS.get(heard.intent)
    if handler is None or transition.leaving:
        return
    holding = transition.state.mode == "holding"
    transition.input = replace(transition.input, no_match_count=0, quiet_stretches=0)
    if heard.intent not in ("help", "more", "repeat"):
        transition.turn = replace(transition.turn, more=None)
    _close_needless_question(transition, heard)
    handler(transition, heard)
    if holding and transition.actions:  # it had an effect: a short sound confirms that it was heard
        transition.actions.insert(0, Chime("heard"))


def _close_needless_question(transition: Transition, heard: Heard) -> None:
    """Close a question that a command makes needless.

    Any command answers "Still there?"; only a no is left to the handler. After "Did you mean ...?" another command
    means that the user meant something else.
    """
    question = transition.turn.question
    if question is None:
        return
    there = question.kind == "still_there" and heard.intent != "deny"
    other = question.kind == "did_you_mean" and heard.intent not in _ABOUT_THE_QUESTION
    if there or other:
        transition.interrupt()
        transition.turn = replace(transition.turn, question=question.suspended)
        transition.set_queue(*(line for line in transition.speech.queue if line.text not in question.lines))


def _speech_ended(transition: Transition, ended: SpeechEnded) -> None:
    """Note what has been said to its end, or was stopped from outside."""
    utterance = transition.speech.current
    if utterance is None or utterance.id != ended.id:
        return
    transition.speech = replace(transition.speech, current=None)
    if utterance.role == "queue":
        said, *rest = transition.speech.queue
        transition.set_queue(*rest)
        if said.tells_safety:
            transition.user = replace(transition.user, safety_told=True)
            transition.do(RememberSafetyTold())
    elif utterance.role == "step":
        transition.progress = replace(transition.progress, line_said=True)


def _timer_fired(transition: Transition, fired: TimerFired) -> None:
    if transition.timer != fired.id:
        return
    transition.timer = None
    if transition.turn.paused:
        leave_routine(transition)
    elif transition.turn.question:
        _no_input(transition, transition.turn.question)
    elif transition.progress.routine and transition.clock.runs:
        run_clock(transition)


def _no_input(transition: Transition, question: Question) -> None:
    """Do what follows the no-input timeout of a question."""
    then = question.no_input.then
    if then == "ask again":
        transition.ask(replace(question, asked_again=True))
        return
    transition.turn = replace(transition.turn, question=question.suspended)
    if question.kind == "conditions" and transition.input.no_match_count:  # the user answered, but was not understood
        transition.reply(transition.words("conditions_unclear"))
    elif then == "pause":
        transition.pause()
    elif question.suspended:
        transition.ask(question.suspended)


def _closing(transition: Transition, closing: Closing) -> None:
    """End the session from outside, and keep the place."""
    if transition.progress.routine:
        transition.do(Save(saved_place(transition.state)))
    transition.interrupt()
    transition.ended = True
    transition.do(End(closing.reason))

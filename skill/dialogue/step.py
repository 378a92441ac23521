"""The state machine: one event in, a new state and what to do about it out."""

from dataclasses import replace

from skill.content.routine import CONDITIONS
from skill.dialogue.actions import Action, Chime, End, Listen, RememberSafetyTold, Save
from skill.dialogue.handlers.input_health import ears
from skill.dialogue.handlers.table import HANDLERS
from skill.dialogue.place import place_of
from skill.dialogue.question import ASK_AGAIN, PAUSE, Question
from skill.dialogue.response_selection import first_counts
from skill.dialogue.state import State
from skill.dialogue.transition import Turn
from skill.events import (
    ONLY_LIKE_A_COMMAND,
    Closing,
    Event,
    Heard,
    HeardItself,
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
    turn = Turn(state, event.at)
    match event:
        case SessionStarted():
            _session_started(turn, event)
            turn.reply(turn.words("welcome"))
            turn.do(Listen(turn.state.mode))
        case Heard():
            _heard(turn, event)
        case Rejected():
            _rejected(turn, event)
        case SpeechEnded():
            _speech_ended(turn, event)
        case TimerFired():
            _timer_fired(turn, event)
        case HeardItself() | MicrophoneLost() | MicrophoneBack():
            ears(turn, event)
        case Closing():
            _closing(turn, event)
    turn.go_on()
    if turn.state.mode != state.mode:
        turn.do(Listen(turn.state.mode))
    return turn.state, tuple(turn.actions)


def _session_started(turn: Turn, event: SessionStarted) -> None:
    turn.set(
        safety_told=event.safety_told,
        saved=event.saved,
        unwell=event.unwell,
        elsewhere=event.saved is not None,
        preferences=event.preferences,
        conditions=_known(event.conditions),
        this_week=event.this_week,
        days_since_last=event.days_since_last,
        counts=first_counts(turn.state.content.responses, event.this_week),
    )


def _known(conditions: frozenset[str] | None) -> frozenset[str] | None:
    """Leave out conditions of another version of the coach: there is nothing to say or do about them."""
    return None if conditions is None else conditions & frozenset(CONDITIONS)


def _heard(turn: Turn, heard: Heard) -> None:
    handler = HANDLERS.get(heard.intent)
    if handler is None or turn.state.leaving:
        return
    holding = turn.state.mode == "holding"
    turn.set(turn=turn.state.turn + 1, misses=0, quiet_stretches=0)
    if heard.intent not in ("help", "more", "repeat"):
        turn.set(more=None)
    _take_as_answer(turn, heard)
    handler(turn, heard)
    if holding and turn.actions:  # it had a meaning: tell so without a word
        turn.actions.insert(0, Chime("heard"))


def _take_as_answer(turn: Turn, heard: Heard) -> None:
    """Drop a question that what was heard makes needless.

    Whatever is said after "Still there?" answers it, only a no is for the question itself. And whoever says
    something else after "Did you mean ...?" meant something else.
    """
    question = turn.state.question
    if question is None:
        return
    there = question.kind == "still_there" and heard.intent != "deny"
    other = question.kind == "did_you_mean" and heard.intent not in _ABOUT_THE_QUESTION
    if there or other:
        turn.interrupt()
        turn.set(question=question.before, answer=tuple(a for a in turn.state.answer if a.text not in question.lines))


def _rejected(turn: Turn, rejected: Rejected) -> None:
    """Take it for a sign of life when something was clearly meant for the coach, and say that it was not understood."""
    state = turn.state
    asked_if_there = state.asked is not None and state.asked.kind == "still_there"
    answers = asked_if_there and rejected.reason == ONLY_LIKE_A_COMMAND  # "hello coach"
    if not (rejected.addressed or answers) or state.speech or state.answer:
        return
    turn.set(quiet_stretches=0)  # somebody is there
    if asked_if_there:
        turn.freeze()
        turn.set(question=None)
    elif state.mode == "holding":
        return
    elif rejected.near and _can_be_asked(rejected.near) and not state.paused:
        _did_you_mean(turn, rejected.near)
    else:
        _not_understood(turn)


def _can_be_asked(near: Heard) -> bool:
    return near.intent in HANDLERS and len(near.text.split()) <= NEAR_WORDS


def _not_understood(turn: Turn) -> None:
    """Say so: in one word, then with an example, then no more."""
    state = turn.state
    misses = state.misses if turn.at - state.missed_at < MISSES_FORGOTTEN_MS else 0
    turn.set(misses=misses + 1, missed_at=turn.at)
    if misses >= SILENT_AFTER:
        return
    example = state.help if state.asked else f"example_{state.mode}"
    words = turn.words("sorry") if misses == 0 else turn.words(example)
    said_before = state.last_said
    turn.freeze()
    turn.reply(words)
    turn.set(last_said=said_before)  # "repeat" asks for what came before this


def _did_you_mean(turn: Turn, near: Heard) -> None:
    """Ask for what was nearly understood; the question that was open waits."""
    open_question = turn.state.question
    if open_question and open_question.kind == "did_you_mean":
        open_question = open_question.before
    turn.freeze()
    lines = turn.words("did_you_mean", text=near.text)
    turn.ask(Question("did_you_mean", lines, near=near, before=open_question))


def _speech_ended(turn: Turn, ended: SpeechEnded) -> None:
    speech = turn.state.speech
    if speech is None or speech.id != ended.id:
        return
    turn.set(speech=None)
    if speech.role == "answer":
        said, *rest = turn.state.answer
        turn.set(answer=tuple(rest))
        if said.tells_safety:
            turn.set(safety_told=True)
            turn.do(RememberSafetyTold())
    elif speech.role == "step":
        turn.set(spoken=True)


def _timer_fired(turn: Turn, fired: TimerFired) -> None:
    state = turn.state
    if state.timer != fired.id:
        return
    turn.set(timer=None)
    if state.paused:
        turn.leave_routine()
    elif state.question:
        _no_answer(turn, state.question)
    elif state.routine and state.since is not None:
        turn.run_clock()


def _no_answer(turn: Turn, question: Question) -> None:
    """Nobody answered within the patience of a question."""
    if question.patience.then == ASK_AGAIN:
        turn.ask(replace(question, asked_again=True))
        return
    turn.set(question=question.before)
    if question.kind == "conditions" and turn.state.misses:  # there was something that was not understood
        turn.reply(turn.words("conditions_unclear"))
    elif question.patience.then == PAUSE:
        turn.pause()
    elif question.before:
        turn.ask(question.before)


def _closing(turn: Turn, closing: Closing) -> None:
    state = turn.state
    if state.routine:
        turn.do(Save(place_of(state)))
    turn.interrupt()
    turn.set(ended=True)
    turn.do(End(closing.reason))

"""Properties that hold for every sequence of events."""

import os

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from skill.content.routine import CONDITIONS, EASIER, LEAVE_OUT
from skill.content.states import STATES
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.state import initial
from skill.dialogue.step import step
from skill.dialogue.view import view
from skill.events import (
    Closing,
    EchoLoopDetected,
    Heard,
    MicrophoneBack,
    MicrophoneLost,
    Rejected,
    Saved,
    SessionStarted,
    SpeechEnded,
    SpeechStarted,
    TimerFired,
)
from skill.preferences import FASTEST, LOUDEST, SLOWEST, SOFTEST, Preferences
from tests.dialogue.world import CONTENT, INTENT_SLOTS, KNOWN, OPTIONAL_SLOT, World

FULL = CONTENT.routines["full"]
STRETCHES = [s.id for s in FULL.stretches]
QUESTIONS = (
    "how_to", "why", "which_stretch", "whats_next", "stretches_left", "time_left", "list_stretches", "list_routines",
    "history", "help", "more", "safety_info", "my_conditions", "forget_conditions",
)  # fmt: skip
PREFERENCES = ("slower", "faster", "louder", "softer", "talk_less", "talk_more")

SESSIONS = int(os.environ.get("RANDOM_SESSIONS") or 10_000)
"""How many random sessions must end well in the long tier; ten thousand take 40 seconds of computing."""

times = st.integers(0, 10**7)
ids = st.integers(-1, 60)
stretches = st.sampled_from([*STRETCHES, "headstand", ""])
intents = st.sampled_from([*HANDLERS, "no_such_intent"])
routines = st.sampled_from([*CONTENT.routines, "x"])
conditions = st.sampled_from([*CONDITIONS, "x"])
slots = st.one_of(
    st.just(()),
    stretches.map(lambda s: (("stretch", s),)),
    routines.map(lambda r: (("routine", r),)),
    conditions.map(lambda c: (("condition", c),)),
)
saved = st.none() | st.builds(
    Saved, routines, stretches, st.integers(0, 40), st.booleans(), st.frozensets(stretches, max_size=3)
)
kept = st.none() | st.frozensets(conditions, max_size=4)
preferences = st.builds(Preferences, st.integers(SLOWEST, FASTEST), st.integers(SOFTEST, LOUDEST), st.booleans())
near = st.none() | st.builds(Heard, times, st.sampled_from(["go to bridge", "next", "a " * 12]), intents, slots)

events = st.one_of(
    st.builds(
        SessionStarted,
        *(times, st.booleans(), saved, preferences, kept, st.integers(0, 9), st.none() | times, st.booleans()),
    ),
    st.builds(Heard, times, st.text(max_size=5), intents, slots),
    st.builds(Rejected, times, st.text(max_size=5), st.just("no sentence"), st.booleans(), near),
    st.builds(SpeechEnded, times, ids, st.booleans()),
    st.builds(TimerFired, times, ids),
    st.builds(EchoLoopDetected, times),
    st.builds(MicrophoneLost, times),
    st.builds(MicrophoneBack, times),
    st.builds(SpeechStarted, times),
)

# What a user does: says something, says something unintelligible, or lets time pass.
commands = st.sampled_from([i for i in HANDLERS if i != "goodbye"])
VALUES = {"stretch": st.sampled_from(STRETCHES), "routine": routines, "condition": st.sampled_from(CONDITIONS)}


@st.composite
def utterances(draw: st.DrawFn) -> tuple:
    intent = draw(commands)
    slot = INTENT_SLOTS.get(intent)
    wanted = slot and draw(st.booleans() if intent in OPTIONAL_SLOT else st.just(True))
    return ("say", intent, {slot: draw(VALUES[slot])} if wanted else {})


moves = st.one_of(
    utterances(),
    utterances(),
    st.tuples(st.just("blah"), st.booleans(), st.none() | utterances()),
    st.tuples(st.just("wait"), st.integers(0, 90_000).map(lambda ms: ms // 20 * 20)),
)
sessions = st.lists(moves, max_size=25)
pauses = st.integers(0, 60_000)
"""Milliseconds in which nobody says anything."""


def play(session, **began) -> World:
    world = World().begin(**began)
    for move in session:
        match move:
            case ("say", intent, slots):
                world.hear(intent, **slots)
            case ("blah", addressed, in_scope):
                world.reject(addressed=addressed, near=in_scope and world.heard(in_scope[1], **in_scope[2]))
            case ("wait", ms):
                world.wait(ms)
    return world


def play_in_routine(session, ms: int) -> World:
    """Play a session of someone who knows the coach; then begin a routine, unless one is on, and let time pass."""
    world = play(session, **KNOWN)
    for answer in ("start_routine", "affirm", "affirm"):  # yes, it is better; yes, from where it was left
        if world.state.progress.routine is None:
            world.wait_until(lambda w: not w.state.speech.queue)
            world.hear(answer)
    world.wait(ms)
    assert world.state.progress.routine
    return world


@settings(max_examples=400)
@given(st.lists(events, max_size=60))
def test_no_sequence_of_events_breaks_the_step(sequence):
    state = initial(CONTENT)
    for event in sequence:
        state, actions = step(state, event)
        assert state.mode in STATES
        assert isinstance(actions, tuple)
        view(state, event.at)


@given(sessions)
def test_events_with_old_ids_change_nothing(session):
    world = play(session)
    for stale in (SpeechEnded(world.now, -1), TimerFired(world.now, -1)):
        before = world.state
        world.happen(stale)
        assert world.state == before


@settings(max_examples=300)
@given(sessions, pauses, st.integers(0, 500_000))
def test_time_never_runs_while_paused(session, before, ms):
    world = play_in_routine(session, before)
    world.hear("pause")
    assert world.mode == "paused"
    before = (world.position(), world.view.remaining)
    world.wait(ms)
    assert world.mode == "paused"
    assert (world.position(), world.view.remaining) == before


@settings(max_examples=300)
@given(sessions, st.sampled_from(QUESTIONS), st.sampled_from(STRETCHES))
def test_every_question_returns_to_the_same_place_and_time(session, question, stretch):
    world = play(session, **KNOWN)
    assume(not world.state.turn.question)  # it may be answered by this one
    assume(not world.state.progress.conditions_due)
    assume(question != "forget_conditions" or not world.state.user.conditions)  # brings back what was left out
    assume(question != "more" or world.state.turn.more or world.mode != "holding")  # else nothing is said
    before = (world.position(), world.view.remaining, world.mode)
    cue = world.speech and world.state.speech.current and world.state.speech.current.role == "cue"
    asked = len(world.done)
    world.hear(question, **({"stretch": stretch} if question in ("how_to", "why") else {}))
    assert len(world.done) > asked
    assert (world.position(), world.view.remaining, world.mode) == before
    world.wait_until(lambda w: not w.state.speech.queue)
    assert (world.position(), world.view.remaining, world.mode) == before
    assert not cue or world.state.speech.current  # an interrupted cue comes again


@settings(max_examples=300)
@given(sessions, st.sampled_from(STRETCHES))
def test_every_stretch_can_be_reached_from_everywhere(session, stretch):
    world = play(session)
    world.hear("go_to", stretch=stretch)
    if world.state.turn.question_kind == "better":
        world.wait_until(lambda w: not w.state.speech.queue)  # the advice comes first
        world.hear("affirm")
    world.wait(0)
    wanted = next(s for s in FULL.stretches if s.id == stretch)
    left_out = wanted.advice(world.state.user.known_conditions) == LEAVE_OUT
    missing = world.state.progress.routine and wanted.id not in [s.id for s in world.state.progress.stretches]
    assume(not left_out)  # not for this user
    assume(not missing)  # not in this routine
    assert world.state.progress.routine
    assert world.view.stretch == stretch
    assert world.mode == "introducing" or world.state.turn.question_kind == "conditions"


@settings(max_examples=300)
@given(sessions, pauses, st.sampled_from(CONDITIONS))
def test_a_condition_counts_immediately(session, before, condition):
    world = play_in_routine(session, before)
    world.hear("have_condition", condition=condition)
    state = world.state
    assume(state.progress.routine)  # a routine is on, and something of it is left
    advice = [s.advice(state.user.known_conditions) for s in state.progress.stretches]
    assert LEAVE_OUT not in advice
    easier_wanted = advice[state.progress.stretch_index] == EASIER and state.holds_left > 0
    assert state.progress.options.easier or not easier_wanted


@settings(max_examples=300)
@given(sessions, st.sampled_from(["start_routine", "go_to", "repeat_stretch", "resume", "next", "repeat"]))
def test_nothing_begins_after_feeling_unwell_before_it_is_better(session, wish):
    world = play(session, **KNOWN)
    world.hear("unwell")
    for _ in range(2):
        world.hear(wish, **({"stretch": "bridge"} if wish in ("go_to", "repeat_stretch") else {}))
        world.wait(60_000)
    assert world.state.progress.routine is None


@settings(max_examples=1_500)
@given(sessions, kept)
def test_every_session_ends_well(session, conditions):
    ends_well(session, conditions)


@pytest.mark.long
@settings(max_examples=SESSIONS)
@given(sessions, kept)
def test_each_of_very_many_sessions_ends_well(session, conditions):
    ends_well(session, conditions)


def ends_well(session, conditions):
    world = play(session, safety_told=True, conditions=conditions)
    world.hear("stop")
    assert world.mode == "idle"
    world.hear("goodbye")
    world.wait(60_000)
    assert world.ended == "goodbye"


@settings(max_examples=300)
@given(sessions, st.sampled_from(PREFERENCES))
def test_a_preference_changes_how_but_not_where(session, wish):
    world = play(session, **KNOWN)
    assume(not world.state.turn.question)
    before = (world.state.progress.stretch_index, world.state.progress.step_index, world.mode)
    over = world.view.remaining
    world.hear(wish)
    assert (world.state.progress.stretch_index, world.state.progress.step_index, world.mode) == before
    assert (world.view.remaining is None) == (over is None)
    world.wait_until(lambda w: not w.state.speech.queue)
    skipped = world.state.user.preferences.brief and world.mode not in ("idle", "paused")
    assert skipped or (world.state.progress.stretch_index, world.state.progress.step_index, world.mode) == before


@settings(max_examples=300)
@given(sessions, pauses, st.sampled_from(["hold_longer", "hold_shorter"]))
def test_a_hold_is_changed_within_its_bounds(session, before, wish):
    world = play_in_routine(session, before)
    usual = [step.ms for step in world.state.course if step.kind == "holding"]
    world.hear(wish)
    after = [step.ms for step in world.state.course if step.kind == "holding"]
    for ms, new in zip(usual, after, strict=True):
        least, most = (ms, max(ms, 600_000)) if wish == "hold_longer" else (min(ms, 5_000), ms)
        assert least <= new <= most


@given(sessions)
def test_closing_ends_immediately_and_nothing_happens_after_it(session):
    world = play(session)
    world.happen(Closing(world.now))
    assert world.ended == "closed"
    done = len(world.done)
    world.hear("start_routine")
    world.wait(60_000)
    assert len(world.done) == done


@settings(max_examples=200)
@given(sessions)
def test_the_coach_never_says_two_things_at_once_and_always_goes_on(session):
    world = play(session)
    state = world.state
    waiting_for_user = world.mode in ("idle", "paused", "asking")
    assert waiting_for_user or world.speech or world.timer, "nothing would ever happen again"
    assert (state.speech.current is None) == (world.speech is None)


@settings(max_examples=200)
@given(sessions, st.sampled_from(sorted(HANDLERS)))
def test_nothing_is_to_be_said_twice(session, intent):
    world = play(session)
    world.hear(intent)
    for lines in (world.state.speech.queue, world.state.speech.held):
        assert len({line.text for line in lines}) == len(lines)

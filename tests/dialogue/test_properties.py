"""What holds for every sequence of events."""

from hypothesis import given, settings
from hypothesis import strategies as st

from skill.dialogue import initial, step
from skill.dialogue.intents import HANDLERS
from skill.dialogue.state import MODES
from skill.dialogue.view import view
from skill.events import Closing, Heard, Rejected, Saved, SessionStarted, SpeechEnded, SpeechStarted, TimerFired
from tests.dialogue.world import CONTENT, INTENT_SLOTS, World

STRETCHES = [s.id for s in CONTENT.routines["full"].stretches]
QUESTIONS = ("how_to", "help", "list_stretches")

times = st.integers(0, 10**7)
ids = st.integers(-1, 60)
stretches = st.sampled_from([*STRETCHES, "headstand", ""])
intents = st.sampled_from([*HANDLERS, "no_such_intent", "why"])
slots = st.one_of(
    st.just(()),
    stretches.map(lambda s: (("stretch", s),)),
    st.sampled_from(["full", "x"]).map(lambda r: (("routine", r),)),
)
saved = st.none() | st.builds(Saved, st.sampled_from(["full", "x"]), stretches)

events = st.one_of(
    st.builds(SessionStarted, times, st.booleans(), saved),
    st.builds(Heard, times, st.text(max_size=5), intents, slots),
    st.builds(Rejected, times, st.text(max_size=5), st.just("no sentence"), st.booleans()),
    st.builds(SpeechEnded, times, ids, st.booleans()),
    st.builds(TimerFired, times, ids),
    st.builds(SpeechStarted, times),
)

# What a user does: says something, says something unintelligible, or lets time pass.
commands = st.sampled_from([i for i in HANDLERS if i != "goodbye"])
moves = st.one_of(
    st.tuples(st.just("say"), commands, st.sampled_from(STRETCHES)),
    st.tuples(st.just("blah"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(0, 90_000).map(lambda ms: ms // 20 * 20)),
)
sessions = st.lists(moves, max_size=25)


def play(session, **began) -> World:
    world = World().begin(**began)
    for move in session:
        match move:
            case ("say", intent, stretch):
                slot = INTENT_SLOTS.get(intent)
                world.hear(intent, **({slot: stretch} if slot == "stretch" else {}))
            case ("blah", addressed):
                world.reject(addressed=addressed)
            case ("wait", ms):
                world.wait(ms)
    return world


@settings(max_examples=400)
@given(st.lists(events, max_size=60))
def test_no_sequence_of_events_breaks_the_step(sequence):
    state = initial(CONTENT)
    for event in sequence:
        state, actions = step(state, event)
        assert state.mode in MODES
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
@given(sessions, st.integers(0, 500_000))
def test_time_never_runs_while_paused(session, ms):
    world = play(session, safety_told=True)
    world.hear("pause")
    if world.mode != "paused":
        return  # nothing was on
    before = (world.position(), world.view.remaining)
    world.wait(ms)
    assert world.mode == "paused"
    assert (world.position(), world.view.remaining) == before


@settings(max_examples=300)
@given(sessions, st.sampled_from(QUESTIONS), st.sampled_from(STRETCHES))
def test_every_question_returns_to_the_same_place_and_time(session, question, stretch):
    world = play(session, safety_told=True)
    if world.state.question:
        return  # a question of the coach is pending: it may be answered by this one
    before = (world.position(), world.view.remaining, world.mode)
    cue = world.speech and world.state.speech and world.state.speech.role == "mark"
    world.hear(question, **({"stretch": stretch} if question == "how_to" else {}))
    assert (world.position(), world.view.remaining, world.mode) == before
    world.wait_until(lambda w: not w.state.answer)
    assert (world.position(), world.view.remaining, world.mode) == before
    assert not cue or world.state.speech  # an interrupted cue comes again


@settings(max_examples=300)
@given(sessions, st.sampled_from(STRETCHES))
def test_every_stretch_can_be_reached_from_everywhere(session, stretch):
    world = play(session)
    world.hear("go_to", stretch=stretch)
    world.wait(0)
    assert world.state.routine
    assert world.view.stretch == stretch
    assert world.mode == "introducing"


@settings(max_examples=300)
@given(sessions)
def test_every_session_can_be_ended(session):
    world = play(session)
    world.hear("stop")
    assert world.mode == "idle"
    world.hear("goodbye")
    world.wait(60_000)
    assert world.ended == "goodbye"


@given(sessions)
def test_closing_ends_at_once_and_nothing_happens_after_it(session):
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
    assert (state.speech is None) == (world.speech is None)

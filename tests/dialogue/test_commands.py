"""What each command does."""

from dataclasses import replace

import pytest

from skill.content.content import Content
from skill.content.routine import Hold
from skill.dialogue.actions import KeepConditions, KeepUnwell, Save
from skill.dialogue.length import left_ms
from skill.dialogue.state import initial
from skill.events import Closing, EchoLoopDetected, Saved
from tests.dialogue.world import CONTENT, KNOWN, World, finish_speaking, holding, stretching

FULL = CONTENT.routines["full"]
HOW_TO = {s.id: s.how_to for s in FULL.stretches}


def test_pause_freezes_the_hold_and_resume_goes_on_with_what_was_left():
    world = holding(5.0)
    world.hear("pause")
    assert (world.mode, world.view.remaining) == ("paused", 15.0)
    world.wait(120_000)
    assert world.view.remaining == 15.0
    world.hear("resume")
    assert (world.mode, world.view.remaining) == ("holding", 15.0)
    world.wait(14_980)
    assert world.mode == "holding"
    world.wait(20)
    assert world.mode != "holding"


def test_how_to_in_a_hold_answers_and_returns_with_the_time_that_was_left():
    world = holding(5.0)
    world.said.clear()
    world.hear("how_to", stretch="childs_pose")
    world.wait_until(lambda w: w.state.clock.runs)
    assert tuple(world.said) == HOW_TO["childs_pose"]
    assert (world.view.stretch, world.view.remaining) == ("knee_to_chest", 15.0)


def test_an_interrupted_sentence_restarts_after_the_answer():
    world = stretching()
    world.wait_until(lambda w: w.mode == "instructing" and w.speech)
    interrupted = world.said[-1]
    world.wait(600)
    world.said.clear()
    world.hear("how_to", stretch="bridge")
    world.wait_until(lambda w: len(w.said) > len(HOW_TO["bridge"]))
    assert tuple(world.said) == (*HOW_TO["bridge"], interrupted)


def test_an_interrupted_sentence_restarts_after_a_pause():
    world = stretching()
    world.wait_until(lambda w: w.mode == "instructing" and w.speech)
    interrupted = world.said[-1]
    world.wait(600)
    world.hear("pause")
    world.wait(5_000)
    world.said.clear()
    world.hear("resume")
    assert world.said == [interrupted]


def test_a_breathing_cue_that_was_interrupted_is_said_again():
    world = holding(3.2, "cow")
    assert world.speech
    assert world.said[-1] == "Out: cat pose."
    world.hear("pause")
    world.said.clear()
    world.hear("resume")
    assert world.said == ["Out: cat pose."]
    assert (world.view.stretch, world.view.remaining) == ("cat", 26.8)


def test_how_to_works_before_starting_and_while_paused():
    world = World().begin(**KNOWN)
    finish_speaking(world)
    world.hear("how_to", stretch="cow")
    finish_speaking(world)
    assert (world.mode, tuple(world.said[-len(HOW_TO["cow"]) :])) == ("idle", HOW_TO["cow"])
    world = holding()
    world.hear("pause")
    world.hear("how_to", stretch="cow")
    assert world.mode == "paused"
    finish_speaking(world)
    assert (world.mode, world.view.remaining) == ("paused", 15.0)


@pytest.mark.parametrize("start", ["introducing", "instructing", "getting_ready", "holding", "paused"])
def test_next_and_previous_move_immediately(start: str):
    world = holding(1.0, "bridge") if start in ("holding", "paused") else stretching()
    if start == "paused":
        world.hear("pause")
    elif start != "holding":
        world.hear("go_to", stretch="bridge")
        world.wait_until(lambda w: w.mode == start)
    world.hear("next")
    assert (world.view.stretch, world.mode) == ("childs_pose", "introducing")
    world.hear("previous")
    assert (world.view.stretch, world.mode) == ("bridge", "introducing")


def test_at_the_ends_it_says_so_and_stays():
    world = stretching()
    world.hear("previous")
    assert world.said[-1] == "This is the first one, knee to chest."
    world.hear("go_to", stretch="forward_fold")
    world.hear("next")
    assert world.said[-1] == "This is the last one, forward fold."
    world.wait(3_000)
    assert world.said[-1] == "To end here, say stop."
    assert world.view.stretch == "forward_fold"


def test_repeat_restarts_a_hold():
    world = holding(12.0)
    world.hear("repeat")
    world.wait_until(lambda w: w.state.clock.runs)
    assert world.view.remaining == 20.0


def test_repeat_says_the_last_instruction_again():
    world = stretching()
    world.wait_until(lambda w: w.mode == "instructing" and w.state.progress.line_said)
    last = world.said[-1]
    world.said.clear()
    world.hear("repeat")
    assert world.said == [last]


def test_repeat_after_an_answer_says_the_whole_answer_again():
    world = stretching()
    world.wait_until(lambda w: w.mode == "getting_ready" and not w.speech)
    world.hear("how_to", stretch="cat")
    world.wait_until(lambda w: w.state.clock.runs)
    world.said.clear()
    world.hear("repeat")
    world.wait_until(lambda w: w.state.clock.runs)
    assert tuple(world.said) == HOW_TO["cat"]


def ids(world: World) -> list[str]:
    return [s.id for s in world.state.progress.routine.stretches] if world.state.progress.routine else []


def test_a_stretch_that_is_still_to_come_is_left_out_and_nothing_else_changes():
    world = holding(5.0, "cow")
    before = (world.view.stretch, world.view.side, world.view.remaining, world.state.progress.step_index)
    world.said.clear()
    world.hear("next", stretch="bridge")
    assert (world.view.stretch, world.view.side, world.view.remaining, world.state.progress.step_index) == before
    world.wait_until(lambda w: w.state.clock.runs)
    assert world.said[0] == "All right, without bridge."
    assert (world.view.remaining, ids(world)) == (before[2], [s.id for s in FULL.stretches if s.id != "bridge"])
    world.hear("have_condition", condition="knees")  # fits the routine anew
    assert "bridge" not in ids(world)
    world.hear("next")
    world.hear("next")
    assert world.view.stretch == "childs_pose"


def test_the_stretch_that_is_on_is_left_by_its_name():
    world = holding(5.0, "bridge")
    world.hear("next", stretch="bridge")
    assert (world.view.stretch, world.mode, ids(world)) == (
        "childs_pose",
        "introducing",
        [s.id for s in FULL.stretches],
    )


@pytest.mark.parametrize("stretch", ["cat", "headstand"])
def test_what_is_over_or_not_there_cannot_be_left_out(stretch: str):
    world = holding(5.0, "bridge")
    world.said.clear()
    world.hear("next", stretch=stretch)
    world.wait_until(lambda w: w.state.clock.runs)
    assert world.said in (["All right."], ["Okay."])
    assert (world.view.stretch, world.state.progress.routine) == ("bridge", FULL)


def test_another_stretch_left_out_where_it_hurts_does_not_answer_the_question():
    world = holding(5.0, "cow")
    world.hear("pain")
    finish_speaking(world)
    world.said.clear()
    world.hear("next", stretch="bridge")
    finish_speaking(world)
    world.wait(2_000)
    assert world.said == ["All right, without bridge.", "Say easier, skip, or stop."]
    assert (world.mode, world.state.progress.stretch.id) == ("asking", "cow")
    world.hear("next", stretch="cow")
    assert (world.mode, world.view.stretch) == ("introducing", "downward_dog")


def test_nothing_can_be_left_out_while_no_routine_is_on():
    world = World().begin(**KNOWN)
    world.hear("next", stretch="bridge")
    assert (world.mode, world.said[-1]) == ("idle", "No routine is on.")


def test_what_was_left_out_can_be_gone_to_after_all():
    world = holding(5.0, "cow")
    world.hear("next", stretch="bridge")
    world.hear("go_to", stretch="bridge")
    assert (world.view.stretch, ids(world)) == ("bridge", [s.id for s in FULL.stretches])


def test_what_was_left_out_stays_out_of_that_routine_and_is_there_again_in_the_next():
    world = holding(5.0, "cow")
    world.hear("next", stretch="bridge")
    every = ids(world)
    world.hear("stop")
    world.hear("resume")
    assert (world.state.progress.stretch.id, ids(world), "bridge" in every) == ("cow", every, False)
    world.hear("stop")
    world.hear("start_routine")
    world.hear("deny")  # not from there
    assert ids(world) == [s.id for s in FULL.stretches]


def test_where_all_but_letting_go_was_done_it_goes_on_after_what_was_left_out():
    saved = Saved("full", "downward_dog", step=99, skipped=frozenset({"bridge"}))
    world = World().begin(**KNOWN, saved=saved)
    world.hear("resume")
    assert (world.state.progress.stretch.id, world.state.progress.skipped) == ("childs_pose", {"bridge"})


@pytest.mark.parametrize("intent", ["go_to", "repeat_stretch"])
def test_go_to_moves_to_the_beginning_of_a_stretch(intent: str):
    world = holding(3.0, "bridge")
    world.hear(intent, stretch="cow")
    assert (world.view.stretch, world.mode, world.state.progress.step_index) == ("cow", "introducing", 0)


def with_own_routine() -> World:
    """A user who has a routine of their own, with a stretch of their own in it."""
    tilt = replace(FULL.stretches[FULL.index("bridge") or 0], id="pelvic_tilt", name="pelvic tilt")
    own = replace(FULL, id="morning", name="morning stretches", stretches=(tilt, FULL.stretches[0]))
    return World(initial(Content(CONTENT.routines | {"morning": own}, CONTENT.responses))).begin(**KNOWN)


def test_a_stretch_that_only_another_routine_has_is_begun_there():
    world = with_own_routine()
    world.hear("go_to", stretch="pelvic_tilt")
    assert (world.state.progress.routine and world.state.progress.routine.id, world.view.stretch) == (
        "morning",
        "pelvic_tilt",
    )


def test_a_stretch_that_the_usual_routine_has_is_begun_there():
    world = with_own_routine()
    world.hear("go_to", stretch="knee_to_chest")
    assert world.state.progress.routine == FULL


def test_easier_explains_the_easier_version_and_keeps_it_for_this_stretch():
    world = holding(3.0, "bridge")
    world.said.clear()
    world.hear("easier")
    world.wait_until(lambda w: w.mode == "getting_ready")
    bridge = FULL.stretches[FULL.index("bridge") or 0]
    assert tuple(world.said[1 : 1 + len(bridge.easier)]) == bridge.easier
    assert world.state.progress.options.easier
    world.hear("next")
    assert not world.state.progress.options.easier


def test_what_hurts_in_the_easier_version_gets_no_promise_of_an_easier_one():
    world = holding(3.0, "bridge")
    world.hear("easier")
    world.wait_until(lambda w: w.mode == "holding")
    world.hear("pain")
    world.said.clear()
    world.hear("easier")
    world.wait_until(lambda w: w.mode == "getting_ready")
    bridge = FULL.stretches[FULL.index("bridge") or 0]
    assert world.said[:2] == ["This is the easiest way I know.", "Do only a little of it, or say skip."]
    assert tuple(world.said[2 : 2 + len(bridge.easier)]) == bridge.easier


def test_stop_keeps_the_place_and_start_offers_to_go_on():
    world = holding(3.0, "bridge")
    world.hear("stop")
    assert world.mode == "idle"
    kept = [action.saved for action in world.done if isinstance(action, Save)][-1]
    assert kept
    assert (kept.routine, kept.stretch) == ("full", "bridge")
    assert kept.step > 0
    finish_speaking(world)
    world.hear("start_routine")
    assert world.mode == "asking"
    assert "bridge" in world.said[-1]
    world.hear("affirm")
    assert world.view.stretch == "bridge"


def test_no_to_the_offer_starts_at_the_beginning():
    world = World().begin(**KNOWN, saved=Saved("full", "bridge"))
    world.hear("start_routine")
    world.hear("deny")
    assert world.view.stretch == "knee_to_chest"


def test_a_saved_place_that_no_longer_exists_is_ignored():
    world = World().begin(**KNOWN, saved=Saved("full", "headstand"))
    world.hear("start_routine")
    assert world.view.stretch == "knee_to_chest"


def test_a_long_pause_ends_the_routine_and_keeps_the_place():
    world = holding(3.0, "bridge")
    world.hear("pause")
    world.wait(599_900)
    assert world.mode == "paused"
    world.wait(200)
    assert world.mode == "idle"
    assert world.state.history.saved
    assert (world.state.history.saved.routine, world.state.history.saved.stretch) == ("full", "bridge")


def test_goodbye_says_goodbye_and_ends():
    world = World().begin()
    world.hear("goodbye")
    finish_speaking(world)
    assert world.ended == "goodbye"


def test_closing_keeps_the_place():
    world = holding(3.0, "bridge")
    world.happen(Closing(world.now))
    assert world.ended == "closed"
    kept = [action.saved for action in world.done if isinstance(action, Save)][-1]
    assert kept
    assert (kept.routine, kept.stretch) == ("full", "bridge")


@pytest.mark.parametrize("mode", ["idle", "introducing", "instructing", "getting_ready", "holding", "paused"])
def test_help_says_something_in_every_state(mode: str):
    world = World().begin(**KNOWN)
    finish_speaking(world)
    if mode != "idle":
        world.hear("start_routine")
        world.wait_until(lambda w: w.mode == mode or (mode == "paused" and w.mode == "holding"))
    if mode == "paused":
        world.hear("pause")
    world.said.clear()
    world.hear("help")
    assert world.said[0].startswith(("Say", "You can say"))
    assert world.mode == mode


@pytest.mark.parametrize("sessions", [0, 1, 2, 3])
def test_still_more_is_said_only_of_the_same_wish_again(sessions: int):
    world = World().begin(**KNOWN, this_week=sessions)
    finish_speaking(world)
    world.said.clear()
    for wish in ("slower", "slower", "faster", "louder", "faster", "slower"):
        world.hear(wish)
        finish_speaking(world)
    assert world.said == [
        "All right, slower.",
        "Slower still.",
        "All right, a little faster.",
        "All right, louder.",
        "Faster still.",
        "All right, slower.",
    ]


def test_what_the_stretches_cannot_be_fitted_to_is_answered_and_not_kept():
    world = World().begin(safety_told=True)
    world.hear("start_routine")
    world.wait_until(lambda w: w.mode == "asking" and not w.speech)
    world.said.clear()
    world.hear("have_condition", condition="other")
    finish_speaking(world)
    world.wait(1_000)
    finish_speaking(world)
    assert world.said[:2] == ["I cannot fit the stretches to that.", "Please ask a doctor what suits you."]
    world.wait_until(lambda w: w.said[-1] == "Anything else?")
    assert (world.mode, world.state.user.conditions) == ("asking", None)
    assert not any(isinstance(action, KeepConditions) for action in world.done)


def test_a_condition_in_a_hold_is_answered_and_the_clock_goes_on():
    world = holding(5.0)
    world.said.clear()
    world.hear("have_condition", condition="other")
    world.wait_until(lambda w: w.state.clock.runs)
    assert world.said == ["I cannot fit the stretches to that.", "Please ask a doctor what suits you."]
    assert (world.mode, world.view.remaining) == ("holding", 15.0)


def test_repeat_while_paused_says_the_last_line_and_stays_paused():
    world = stretching()
    world.wait_until(lambda w: w.mode == "instructing" and w.speech)
    line = world.said[-1]
    world.hear("pause")
    world.said.clear()
    world.hear("repeat")
    assert (world.said, world.mode) == ([line], "paused")


def test_a_coach_that_hears_itself_says_what_to_do_and_goes_on_where_it_was():
    world = holding(5.0)
    world.said.clear()
    world.happen(EchoLoopDetected(world.now))
    world.wait_until(lambda w: w.state.clock.runs)
    assert world.said[0] == "I keep hearing myself."
    assert world.view.remaining == 15.0


def test_a_pause_in_the_greeting_is_silent_and_the_greeting_goes_on_after_it():
    world = World().begin(conditions=frozenset())
    finish_speaking(world)
    world.hear("start_routine")
    world.wait_until(lambda w: "not medical advice" in w.said[-1])
    interrupted = world.said[-1]
    world.hear("pause")
    world.said.clear()
    world.wait(60_000)
    assert (world.said, world.mode) == ([], "paused")
    world.hear("which_stretch")
    finish_speaking(world)
    assert len(world.said) == 1
    world.said.clear()
    world.hear("resume")
    world.wait(100)
    assert world.said == [interrupted]


def test_moving_on_from_such_a_pause_loses_nothing_of_the_safety_information():
    world = World().begin(conditions=frozenset())
    finish_speaking(world)
    world.hear("start_routine")
    world.wait_until(lambda w: "not medical advice" in w.said[-1])
    interrupted = world.said[-1]
    world.hear("pause")
    world.said.clear()
    world.hear("next")
    world.wait_until(lambda w: w.state.user.safety_told)
    assert world.said[0] == interrupted


def _fold(seconds: float) -> World:
    """Return a world in the hold of the forward fold, half a minute, `seconds` after its beginning."""
    return holding(seconds, "forward_fold")


def test_a_faster_hold_still_ends_with_three_ticks():
    world = _fold(16)
    assert "Half way." in world.said
    world.sounds.clear()
    world.hear("faster")
    world.wait(30_000)
    assert world.sounds.count("tick") == 3
    assert world.said.count("Half way.") == 1


def test_a_slower_hold_says_half_way_where_it_is_and_once():
    world = _fold(14)
    world.hear("slower")
    finish_speaking(world)
    world.wait(30_000)
    assert world.said.count("Half way.") == 1
    late = _fold(16)
    late.hear("slower")
    finish_speaking(late)
    late.wait(30_000)
    assert late.said.count("Half way.") == 1


@pytest.mark.parametrize("wish", ["slower", "faster"])
def test_what_has_sounded_does_not_sound_again_where_the_pace_changes_at_that_moment(wish: str):
    world = _fold(0)
    world.wait_until(lambda w: "begin" in w.sounds)
    world.hear(wish)
    world.wait(40_000)
    assert world.sounds.count("begin") == 1


def test_the_time_left_does_not_grow_when_ready_is_waited_for():
    world = stretching()
    world.wait_until(lambda w: w.mode == "getting_ready")
    finish_speaking(world)
    left = []
    for _ in range(19):
        world.wait(1000)
        left.append(left_ms(world.state, world.now))
    world.wait(2000)
    assert world.mode == "holding"
    assert left_ms(world.state, world.now) <= left[-1] + 3000
    assert left == sorted(left, reverse=True)


def test_a_place_is_kept_where_nothing_of_another_routine_is_left():
    kneeling = [s for s in FULL.stretches if s.id in ("cat", "cow", "childs_pose")]
    not_with_sore_knees = tuple(replace(s, conditions=(("knees", "leave_out"),)) for s in kneeling)
    short = replace(FULL, id="short", stretches=not_with_sore_knees)
    content = Content({**CONTENT.routines, "short": short}, CONTENT.responses)
    saved = Saved("full", "bridge")
    world = World(initial(content)).begin(safety_told=True, conditions=frozenset({"knees"}), saved=saved)
    world.hear("start_routine", routine="short")
    world.hear("deny")
    assert world.mode == "idle"
    assert world.state.history.saved == saved


def test_a_hold_that_was_long_enough_counts_as_done():
    world = holding(5.0, "bridge")
    world.hear("ready")
    assert (world.state.history.stretches_done, world.state.history.sessions_this_week) == (1, 1)


def test_done_where_conditions_are_asked_for_is_no_stop():
    world = World().begin(safety_told=True)
    world.hear("start_routine")
    world.wait_until(lambda w: w.mode == "asking" and not w.speech)
    world.hear("stop", done="here")
    assert (world.mode, world.state.user.conditions) == ("introducing", frozenset())


@pytest.mark.parametrize("hurts_in", ["again", "hold"])
def test_after_pain_in_a_repeated_hold_ready_is_waited_for_again(hurts_in: str):
    three_times = replace(FULL.stretches[0], hold=Hold(seconds=10, repeat=3))
    routine = replace(FULL, stretches=(three_times, *FULL.stretches[1:]))
    world = World()
    world.state = initial(Content({"full": routine}, world.state.content.responses))
    world.begin(**KNOWN)
    world.hear("start_routine")
    world.wait_until(lambda w: w.state.current_step.part == "again")
    world.wait_until(lambda w: w.state.current_step.part == hurts_in)
    left = world.state.holds_left
    world.hear("pain")
    world.wait(15_000)
    world.hear("resume")
    assert (world.state.current_step.key, left, world.state.holds_left) == ("ready", 2, 2)


def test_what_was_wanted_easier_stays_so_where_the_routine_is_gone_on_with():
    world = holding(5.0, "bridge")
    world.hear("easier")
    world.hear("next")
    world.hear("stop")
    world.hear("resume")
    world.hear("previous")
    assert (world.state.progress.stretch.id, world.state.progress.options.easier) == ("bridge", True)


def test_easier_for_a_condition_ends_with_the_condition():
    world = holding(5.0, "bridge")
    world.hear("have_condition", condition="osteoporosis")
    assert world.state.progress.options.easier
    world.hear("next")
    world.hear("forget_conditions")
    world.hear("previous")
    assert (world.state.progress.stretch.id, world.state.progress.options.easier) == ("bridge", False)


@pytest.mark.parametrize("step", [6, 8])
def test_in_another_session_all_of_the_instructions_come_again(step: int):
    world = World().begin(**KNOWN, saved=Saved("full", "downward_dog", step))
    world.hear("resume")
    first = FULL.stretches[3].instructions[0]
    world.wait_until(lambda w: w.state.speech.current and w.state.speech.current.text == first)
    world.hear("stop")
    world.hear("resume")  # they were not heard yet
    world.wait_until(lambda w: w.state.speech.current and w.state.speech.current.text == first)
    world.wait_until(lambda w: w.mode == "getting_ready")
    world.wait(1_000)
    world.hear("stop")
    world.hear("resume")
    world.wait_until(lambda w: w.mode in ("instructing", "getting_ready"))
    assert world.mode == "getting_ready"


def test_one_half_that_was_done_stays_where_the_alternation_is_left():
    world = holding(5.0, "cow")
    world.hear("next", stretch="cat")
    assert (world.state.progress.stretch.id, ids(world)) == ("downward_dog", [s.id for s in FULL.stretches])


def test_where_only_the_other_half_was_left_the_routine_is_over():
    world = World().begin(**KNOWN)
    world.hear("start_routine", routine="quick")
    world.hear("next", stretch="childs_pose")
    world.hear("next")
    world.hear("next", stretch="cat")
    assert world.state.progress.routine is None


def test_a_no_to_being_better_is_kept():
    world = World().begin(**KNOWN, unwell=True)
    world.hear("start_routine")
    world.hear("deny")
    assert KeepUnwell(True) in world.done


def test_safety_information_that_is_being_said_is_not_begun_again():
    world = World().begin(conditions=frozenset())
    world.hear("start_routine")
    world.wait(1_000)
    before = [line.text for line in world.state.speech.queue]
    world.hear("safety_info")
    assert [line.text for line in world.state.speech.queue] == before


def test_a_condition_that_is_forgotten_before_the_first_stretch_makes_it_no_easier():
    world = World().begin(safety_told=True, conditions=frozenset({"knees"}))
    world.hear("start_routine")
    easier = world.state.progress.options.easier
    world.hear("forget_conditions")
    assert (easier, world.state.progress.options.easier) == (True, False)


def test_the_offer_to_go_on_names_no_stretch_that_is_left_out():
    conditions = frozenset({"hip_replacement"})
    world = World().begin(safety_told=True, conditions=conditions, saved=Saved("full", "knee_to_chest"))
    world.hear("start_routine")
    assert world.state.speech.last_said[0] == "Last time you stopped at cat pose."

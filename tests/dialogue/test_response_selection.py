"""Every sentence of the coach: short, used, reachable, and never the same twice in a row if there are others."""

import string
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from benchmarks.pictures import states as diagram
from skill.content.content import Content
from skill.content.responses import Responses, split
from skill.content.routine import CONDITIONS
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.meaning import ASKING
from skill.dialogue.state import initial
from skill.events import EchoLoopDetected, MicrophoneBack, MicrophoneLost, Saved
from skill.preferences import Preferences
from tests.dialogue.world import CONTENT, INTENT_SLOTS, KNOWN, OPTIONAL_SLOT, World

MAX_WORDS = 12
VALUES = {"stretch": ("bridge", "headstand"), "routine": ("quick", "x"), "condition": (*CONDITIONS, "back", "x")}


class Recorded(Responses):
    """Responses that remember which variants were asked for."""

    def __init__(self) -> None:
        super().__init__(CONTENT.responses.variants)
        self.asked: set[tuple[str, int]] = set()

    def __call__(self, key: str, *, variant: int = 0, **fields: str) -> tuple[str, ...]:
        self.asked.add((key, variant % len(self.variants[key])))
        return super().__call__(key, variant=variant, **fields)


@pytest.fixture(scope="module")
def everything() -> tuple[Recorded, list[list[str]]]:
    """The coach put through everything: what was asked of the responses, and what was said in each session."""
    recorded = Recorded()
    content = Content(CONTENT.routines, recorded)
    said = []
    for session in (*_whole_routines(), *_commands(), *ODD, *_histories()):
        world = World(initial(content))
        session(world)
        said.append(world.said)
    return recorded, said


Session = Callable[[World], None]


def _whole_routines() -> list[Session]:
    def lead(routine: str, brief: bool, conditions: frozenset[str]) -> Session:
        def session(world: World) -> None:
            world.begin(safety_told=True, conditions=conditions, preferences=Preferences(brief=brief))
            for _ in range(3):
                world.hear("start_routine", routine=routine)
                while world.state.progress.routine:
                    if world.mode == "getting_ready" and not world.speech:
                        world.hear("time_left")
                        world.hear("ready")
                    world.wait(500)
            world.hear("repeat")

        return session

    told = (frozenset(), frozenset(CONDITIONS), frozenset(["knees"]))
    return [lead(r, brief, c) for r in CONTENT.routines for brief in (False, True) for c in told]


def _commands() -> list[Session]:
    """Every command several times in a row in every situation, each time after going there again."""

    def session_of(situation: str, intent: str, value: dict[str, str]) -> Session:
        def session(world: World) -> None:
            world.state = diagram.samples(world.state.content)[situation]
            world.now = world.state.clock.since or 0
            for _ in range(7):
                world.hear(intent, **value)
                world.wait(9_000)
                world.hear("help")
                world.hear("more")
                world.wait(9_000)
                world.reject()
                world.wait(40_000)
                world.reject()
                world.wait(40_000)
                if intent == "easier":
                    world.hear("resume")

        return session

    found = []
    for situation in diagram.samples(CONTENT):
        for intent in HANDLERS:
            slot = INTENT_SLOTS.get(intent)
            values = [{slot: value} for value in VALUES[slot]] if slot else []
            values += [{}] if not slot or intent in OPTIONAL_SLOT else []
            found += [session_of(situation, intent, value) for value in values]
    return found


def _silent(world: World) -> None:
    world.begin()
    world.hear("repeat")
    world.hear("start_routine")
    world.wait(5_000_000)


def _nearly_understood(world: World) -> None:
    world.begin(**KNOWN)
    for _ in range(3):
        world.wait(30_000)
        world.reject(near=world.heard("help"))
        world.hear("deny")


def _rejected_everywhere(world: World) -> None:
    for situation, state in diagram.samples(world.state.content).items():
        world.state = state
        world.reject()
        world.wait(5_000 if situation in ASKING else 500)
        world.reject()
        world.wait(5_000)


def _left_again_and_again(world: World) -> None:
    world.begin(**KNOWN, saved=Saved("full", "bridge"))
    for _ in range(3):
        world.hear("resume")
        world.hear("stop")


def _nothing_left(world: World) -> None:
    full = CONTENT.routines["full"]
    only = replace(full, stretches=full.stretches[4:5])
    world.state = initial(Content({"full": only}, world.state.content.responses))
    world.begin(safety_told=True, conditions=frozenset(["pregnancy"]))
    world.hear("start_routine")
    assert world.mode == "idle"
    world.hear("go_to", stretch="bridge")
    assert world.mode == "idle"
    world.hear("list_stretches")
    world.hear("list_routines")


def _breathing(world: World) -> None:
    world.begin(**KNOWN)
    world.hear("go_to", stretch="cow")
    world.wait_until(lambda w: w.mode == "getting_ready")
    for wish in ("hold_longer", "hold_longer", "hold_shorter", "hold_shorter"):
        world.hear(wish)
        world.wait(5_000)


def _body(world: World) -> None:
    world.begin(safety_told=True)
    for _ in range(3):
        world.hear("start_routine", routine="quick")
        world.hear("deny")  # not from where it was left
        world.wait_until(lambda w: w.mode == "asking" and not w.speech)
        world.hear("deny")
        world.hear("my_conditions")
        world.hear("have_condition", condition="knees")
        world.hear("my_conditions")
        world.hear("go_to", stretch="bridge")
        world.hear("forget_conditions")
        world.hear("stop")


def _pregnant(world: World) -> None:
    world.begin(safety_told=True)
    world.hear("start_routine")
    world.wait_until(lambda w: w.mode == "asking" and not w.speech)
    world.hear("have_condition", condition="pregnancy")
    world.hear("deny")


def _easier_hurts(world: World) -> None:
    world.begin(**KNOWN)
    world.hear("go_to", stretch="bridge")
    world.hear("easier")
    world.hear("pain")
    world.hear("help")


def _left_elsewhere(world: World) -> None:
    world.begin(**KNOWN, saved=Saved("gentle", "bridge"))
    world.hear("start_routine")


def _holds(world: World) -> None:
    world.begin(**KNOWN)
    world.hear("go_to", stretch="childs_pose")
    world.wait_until(lambda w: w.mode == "holding" and w.state.clock.runs)
    world.wait(59_500)
    world.hear("time_left")
    world.hear("talk_less")
    world.hear("talk_more")
    for _ in range(60):
        world.hear("hold_longer")


def _hears_itself(world: World) -> None:
    world.begin(**KNOWN)
    world.happen(EchoLoopDetected(world.now))


def _deaf(world: World) -> None:
    world.begin(**KNOWN)
    world.happen(MicrophoneLost(world.now))
    world.wait(10_000)
    world.happen(MicrophoneBack(world.now))


def _repeated(world: World) -> None:
    """A routine of one's own, with a hold that is repeated."""
    first, *others = world.state.content.default.stretches
    three_times = replace(first, hold=replace(first.hold, repeat=3))
    routine = replace(world.state.content.default, stretches=(three_times, *others))
    world.state = initial(Content({"full": routine}, world.state.content.responses))
    world.begin(**KNOWN)
    world.hear("start_routine")
    world.wait_until(lambda w: w.state.progress.stretch_index == 1)


ODD = (
    _repeated,
    _hears_itself,
    _deaf,
    _silent,
    _nearly_understood,
    _rejected_everywhere,
    _left_again_and_again,
    _nothing_left,
    _breathing,
    _body,
    _pregnant,
    _holds,
    _easier_hurts,
    _left_elsewhere,
)


def _histories() -> list[Session]:
    def ask(this_week: int, days: int | None) -> Session:
        def session(world: World) -> None:
            world.begin(**KNOWN, this_week=this_week, days_since_last=days)
            world.hear("history")
            world.hear("goodbye")

        return session

    return [ask(0, None), ask(0, 9), ask(1, 0), ask(2, 1), ask(5, 3)]


def test_every_response_is_used_and_every_variant_reached(everything):
    recorded, _ = everything
    every = {(key, number) for key, variants in recorded.variants.items() for number in range(len(variants))}
    assert sorted(every - recorded.asked) == []


def test_every_sentence_that_is_said_fits_in_one_breath(everything):
    _, said = everything
    assert {line for lines in said for line in lines if len(line.split()) > MAX_WORDS} == set()


def test_every_sentence_that_is_said_is_one(everything):
    _, said = everything
    lines = {line for spoken in said for line in spoken}
    assert {line for line in lines if line[-1] not in ".?" or not line[0].isupper() or "{" in line} == set()


LONGEST = {
    "routine": "gentle stretches",
    "stretch": "knee to chest",
    "count": "twenty",
    "time": "twenty minutes",
    "number": "seven",
    "total": "seven",
    "side": "right",
    "condition": "a fracture in the spine",
    "day": "nine days ago",
    "times": "nine times",
    "seconds": "fifty three seconds",
    "text": "a b c d e f g h i",
    "names": "a",
    "last": "b",
}


@pytest.mark.parametrize("key", sorted(CONTENT.responses.variants))
def test_every_response_fits_in_one_breath_when_it_is_filled_in(key: str):
    for text in CONTENT.responses.variants[key]:
        fields = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert fields <= set(LONGEST)
        for line in split(text.format_map(LONGEST)):
            assert len(line.split()) <= MAX_WORDS, line


@pytest.mark.parametrize("key", sorted(CONTENT.responses.variants))
def test_no_response_cheers_pushes_or_promises(key: str):
    never = {"great", "awesome", "amazing", "perfect", "excellent", "proud", "must", "cure", "cures", "heal", "heals",
             "fix", "guaranteed", "promise", "should've", "champion", "wow"}  # fmt: skip
    for text in CONTENT.responses.variants[key]:
        assert not {word.strip(string.punctuation).lower() for word in text.split()} & never
        assert "!" not in text


@pytest.mark.parametrize("routine", sorted(CONTENT.routines))
def test_no_variant_comes_twice_in_a_row(routine: str):
    world = World().begin(**KNOWN)
    world.hear("start_routine", routine=routine)
    while world.state.progress.routine:
        if world.mode == "getting_ready" and not world.speech:
            world.hear("ready")
        world.wait(500)
    for key in ("introduce", "ready", "other_side", "release", "hold_seconds", "hold_breaths"):
        spoken = [number for line in world.said if (number := _variant_of(key, line)) is not None]
        assert len(spoken) > 1 or key in ("hold_seconds", "hold_breaths", "other_side")
        assert all(a != b for a, b in pairwise(spoken)), f"{key}: {spoken}"


def _variant_of(key: str, line: str) -> int | None:
    """Return which variant of a response begins with this line."""
    for number, text in enumerate(CONTENT.responses.variants[key]):
        fixed = [part for part, *_ in string.Formatter().parse(split(text)[0]) if part]
        if line.startswith(fixed[0]) and all(part in line for part in fixed):
            return number
    return None


def test_a_stretch_that_is_left_counts_what_was_said_in_it_and_no_more() -> None:
    """Left in the middle of its instructions, it has not asked whether the user is ready yet."""

    def asked_first(steps_before_next: int) -> str:
        world = World().begin(**KNOWN)
        world.hear("start_routine")
        while world.state.progress.step_index < steps_before_next:
            world.wait(500)
        world.hear("next")
        while world.mode != "getting_ready":
            world.wait(500)
        return world.said[-1]

    assert asked_first(8) == asked_first(1)

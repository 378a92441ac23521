"""The scenarios of tests/scenarios, typed: the dialogue alone, in audio time."""

import re
from functools import cache

import pytest

from skill.composition.coach_settings import COACH_LISTENING
from skill.content.language import load_language
from skill.content.routine import CONDITIONS
from skill.dialogue.actions import KeepConditions, KeepUnwell, Prefer, RememberSafetyTold, Save
from skill.dialogue.handlers import HANDLERS
from skill.dialogue.view import View
from skill.events import Heard
from skill.understanding.understanding import Understanding
from skill.understanding.word_graph import OUT_OF_SCOPE
from tests.dialogue.world import CONTENT, World
from tests.scenarios.play import NotUnderstoodError, Play, kept_conditions, kept_place, kept_preferences, kept_unwell
from tests.scenarios.reading import FOLDER, scenarios

SCENARIOS = scenarios()


@cache
def understanding() -> Understanding:
    return Understanding(load_language(), COACH_LISTENING)


class TypedStage:
    """A conversation in which lines are understood as they are typed."""

    slack = 0.0

    def __init__(self) -> None:
        self._world = World()
        self.said = self._world.said
        self.sounds = self._world.sounds
        self.intents: set[str] = set()

    def begin(self, given: dict[str, object]) -> None:
        self._world.begin(**given)

    def user(self, text: str) -> int:
        before = len(self.said)
        self._world.happen(self._heard(text))
        return before

    def mumble(self, text: str) -> None:
        if not text:
            self._world.reject()
            return
        event = understanding().event(text, self._world.mode, self._world.now)
        assert not isinstance(event, Heard), f"{text} is a sentence"
        self._world.happen(event)

    def nearly(self, text: str) -> None:
        self._world.reject(text="something like it", near=self._heard(text))

    def _heard(self, text: str) -> Heard:
        event = understanding().event(text, self._world.mode, self._world.now)
        if not isinstance(event, Heard):
            raise NotUnderstoodError(event)
        self.intents.add(event.intent)
        return event

    def wait(self, ms: int) -> None:
        self._world.wait(ms)

    @property
    def view(self) -> View:
        return self._world.view

    @property
    def speaking(self) -> bool:
        return bool(self._world.speech or self._world.state.speech.queue)

    @property
    def clock_runs(self) -> bool:
        return self._world.state.clock.runs

    @property
    def ended(self) -> str | None:
        return self._world.ended

    @property
    def kept(self) -> dict[str, str]:
        kept = {}
        for action in self._world.done:
            match action:
                case Save(saved):
                    kept["place"] = kept_place(saved)
                case KeepConditions(conditions):
                    kept["conditions"] = kept_conditions(conditions)
                case KeepUnwell(unwell):
                    kept["unwell"] = kept_unwell(unwell)
                case Prefer(preferences):
                    kept["preferences"] = kept_preferences(preferences)
                case RememberSafetyTold():
                    kept["safety"] = "safety told"
        return kept


@cache
def played(number: int) -> TypedStage:
    stage = TypedStage()
    Play(SCENARIOS[number], stage)
    return stage


@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=[s.name for s in SCENARIOS])
def test_scenario(number: int):
    played(number)


def said_by_users(spoken: bool) -> set[str]:
    """Return the intents of what users say in all scenarios, or in those that are spoken too."""
    return {
        intent
        for number, scenario in enumerate(SCENARIOS)
        if not (spoken and scenario.only_typed)
        for intent in played(number).intents
    }


@pytest.mark.parametrize("spoken", [False, True])
def test_every_command_is_said_in_a_scenario(spoken: bool):
    assert said_by_users(spoken) == set(load_language().intents.intents) - {OUT_OF_SCOPE} == set(HANDLERS)


def requirements() -> list[str]:
    """Return the rows of the tables of README.md that name the scenarios of each requirement, without headings."""
    tables = (FOLDER / "README.md").read_text(encoding="utf-8").split("## Requirements")[1]
    return [line for line in tables.splitlines() if line.startswith("| ") and "tested by" not in line]


def test_every_requirement_names_scenarios_that_exist():
    shown = {row: re.findall(r"`(\w+: [^`]+)`", row) for row in requirements()}
    assert [row for row, names in shown.items() if not names] == []
    assert {name for names in shown.values() for name in names} <= {scenario.name for scenario in SCENARIOS}


def test_every_command_is_among_the_requirements():
    assert set(HANDLERS) <= set(re.findall(r"`(\w+)`", " ".join(requirements())))


def test_every_stretch_and_every_condition_has_its_scenario():
    text = " ".join(row.text for scenario in SCENARIOS for row in scenario.rows)
    for stretch in CONTENT.routines["full"].stretches:
        assert f"holding {stretch.id}" in text
    assert all(condition in text for condition in CONDITIONS)


def test_no_two_scenarios_have_the_same_name():
    assert len({s.name for s in SCENARIOS}) == len(SCENARIOS) >= 50

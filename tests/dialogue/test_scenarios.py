"""The scenarios of tests/scenarios, typed, in audio time."""

from collections.abc import Callable
from functools import cache

import pytest

from skill.actions import KeepConditions, Prefer, RememberSafetyTold, Save
from skill.content import load_language
from skill.dialogue.intents import HANDLERS
from skill.events import Heard, Saved
from skill.hearing.understanding import Understanding
from skill.preferences import Preferences
from skill.routine import CONDITIONS
from skill.settings import ListeningSettings
from tests.dialogue.world import CONTENT, KNOWN, World
from tests.scenarios.reading import Row, Scenario, scenarios

PATIENCE_MS = 120_000
"""How long a `coach` row waits for its line."""

SCENARIOS = scenarios()


@cache
def understanding() -> Understanding:
    return Understanding(load_language(), ListeningSettings())


class Played:
    """A scenario while it is played."""

    def __init__(self, scenario: Scenario):
        self.world = World()
        self.intents: set[str] = set()
        self._checked = 0  # lines that were told of
        self._before = 0  # lines that were said before the last row in which something happens
        self._sounds = 0
        self._row = scenario.rows[0]
        self._play(scenario)

    def _play(self, scenario: Scenario) -> None:
        given = dict(KNOWN)
        rows = list(scenario.rows)
        while rows and rows[0].kind == "given":
            given |= _given(rows.pop(0).text)
        self.world.begin(**given)
        self.world.wait_until(lambda w: not w.speech)
        self._checked = len(self.world.said)
        for self._row in rows:
            self._one(self._row)

    def _one(self, row: Row) -> None:
        if row.kind in ("user", "mumble", "nearly", "wait", "until"):
            self._before = len(self.world.said)
        play: dict[str, Callable[[str], None]] = {
            "user": self._user,
            "mumble": lambda text: self.world.reject(),
            "nearly": self._nearly,
            "wait": lambda text: self.world.wait(round(1000 * float(text))),
            "until": self._until,
            "coach": self._coach,
            "then": self._then,
            "silence": self._silence,
            "never": lambda text: self._expect(text not in self.world.said, f"never {text}", self.world.said),
            "sound": self._sound,
            "state": self._state,
            "keeps": self._keeps,
            "ends": lambda text: self._expect(self.world.ended == text, text, self.world.ended),
        }
        play[row.kind](row.text)

    def _expect(self, true: bool, wanted: object, found: object) -> None:
        assert true, f"line {self._row.line}: wanted {wanted}, found {found}"

    def _unchecked(self) -> list[str]:
        return self.world.said[self._checked :]

    def _heard(self, text: str) -> Heard:
        event = understanding().event(text, self.world.mode, self.world.now)
        self._expect(isinstance(event, Heard), f"{text} understood while {self.world.mode}", event)
        assert isinstance(event, Heard)
        self.intents.add(event.intent)
        return event

    def _user(self, text: str) -> None:
        self._checked = len(self.world.said)
        self.world.happen(self._heard(text))

    def _nearly(self, text: str) -> None:
        self._checked = len(self.world.said)
        self.world.reject(text="something like it", near=self._heard(text))

    def _until(self, text: str) -> None:
        def there(world: World) -> bool:
            if text == "silence":
                return not world.speech and not world.state.answer
            quiet = world.state.since is not None if text == "holding" else not world.speech and not world.state.answer
            return world.mode == text and quiet

        self.world.wait_until(there)

    def _coach(self, text: str) -> None:
        end = self.world.now + PATIENCE_MS
        while not any(_matches(text, line) for line in self._unchecked()):
            self._expect(self.world.now < end, text, self._unchecked())
            self.world.wait(20)
        first = next(n for n, line in enumerate(self._unchecked()) if _matches(text, line))
        self._checked += first + 1

    def _then(self, text: str) -> None:
        self.world.wait_until(lambda w: bool(self._unchecked()), PATIENCE_MS)
        found = self._unchecked()[0]
        self._expect(_matches(text, found), f"then {text}", found)
        self._checked += 1

    def _silence(self, text: str) -> None:
        said = self.world.said[self._before :]
        self._expect(said == [], "silence", said)

    def _sound(self, text: str) -> None:
        sounds = self.world.sounds[self._sounds :]
        self._expect(text in sounds, text, sounds)
        self._sounds += sounds.index(text) + 1

    def _state(self, text: str) -> None:
        view = self.world.view
        found = [view.state, view.stretch, *([view.side] if view.side else [])]
        found += [f"{view.remaining:g}"] if view.remaining is not None else []
        shown = [str(part) for part in found if part is not None]
        self._expect(shown[: len(text.split())] == text.split(), text, " ".join(shown))

    def _keeps(self, text: str) -> None:
        kept = _kept(self.world)
        self._expect(kept.get(text.split()[0]) == text, text, kept)


def _matches(text: str, line: str) -> bool:
    return line.startswith(text[:-3]) if text.endswith("...") else line == text


def _given(text: str) -> dict[str, object]:
    words = text.replace(",", "").split()
    if text == "a first session":
        return {"safety_told": False, "conditions": None}
    if text == "few words":
        return {"preferences": Preferences(brief=True)}
    if text.startswith("stopped at "):
        return {"saved": Saved("full", words[2])}
    if words[1:2] == ["sessions"]:
        return {"this_week": int(words[0]), "days_since_last": int(words[2])}
    assert set(words) <= set(CONDITIONS), text
    return {"conditions": frozenset(words)}


def _kept(world: World) -> dict[str, str]:
    """Return the last of each kind that was written down for next time."""
    kept = {}
    for action in world.done:
        match action:
            case Save(saved):
                kept["place"] = f"place {saved.routine}/{saved.stretch}" if saved else "place none"
            case KeepConditions(conditions):
                told = " ".join(sorted(conditions)) or "none" if conditions is not None else "forgotten"
                kept["conditions"] = f"conditions {told}"
            case Prefer(preferences):
                p = preferences
                kept["preferences"] = f"preferences pace {p.pace} volume {p.volume}" + (" few words" if p.brief else "")
            case RememberSafetyTold():
                kept["safety"] = "safety told"
    return kept


@cache
def played(number: int) -> Played:
    return Played(SCENARIOS[number])


@pytest.mark.parametrize("number", range(len(SCENARIOS)), ids=[s.name for s in SCENARIOS])
def test_scenario(number: int):
    played(number)


def test_every_command_has_its_scenario():
    heard = set().union(*(played(n).intents for n in range(len(SCENARIOS))))
    assert heard == set(HANDLERS)


def test_every_stretch_and_every_condition_has_its_scenario():
    text = " ".join(row.text for scenario in SCENARIOS for row in scenario.rows)
    for stretch in CONTENT.routines["full"].stretches:
        assert f"holding {stretch.id}" in text
    assert all(condition in text for condition in CONDITIONS)


def test_no_two_scenarios_have_the_same_name():
    assert len({s.name for s in SCENARIOS}) == len(SCENARIOS) >= 50

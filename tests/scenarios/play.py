"""Plays a scenario on a stage, row by row, and checks the results."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from skill.content.routine import CONDITIONS
from skill.dialogue.view import View
from skill.events import Saved
from skill.preferences import Preferences
from tests.scenarios.reading import Row, Scenario

LINE_TIMEOUT_MS = 120_000
"""Timeout of a `coach` row for its line."""

UNTIL_TIMEOUT_MS = 3_600_000
"""Timeout of an `until` row."""

BLOCK_MS = 20


class Stage(Protocol):
    """Where a conversation takes place: with words alone, or with sound."""

    said: list[str]
    """What the coach has begun to say."""

    sounds: list[str]
    slack: float
    """Tolerance of the time left in a hold, seconds: speaking takes time."""

    def begin(self, given: dict[str, object]) -> None:
        """Begin a session with what is known of earlier ones: fields of SessionStarted."""

    def user(self, text: str) -> int:
        """Let the user say this; return how many lines the coach had said when it was understood."""

    def mumble(self, text: str) -> None:
        """Let the user say something that is no sentence now."""

    def wait(self, ms: int) -> None:
        """Let time pass."""

    @property
    def view(self) -> View:
        """What a user could see."""

    @property
    def speaking(self) -> bool:
        """Whether the coach speaks or is about to."""

    @property
    def clock_runs(self) -> bool:
        """Whether the clock of a hold is running."""

    @property
    def kept(self) -> dict[str, str]:
        """What is kept for the next session, by kind."""

    @property
    def ended(self) -> str | None:
        """Why the session is over; None: it is not."""


@runtime_checkable
class NearlyStage(Stage, Protocol):
    """A stage without sound, on which an utterance can be almost understood."""

    def nearly(self, text: str) -> None:
        """Let the user say something that is almost this."""


class Play:
    """A scenario that is being played. Raises AssertionError with the line at which it differs."""

    def __init__(self, scenario: Scenario, stage: Stage):
        self._stage = stage
        self._checked = 0  # lines that rows have checked
        self._before = 0  # lines said before the last row that is an event
        self._sounds = 0
        self._row = scenario.rows[0]
        rows = [row for row in scenario.rows if row.kind not in ("spoken", "typed")]
        given: dict[str, object] = {"safety_told": True, "conditions": frozenset()}
        while rows and rows[0].kind == "given":
            given |= _given(rows.pop(0).text)
        stage.begin(given)
        self._wait_until(lambda: not stage.speaking)
        self._checked = len(stage.said)
        for self._row in rows:
            self._one(self._row)

    def _one(self, row: Row) -> None:
        if row.kind in ("user", "mumble", "nearly", "wait", "until"):
            self._before = len(self._stage.said)
        play: dict[str, Callable[[str], None]] = {
            "user": self._user,
            "mumble": self._stage.mumble,
            "nearly": self._nearly,
            "wait": lambda text: self._stage.wait(round(1000 * float(text))),
            "until": self._until,
            "coach": self._coach,
            "then": self._then,
            "silence": self._silence,
            "never": lambda text: self._expect(text not in self._stage.said, f"never {text}", self._stage.said),
            "sound": self._sound,
            "state": self._state,
            "keeps": self._keeps,
            "ends": lambda text: self._expect(self._stage.ended == text, text, self._stage.ended),
        }
        try:
            play[row.kind](row.text)
        except NotUnderstoodError as error:
            self._expect(False, f"{row.text} understood while {self._stage.view.state}", error)

    def _expect(self, true: bool, wanted: object, found: object) -> None:
        assert true, f"line {self._row.line}: wanted {wanted}, found {found}"

    def _wait_until(self, so: Callable[[], bool], limit: int = UNTIL_TIMEOUT_MS) -> None:
        for _ in range(limit // BLOCK_MS):
            if so():
                return
            self._stage.wait(BLOCK_MS)
        self._expect(so(), "it to come to that", self._stage.view)

    def _unchecked(self) -> list[str]:
        return self._stage.said[self._checked :]

    def _user(self, text: str) -> None:
        self._checked = self._stage.user(text)
        self._before = self._checked

    def _nearly(self, text: str) -> None:
        assert isinstance(self._stage, NearlyStage), f"line {self._row.line}: typed only"
        self._checked = len(self._stage.said)
        self._stage.nearly(text)

    def _until(self, text: str) -> None:
        stage = self._stage

        def there() -> bool:
            if text == "holding":
                return stage.view.state == "holding" and stage.clock_runs
            return not stage.speaking and text in (stage.view.state, "silence")

        self._wait_until(there)

    def _coach(self, text: str) -> None:
        self._wait_until(lambda: any(_matches(text, line) for line in self._unchecked()), LINE_TIMEOUT_MS)
        first = next(n for n, line in enumerate(self._unchecked()) if _matches(text, line))
        self._checked += first + 1

    def _then(self, text: str) -> None:
        self._wait_until(lambda: bool(self._unchecked()), LINE_TIMEOUT_MS)
        found = self._unchecked()[0]
        self._expect(_matches(text, found), f"then {text}", found)
        self._checked += 1

    def _silence(self, text: str) -> None:
        said = self._stage.said[self._before :]
        self._expect(said == [], "silence", said)

    def _sound(self, text: str) -> None:
        sounds = self._stage.sounds[self._sounds :]
        self._expect(text in sounds, text, sounds)
        self._sounds += sounds.index(text) + 1

    def _state(self, text: str) -> None:
        view, wanted = self._stage.view, text.split()
        if wanted[-1].replace(".", "").isdigit():
            left = view.remaining
            off = None if left is None else abs(left - float(wanted[-1]))
            self._expect(off is not None and off <= self._stage.slack, text, view)
            wanted.pop()
        shown = [part for part in (view.state, view.stretch, view.side) if part is not None]
        self._expect(shown[: len(wanted)] == wanted, text, view)

    def _keeps(self, text: str) -> None:
        kept = self._stage.kept
        self._expect(kept.get(text.split()[0]) == text, text, kept)


class NotUnderstoodError(Exception):
    """What the user said was not understood, or as something else."""


def _matches(text: str, line: str) -> bool:
    return line.startswith(text[:-3]) if text.endswith("...") else line == text


def _given(text: str) -> dict[str, object]:
    words = text.replace(",", "").split()
    if text == "a first session":
        return {"safety_told": False, "conditions": None}
    if text == "felt unwell":
        return {"unwell": True}
    if text == "few words":
        return {"preferences": Preferences(brief=True)}
    if text.startswith("stopped at "):
        return {"saved": Saved("full", words[2], step=int((*words, 0)[3]))}
    if words[1:2] == ["sessions"]:
        return {"this_week": int(words[0]), "days_since_last": int(words[2])}
    assert set(words) <= set(CONDITIONS), text
    return {"conditions": frozenset(words)}


def kept_place(saved: Saved | None) -> str:
    """Return a place as `keeps` rows name it."""
    return f"place {saved.routine}/{saved.stretch}" if saved else "place none"


def kept_conditions(conditions: frozenset[str] | None) -> str:
    """Return conditions as `keeps` rows name them."""
    return f"conditions {'forgotten' if conditions is None else ' '.join(sorted(conditions)) or 'none'}"


def kept_unwell(unwell: bool) -> str:
    """Return whether the user is unwell as `keeps` rows name it."""
    return f"unwell {'yes' if unwell else 'no'}"


def kept_preferences(preferences: Preferences) -> str:
    """Return preferences as `keeps` rows name them."""
    few = " few words" if preferences.brief else ""
    return f"preferences pace {preferences.pace} volume {preferences.volume}{few}"

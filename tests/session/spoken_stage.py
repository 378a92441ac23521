"""A stage with sound: synthetic users, the real listener, voice and player, block by block as in a replay."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from functools import cache

import numpy as np

from skill.audio.blocks import BLOCK_SIZE, Block, Samples, blocks
from skill.composition.coach_settings import COACH_LISTENING, Settings
from skill.content.language import load_language
from skill.dialogue.view import View
from skill.echo_control.echo_control import EchoControl, NoEcho
from skill.events import Heard, Saved
from skill.hearing.listener import Listener
from skill.memory import Memory
from skill.preferences import Preferences
from skill.session import Session
from skill.simulation.replay import feed
from skill.simulation.room import Room
from skill.understanding.understanding import Understanding
from skill.voice.voice import Voice
from tests.dialogue.world import CONTENT
from tests.scenarios.play import (
    BLOCK_MS,
    NotUnderstoodError,
    kept_conditions,
    kept_place,
    kept_preferences,
    kept_unwell,
)
from tests.speech import model, quiet, say

NOW = datetime(2026, 11, 19, 18, tzinfo=timezone(timedelta(hours=1)))
"""A Thursday, so that a few days ago is still this week."""

TALK = "it rained all day"
"""A sentence that is out of scope in every context."""

WORDS_A_MINUTE = 145
DECISION_MS = 3_000
"""Timeout for a decision after the user has spoken, milliseconds."""


@cache
def listener() -> Listener:
    return Listener(model(), load_language(), Settings().listening)


@cache
def understanding() -> Understanding:
    return Understanding(load_language(), COACH_LISTENING)


@cache
def room_noise() -> tuple[Block, ...]:
    return tuple(blocks(quiet(20_000)))


class SpokenStage:
    """A conversation in which the user speaks; everything that the microphone heard is kept."""

    slack = 4.0

    def __init__(
        self, voice: Voice, speaker: str, echo: bool = False, knows_nothing: bool = False, room: Room | None = None
    ):
        """`echo`: with echo control, as in every session with sound; it costs four times as much as all the rest.

        Without it the listener gets the microphone as it is, without the coach. `knows_nothing`: begin with an empty
        memory, as a replay does. `room`: a room in which the microphone hears the coach.
        """
        self.said: list[str] = []
        self.sounds: list[str] = []
        self.events: list[dict] = []
        self._heard_after: list[int] = []  # for each command heard: how many lines had been said
        self._echo = EchoControl() if echo else NoEcho()
        self._knows_nothing = knows_nothing
        self._room = room
        self._voice = voice
        self._speaker = speaker
        self._microphone: list[Block] = []
        self._left_before: float | None = None

    def begin(self, given: dict[str, object]) -> None:
        self._memory = Memory() if self._knows_nothing else remembering(given)
        listener().restart()
        self._session = Session(
            CONTENT, listener(), self._voice, self._memory, self._log, wait_for_voice=True, echo=self._echo
        )
        self._session.start()

    def _log(self, event: dict) -> None:
        self.events.append(event)
        match event["event"]:
            case "say":
                self.said.append(event["text"])
            case "sound":
                self.sounds.append(event["name"])
            case "heard":
                self._heard_after.append(len(self.said))

    @property
    def microphone(self) -> Samples:
        """What the microphone heard up to now, 16 kHz mono int16."""
        return np.concatenate(self._microphone)

    def user(self, text: str) -> int:
        before, states = len(self._heard_after), {self.view.state}
        for block in self._speech(text):
            self._pass(block)
            states.add(self.view.state)
        for block in self._silence(DECISION_MS):
            if len(self._heard_after) > before and self._is_meant(text, states):
                return self._heard_after[before]
            self._pass(block)
            states.add(self.view.state)
        found = [
            f"{e.get('intent', e.get('reason'))}: {e['text']}" for e in self.events if "text" in e and "id" not in e
        ]
        raise NotUnderstoodError(found[-1] if found else "nothing")

    def _is_meant(self, text: str, states: set[str]) -> bool:
        """Return whether the last command is what the text means in one of these states."""
        heard = [event for event in self.events if event["event"] == "heard"][-1]
        in_scope = [understanding().event(text, state, 0) for state in states]
        found = (heard["intent"], tuple(sorted(heard["slots"].items())))
        return any((event.intent, event.slots) == found for event in in_scope if isinstance(event, Heard))

    def mumble(self, text: str) -> None:
        before = len(self._heard_after)
        for block in [*self._speech(text or TALK), *self._silence(1_500)]:
            self._pass(block)
        if len(self._heard_after) > before:
            raise NotUnderstoodError([event for event in self.events if event["event"] == "heard"][-1])

    def wait(self, ms: int) -> None:
        for block in self._silence(ms):
            self._pass(block)

    def _pass(self, block: Block) -> None:
        self._left_before = self.view.remaining
        self._microphone.append(block)
        feed(self._session, [block], room=self._room)

    def _speech(self, text: str) -> Iterator[Block]:
        speech = say(text, self._speaker, WORDS_A_MINUTE)[8000:]  # without the silence before it
        padded = np.concatenate([speech, np.zeros(-len(speech) % BLOCK_SIZE, np.int16)])
        return (a + b for a, b in zip(blocks(padded), self._silence(1_000_000), strict=False))

    def _silence(self, ms: int) -> Iterator[Block]:
        noise = room_noise()
        start = len(self._microphone)
        return (noise[(start + n) % len(noise)] for n in range(round(ms / BLOCK_MS)))

    @property
    def view(self) -> View:
        return self._session.view

    @property
    def speaking(self) -> bool:
        return self._session.speaking

    @property
    def clock_runs(self) -> bool:
        left, before = self.view.remaining, self._left_before
        return left is not None and before is not None and left < before

    @property
    def ended(self) -> str | None:
        return next((event["reason"] for event in self.events if event["event"] == "end"), None)

    @property
    def kept(self) -> dict[str, str]:
        memory = self._memory
        return {
            "place": kept_place(memory.saved()),
            "conditions": kept_conditions(memory.conditions),
            "unwell": kept_unwell(memory.unwell),
            "preferences": kept_preferences(Preferences.read(memory.preferences)),
            "safety": "safety told" if memory.safety_told else "safety not told",
        }


def remembering(given: dict[str, object]) -> Memory:
    """Return a memory, not on disk, in which this is known of earlier sessions."""
    clock = [NOW]
    memory = Memory(None, clock=lambda: clock[0])
    if given.get("safety_told"):
        memory.remember_safety_told()
    if given.get("unwell"):
        memory.keep_unwell(True)
    if isinstance(given.get("conditions"), frozenset):
        memory.keep_conditions(given["conditions"])
    if isinstance(given.get("saved"), Saved):
        memory.save(given["saved"])
    if isinstance(given.get("preferences"), Preferences):
        memory.prefer(asdict(given["preferences"]))
    days = given.get("days_since_last")
    if isinstance(days, int):
        clock[0] = NOW - timedelta(days=days)
        for _ in range(max(1, int(str(given["this_week"])))):
            memory.begin_session("full")
            memory.stretch_done("cat")
        clock[0] = NOW
    return memory

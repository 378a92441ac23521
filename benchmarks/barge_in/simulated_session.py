"""A session in a simulated room, in closed loop. Whenever it waits for its user, typed commands move it on."""

import itertools
from collections import deque
from typing import Any

import numpy as np

from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, Samples
from skill.content.content import Content
from skill.echo_control.echo_control import EchoControl
from skill.events import Heard
from skill.hearing.listener import Listener
from skill.memory import Memory
from skill.session import Session
from skill.simulation.room import Room
from skill.voice.voice import Voice

ON = {
    "idle": ("start_routine",),
    "asking": ("affirm", "next"),
    "paused": ("resume",),
    "getting_ready": ("next",),
    "holding": ("next",),
}
"""The commands that move a session on, by state, used in turn."""

HISS = 6.0
"""Standard deviation of the microphone's own noise; full scale is 32768."""


class SimulatedSession:
    """The real parts of a session in a simulated room, with a record of what was heard and what was played."""

    def __init__(self, content: Content, listener: Listener, voice: Voice, room: Room, memory: Memory) -> None:
        """Start a session. `memory` is marked: this user has heard the safety information."""
        listener.restart()
        memory.remember_safety_told()
        memory.keep_conditions(())
        self.heard: list[tuple[float, str, str]] = []
        """Time (s), intent and text of every command that came by microphone."""
        self.audible: deque[float] = deque(maxlen=200)
        """Ends (s) of the last blocks in which the loudspeaker played something."""
        self.audible_ms = 0
        """Milliseconds for which it has been playing without a break."""
        self.ducks: list[float] = []
        """Times (s) at which the coach was ducked."""
        self._room = room
        self._hiss = np.random.default_rng(1)
        self._on = {state: itertools.cycle(commands) for state, commands in ON.items()}
        self.session = Session(content, listener, voice, memory, self._note, True, EchoControl())
        self.session.start()

    @property
    def seconds(self) -> float:
        """Audio time."""
        return self.session.now / 1000

    def move_on(self) -> None:
        """Give a typed command if the session is waiting for its user."""
        state = self.session.view.state
        if state in self._on and not self.session.speaking and not self.session.ended:
            self.session.handle(Heard(self.session.now, "", next(self._on[state])))

    def silence(self, seconds: float) -> None:
        """Let time pass while the user says nothing."""
        for _ in range(round(1000 * seconds / BLOCK_MS)):
            self.block(np.zeros(BLOCK_SIZE))

    def block(self, user: np.ndarray) -> None:
        """Pass one 20 ms block of the user's speech to the session: BLOCK_SIZE values; full scale is 32768."""
        if self.session.ended:
            return
        noisy = user + self._hiss.normal(0, HISS, BLOCK_SIZE)
        spoken: Samples = np.clip(noisy, -32768, 32767).astype(np.int16)
        far = self.session.player.pull()
        audible, ducked = bool(far.any()), self.session.ducked
        self.audible_ms = self.audible_ms + BLOCK_MS if audible else 0
        self.session.hear(self._room.microphone(spoken, far), far)
        if audible:
            self.audible.append(self.seconds)
        if self.session.ducked and not ducked:
            self.ducks.append(self.seconds)

    def _note(self, event: dict[str, Any]) -> None:
        if event["event"] == "heard" and event["text"]:
            self.heard.append((event["t"], event["intent"], event["text"]))

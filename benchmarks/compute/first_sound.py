"""Time from the decision about a line to its first sound, in sessions at real-time pace.

Run as `python -m benchmarks.compute.first_sound [natural]`; it takes a quarter of an hour. The recogniser and echo
control get a block every 20 ms, and a command comes every few seconds, drawn with a fixed seed. The first session
begins with an empty cache, as after an installation; the second one uses the cache of the first. Times are wall time.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from skill.audio.blocks import BLOCK_MS, silence
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.events import Heard
from skill.memory import Memory
from skill.settings import VoiceSettings
from skill.voice.natural_voice import NATURAL, NaturalVoice
from skill.voice.static_prompts import static_prompts
from skill.voice.system_voice import SystemVoice

TARGET_S = 0.2

SESSION_S = 420
"""The longest duration of each of the two sessions."""

COMMANDS = (
    *("next",) * 6, *("previous", "repeat", "pause", "resume", "help") * 2, "easier", "how_to", "why", "whats_next",
    "stretches_left", "time_left", "which_stretch", "hold_longer", "hold_shorter", "slower", "list_stretches",
    "list_routines", "history", "affirm", "deny", "pain", "resume", "louder", "my_conditions", "safety_info", "ready",
)  # fmt: skip
"""The commands, in the proportions of this list."""

EVERY_S = (3, 12)
"""Bounds of the seconds between two commands, uniformly distributed."""


class Watch:
    """Records when lines are decided, and when their first sound is given to the player."""

    def __init__(self, voice: SystemVoice):
        self.course: list[float] = []
        """Seconds from the decision to the first sound, of lines that follow from the routine."""
        self.answers: list[float] = []
        """The same, of lines that answer a command."""
        self.late: list[tuple[float, str]] = []
        self.answering = False
        self._waiting: dict[str, tuple[float, list[float]]] = {}
        self._get, self._pieces = voice.get, voice.pieces
        voice.get, voice.pieces = self.get, self.pieces  # type: ignore[method-assign]

    @property
    def unheard(self) -> int:
        """Number of lines that were cut off before their first sound."""
        return len(self._waiting)

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return the pieces of a line, and record that it was decided now."""
        pieces = self._pieces(line)
        kind = self.answers if self.answering else self.course
        self._waiting[pieces[0]] = time.perf_counter(), kind
        return pieces

    def get(self, line: str) -> Any:
        """Return a clip, and record how long it took."""
        clip = self._get(line)
        if clip is not None and line in self._waiting:
            asked, kind = self._waiting.pop(line)
            seconds = time.perf_counter() - asked
            kind.append(seconds)
            if seconds >= TARGET_S:
                self.late.append((seconds, line))
        return clip


def run_session(parts: Parts, voice: SystemVoice, seed: int) -> Watch:
    """Run one session, and return the times."""
    watch = Watch(voice)
    if isinstance(voice, NaturalVoice):
        voice.prepare_for_later(static_prompts(parts.content))
    memory = Memory()
    memory.remember_safety_told()
    memory.keep_conditions(())
    session = parts.session(log=lambda event: None, voice=voice, memory=memory)
    commands = _commands(random.Random(seed))
    session.start()
    began = time.perf_counter()
    at, intent = next(commands)
    for number in range(SESSION_S * 1000 // BLOCK_MS):
        time.sleep(max(0.0, began + number * BLOCK_MS / 1000 - time.perf_counter()))
        session.hear(silence(), session.player.pull())
        if session.now >= 1000 * at:
            watch.answering = True
            session.handle(Heard(session.now, "", intent))
            watch.answering = False
            at, intent = next(commands)
        if session.ended:
            break
    return watch


def _commands(chance: random.Random) -> Iterator[tuple[float, str]]:
    """Yield the time (s) of each command, and its intent."""
    yield 2.0, "start_routine"
    at = 2.0
    while True:
        at += chance.uniform(*EVERY_S)
        yield at, chance.choice(COMMANDS)


def row(name: str, seconds: Sequence[float]) -> str:
    """Return a line of the table."""
    within = sum(value < TARGET_S for value in seconds)
    middle, high = np.percentile(seconds, [50, 95])
    share = f"{100 * within / len(seconds):.0f} %"
    return f"{name:<34}{len(seconds):>6}{middle:>10.3f}{high:>10.3f}{max(seconds):>10.3f}{share:>10}"


def main() -> None:
    """Measure the natural voice if it is named, otherwise the system's."""
    kind = NaturalVoice if NATURAL in sys.argv[1:] else SystemVoice
    parts = Parts(Settings())
    print(f"{'lines':<34}{'count':>6}{'median s':>10}{'95 % s':>10}{'longest s':>10}{'< 0.2 s':>10}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for seed, name in enumerate(("first session", "second session"), start=1):
            voice = kind(VoiceSettings(), Path(folder))
            try:
                watch = run_session(parts, voice, seed)
            finally:
                voice.close()
            print(row(f"{name}, routine", watch.course))
            print(row(f"{name}, answers", watch.answers))
            print(row(f"{name}, all", watch.course + watch.answers))
            for seconds, line in watch.late:
                print(f"  late: {seconds:.2f} s “{line}”")
            print(f"  cut off before their first sound: {watch.unheard}", flush=True)


if __name__ == "__main__":
    main()

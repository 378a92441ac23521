"""Time that the session's thread takes for a block, in a live session at real-time pace without a sound card.

Run as `python -m benchmarks.compute.block_time`. Another thread replaces the sound card: it plays the coach in a
simulated room, and commands of a simulated user. The coach's clips are cached, so the second run has a warm cache.
"""

import contextlib
import functools
import gc
import itertools
import os
import queue
import sys
import tempfile
import threading
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console

from benchmarks.data.synthetic_speakers import Speaker, kept_speech, render
from benchmarks.figures import Figure, percentile, table
from skill.audio.blocks import BLOCK_MS, BLOCK_SIZE, SAMPLE_RATE, Block, Samples, silence
from skill.commands.live import SWITCH_S
from skill.commands.param_types import BoundedFloat
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.dialogue.view import View
from skill.live.screen import Screen
from skill.memory import Memory
from skill.session import Session
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.room import Room, RoomSettings

TARGET_MS = 20

EVERY_S = 7.0
"""Interval between two utterances of the user, seconds."""

HISS = 6.0
"""Standard deviation of the microphone's own noise; full scale is 32768."""

SPEAKER = Speaker("espeak-ng", "en-us")

WHERE_ASKED = {"idle": "start back stretches", "paused": "resume", "getting_ready": "ready"}
"""The command that moves a session on, by state."""

ANSWERS = ("no", "yes", "no")

SAID = (
    "what's next",
    "it rained all day and then we went home",
    "how much time is left",
    "next",
    "repeat",
    "go to … cow pose",
    "louder",
    "my knee hurts a little",
    "slower",
    "pause",
    "what can I say",
    "next",
)
"""What is said in all other states, in turn; at an ellipsis the speaker hesitates."""

HESITATION_S = 0.7

VOICE_METHODS = ("prepare", "prepare_answers", "get", "pieces")

STAGES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "echo control": (("skill.echo_control.echo_control", "EchoControl", "process"),),
    "hearing: first decode": (("skill.hearing.listener", "Listener", "_begin"),),
    "hearing: second decode": (("skill.hearing.recognizer", "Recognizer", "second_pass"),),
    "hearing: joined decode": (("skill.hearing.listener", "Listener", "_extended"),),
    "hearing: final result": (("skill.hearing.recognizer", "Recognizer", "finish"),),
    "hearing: understanding": (("skill.understanding.understanding", "Understanding", "spoken"),),
    "hearing: the rest": (("skill.hearing.listener", "Listener", "hear"),),
    "hearing: waiting for its thread": (("skill.hearing.listener_thread", "ListenerThread", "hear"),),
    "dialogue": (("skill.session", "", "step"),),
    "prefetch": (("skill.session", "Session", "_prefetch_some"), ("skill.session", "", "prefetch_lines")),
    "memory": (
        ("skill.memory.database", "Database", "write"),
        ("skill.memory.database", "Database", "_keep"),
        ("skill.memory.database", "Database", "_store"),
        ("skill.memory.database", "Database", "settle"),
    ),
    "voice": tuple(("skill.voice.system_voice", "SystemVoice", name) for name in VOICE_METHODS),
    "screen": (("skill.live.screen", "Screen", "log"), ("skill.live.screen", "Screen", "draw")),
}
"""Stages of the work on the session's thread: module, class and name of the functions of each."""

GARBAGE = "garbage collection"


@dataclass
class StageTimer:
    """Measures the time of one thread by stage; the time of a nested stage counts only for the nested one."""

    thread: int = 0
    taken: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    computing: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _running: list[list[float]] = field(default_factory=list)

    def timed(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Return a function whose time counts for `stage`."""

        @functools.wraps(function)
        def run(*arguments: Any, **named: Any) -> Any:
            if threading.get_ident() != self.thread:
                return function(*arguments, **named)
            self._begin()
            try:
                return function(*arguments, **named)
            finally:
                self._end(stage)

        return run

    def _begin(self) -> None:
        self._running.append([time.perf_counter(), time.thread_time(), 0.0, 0.0])

    def _end(self, stage: str) -> None:
        began, computed, inside, computing_inside = self._running.pop()
        wall, computing = time.perf_counter() - began, time.thread_time() - computed
        self.taken[stage] += wall - inside
        self.computing[stage] += computing - computing_inside
        if self._running:
            self._running[-1][2] += wall
            self._running[-1][3] += computing

    def _garbage(self, phase: str, _: object) -> None:
        if threading.get_ident() == self.thread:
            self._begin() if phase == "start" else self._end(GARBAGE)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Measure all stages within the context."""
        gc.callbacks.append(self._garbage)
        with contextlib.ExitStack() as stack:
            for stage, functions in STAGES.items():
                for module, owner, name in functions:
                    place: Any = sys.modules[module]
                    place = getattr(place, owner) if owner else place
                    function = getattr(place, name)
                    stack.callback(setattr, place, name, function)
                    setattr(place, name, self.timed(function, stage))
            yield
        gc.callbacks.remove(self._garbage)


@dataclass(frozen=True)
class BlockTime:
    """The time of one block on the session's thread."""

    wall_ms: float
    computing_ms: float
    stages: dict[str, float]
    computing: dict[str, float]
    at: int

    @property
    def longest_stages(self) -> str:
        """The three longest stages, with milliseconds."""
        longest = sorted(self.stages.items(), key=lambda item: -item[1])[:3]
        return ", ".join(f"{name} {1000 * seconds:.1f}" for name, seconds in longest)


class User:
    """A simulated user, who speaks every EVERY_S seconds: the state's command, or the next one of SAID."""

    def __init__(self) -> None:
        said = {part for text in (*SAID, *ANSWERS, *WHERE_ASKED.values()) for part in _parts(text)}
        render(((SPEAKER, part, 1.0) for part in said), kept_speech())
        self._said, self._answers = itertools.cycle(SAID), itertools.cycle(ANSWERS)
        self._hiss = np.random.default_rng(1)
        self._now: list[Block] = []
        self.fell_silent: tuple[float, int] | None = None
        """When the last utterance ended: by the clock (s), and in audio time (ms)."""

        self._due_ms = 3_000

    def block(self, view: View, now: int) -> Block:
        """Return what the user says in the next 20 ms."""
        if now >= self._due_ms:
            self._due_ms = now + round(1000 * EVERY_S)
            sound = _sound(self._choose(view))
            self._now = list(np.resize(sound, (-(-len(sound) // BLOCK_SIZE), BLOCK_SIZE)))
        noise = self._hiss.normal(0, HISS, BLOCK_SIZE).round().astype(np.int16)
        if not self._now:
            return noise
        if len(self._now) == 1:
            self.fell_silent = time.perf_counter(), now
        return noise + self._now.pop(0)

    def _choose(self, view: View) -> str:
        if view.state == "asking":
            return next(self._answers)
        return WHERE_ASKED.get(view.state) or next(self._said)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("…")]


def _sound(text: str) -> Samples:
    gap = silence(round(HESITATION_S * SAMPLE_RATE))
    sounds = [SPEAKER.say(part, 1.0, kept_speech()) // 2 for part in _parts(text)]
    return np.concatenate([each for sound in sounds for each in (gap, sound)])


def real_time_pairs(session: Session, user: User, over: threading.Event) -> Iterator[tuple[Block, Block]]:
    """Yield pairs of blocks as a sound card does: in real time, even if the session is late."""
    pairs: queue.Queue[tuple[Block, Block]] = queue.Queue()
    room = Room(generated(BOXES["living"]), RoomSettings(speaker_gain_db=-6, delay_ms=60, soft_clip=0.5))

    def run() -> None:
        began = time.perf_counter()
        for number in itertools.count(1):
            if over.is_set():
                return
            far = session.player.pull()
            near = room.microphone(user.block(session.view, number * BLOCK_MS), far)
            time.sleep(max(0.0, began + number * BLOCK_MS / 1000 - time.perf_counter()))
            pairs.put((near, far))

    threading.Thread(target=run, name="sound card", daemon=True).start()
    while True:
        yield pairs.get()


KEPT = 100
"""Number of the slowest blocks that are kept with their stages."""


@dataclass
class Blocks:
    """The times of all blocks, mostly in arrays, which cost the garbage collector nothing."""

    wall_ms: "array[float]" = field(default_factory=lambda: array("d"))
    computing_ms: "array[float]" = field(default_factory=lambda: array("d"))
    slowest: list[BlockTime] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)
    """The longest time of each stage in one block, ms of wall time ..."""

    computing: dict[str, float] = field(default_factory=dict)
    """... and ms of CPU time."""

    def add(self, taken: BlockTime) -> None:
        """Count a block."""
        self.wall_ms.append(taken.wall_ms)
        self.computing_ms.append(taken.computing_ms)
        for most, now in ((self.stages, taken.stages), (self.computing, taken.computing)):
            for stage, seconds in now.items():
                most[stage] = max(1000 * seconds, most.get(stage, 0.0))
        if len(self.slowest) < KEPT or taken.wall_ms > self.slowest[-1].wall_ms:
            self.slowest = sorted([*self.slowest, taken], key=lambda each: -each.wall_ms)[:KEPT]


def measure(session: Session, user: User, screen: Screen, clock: StageTimer, minutes: float) -> Blocks:
    """Run the session for at most `minutes`, and return the times of its blocks."""
    found = Blocks()
    over = threading.Event()
    clock.thread = threading.get_ident()
    try:
        for near, far in real_time_pairs(session, user, over):
            clock.taken.clear()
            clock.computing.clear()
            began, computed = time.perf_counter(), time.thread_time()
            session.hear(near, far)
            screen.draw(session.view)
            wall, computing = time.perf_counter() - began, time.thread_time() - computed
            found.add(BlockTime(1000 * wall, 1000 * computing, dict(clock.taken), dict(clock.computing), session.now))
            if session.ended or session.now >= minutes * 60_000:
                return found
    finally:
        over.set()
    return found


def figures(found: Blocks) -> Iterator[Figure]:
    """Yield percentiles of the times of blocks, in wall time and in CPU time."""
    for what, values in (
        ("clock", found.wall_ms),
        ("computing", found.computing_ms),
    ):
        yield percentile(f"a block on the session's thread, slowest, {what}", values, 1.0, "ms", f"{TARGET_MS} ms")
        yield percentile(f"– 99.9 %, {what}", values, 0.999, "ms")
        yield percentile(f"– 99 %, {what}", values, 0.99, "ms")
        yield percentile(f"– median, {what}", values, 0.5, "ms")
        over = sum(value > TARGET_MS for value in values)
        yield Figure(f"– over {TARGET_MS} ms, {what}", over, "blocks", f"{len(values)} blocks")


@dataclass
class SessionRun:
    """The result of one session."""

    blocks: Blocks
    events: list[str]
    decided: list[tuple[float, float]]
    """Decision time of each command understood, ms after its end: in wall time, and in audio time."""


def hold(minutes: float, one_thread: bool) -> SessionRun:
    """Hold a live session with a simulated user, for at most `minutes`."""
    sys.setswitchinterval(SWITCH_S)
    clock, user, parts = StageTimer(), User(), Parts(Settings())
    held = SessionRun(Blocks(), [], [])
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
        voice = stack.enter_context(closing(parts.voice()))
        screen = stack.enter_context(Screen(Console(file=nowhere, force_terminal=True)))
        memory = stack.enter_context(closing(Memory(Path(folder) / "memory.sqlite", in_background=not one_thread)))
        listener = None if one_thread else stack.enter_context(closing(parts.listener_thread()))

        def log(event: dict[str, Any]) -> None:
            held.events.append(event["event"])
            if event["event"] == "heard" and user.fell_silent:
                ended, audio_ms = user.fell_silent
                held.decided.append((1000 * (time.perf_counter() - ended), 1000 * event["t"] - audio_ms))
                user.fell_silent = None
            screen.log(event)

        session = parts.session(log=log, voice=voice, memory=memory, listener=listener)
        if listener:
            listener.ready.wait()
        session.start()
        stack.enter_context(clock.watching())
        held.blocks = measure(session, user, screen, clock, minutes)
    return held


@click.command()
@click.option("--minutes", type=BoundedFloat(0.1, 120), default=12.0, help="Longest session, in minutes.")
@click.option("--slowest", type=int, default=12, help="Number of the slowest blocks to list.")
@click.option("--one-thread", is_flag=True, help="Hear and write in the session's thread, as replays do.")
def block_time(minutes: float, slowest: int, one_thread: bool) -> None:
    """Hold a live session with a simulated user, and print how long blocks take on the session's thread."""
    held = hold(minutes, one_thread)
    rows = list(figures(held.blocks))
    for what, values in zip(("clock", "audio time"), zip(*held.decided, strict=True), strict=False):
        rows.append(percentile(f"decision after the end of a command, median, {what}", values, 0.5, "ms"))
        rows.append(percentile(f"– slowest, {what}", values, 1.0, "ms"))
    click.echo(table(rows))
    heard, rejected = held.events.count("heard"), held.events.count("rejected")
    click.echo(f"\n{heard} commands heard, {rejected} utterances rejected. The slowest blocks:\n")
    for each in held.blocks.slowest[:slowest]:
        times = f"{each.wall_ms:6.1f} ms by the clock, {each.computing_ms:6.1f} ms of computing"
        click.echo(f"{each.at / 1000:7.2f} s  {times}: {each.longest_stages}")
    click.echo("\nSlowest of each stage (ms by the clock, and of computing):\n")
    for stage in (*STAGES, GARBAGE):
        wall, computing = held.blocks.stages.get(stage, 0.0), held.blocks.computing.get(stage, 0.0)
        click.echo(f"{wall:7.1f} {computing:7.1f}  {stage}")


if __name__ == "__main__":
    block_time()

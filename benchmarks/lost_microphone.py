"""Loses the microphone again and again, on PipeWire: until when the coach says so, and whether it obeys itself.

Run as `python -m benchmarks.lost_microphone [--times 20] [--server pipewire]`, after `.ci/pipewire`. All times are
seconds of audio, measured in a recording of the speaker. One session: the losses fall into sentences and into holds.
"""

import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from skill.memory import Memory
from tests import speech
from tests.live import servers
from tests.live.coach import Coach, memory_file, understood
from tests.live.conftest import experienced
from tests.live.sound_server import Recording, SoundServer

TOLD = "!      The microphone"
LIMIT_S = 20.0
"""When to give up, if the coach says nothing."""

ALONE_S = 8.0
"""How long the microphone stays away after that: the coach says several sentences, which the server plays to it."""

BETWEEN_S = (0.5, 12.0)
"""Shortest and longest time from the coach's going on to the next loss."""


@dataclass(frozen=True)
class Loss:
    """One loss of the microphone."""

    during: str
    """The state in which the coach was."""

    told_s: float | None
    """Time until the loss was told and the session paused; None: it never was."""

    back_s: float | None
    """Time from plugging in again until the coach went on."""

    obeyed: tuple[str, ...]
    """Commands that were accepted between the loss and the coach's going on, though nobody spoke."""


class Session:
    """A session of the coach, followed in the time of a recording of its speaker."""

    def __init__(self, coach: Coach, recording: Recording):
        self._coach = coach
        self._recording = recording
        self._read = 0
        self._began = 0.0

    def skip(self) -> None:
        """Forget what was printed until now, and count the seconds from here."""
        self._began = self._recording.seconds
        self._read = len(self._coach.lines)

    def seconds_until(self, *patterns: str) -> float | None:
        """Wait for lines with these texts; return how many seconds after `skip` they came. None: not in LIMIT_S."""
        while (seconds := self._recording.seconds - self._began) < LIMIT_S:
            if all(any(pattern in line for line in self.news()) for pattern in patterns):
                return seconds
            time.sleep(0.005)
        return None

    def news(self) -> list[str]:
        """Return the lines since `skip`."""
        return self._coach.lines[self._read :]

    def obeyed(self) -> tuple[str, ...]:
        """Return the commands accepted since `skip`."""
        return tuple(understood(self.news()))

    def state(self) -> str:
        """Return the state printed last."""
        states = [line.rpartition("[")[2].rstrip("]") for line in self._coach.lines if line.endswith("]")]
        return states[-1].partition(": ")[2].partition(", ")[0] if states else "idle"


def lose(server: SoundServer, session: Session, recording: Recording) -> Loss:
    """Unplug the microphone, and plug it in again."""
    during = session.state()
    session.skip()
    server.unplug_microphone()
    told = session.seconds_until(TOLD, "paused")
    recording.wait_for(ALONE_S)
    obeyed = session.obeyed()
    session.skip()
    server.plug_in_microphone()
    back = session.seconds_until("going on")
    return Loss(during, told, back, obeyed + session.obeyed())


def measure(times: int, kind: type[SoundServer], folder: Path) -> list[Loss]:
    """Return what happened at each loss."""
    server, losses, chance = kind(), [], random.Random(1)
    try:
        with server.recording() as recording:
            Memory(memory_file(experienced(folder))).prefer({"brief": True})
            coach = Coach("--rate", "180", folder=folder, environment=server.environment)
            try:
                coach.expect("help")
                session = Session(coach, recording)
                while session.state() == "idle":  # on a busy machine a command may be lost
                    server.say("start back stretches")
                    recording.wait_for(4.0)
                for number in range(times):
                    recording.wait_for(chance.uniform(*BETWEEN_S))
                    if "getting ready" in session.state():
                        server.say("I'm ready")
                        recording.wait_for(chance.uniform(*BETWEEN_S))
                    losses.append(lose(server, session, recording))
                    click.echo(row(number + 1, losses[-1]))
            finally:
                coach.close()
    finally:
        server.stop()
    return losses


def row(number: int, loss: Loss) -> str:
    """Return a line of the table."""
    told, back = ("never" if s is None else f"{s:.2f} s" for s in (loss.told_s, loss.back_s))
    return f"| {number} | {loss.during} | {told} | {back} | {', '.join(loss.obeyed) or '—'} |"


@click.command()
@click.option("--times", type=int, default=20, help="How many losses.")
@click.option("--server", type=click.Choice(list(servers.SERVERS)), default="pipewire", help="The sound server.")
def main(times: int, server: str) -> None:
    """Lose the microphone, and print a table."""
    click.echo("| loss | during | told and paused after | gone on after | obeyed of its own |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        os.environ[speech.FOLDER] = folder
        losses = measure(times, servers.SERVERS[server], Path(folder))
    told = sorted(loss.told_s for loss in losses if loss.told_s is not None)
    soon, obeyed = sum(seconds < 2.0 for seconds in told), sum(len(loss.obeyed) for loss in losses)
    median = f"; median {statistics.median(told):.2f} s, slowest {told[-1]:.2f} s" if told else ""
    click.echo(f"\nTold and paused within 2 s: {soon} of {times}{median}. Commands of its own obeyed: {obeyed}.")


if __name__ == "__main__":
    main()

"""Draws the timeline of one interruption: `python -m benchmarks.pictures.interruption FILE.svg`.

A real replay in a simulated room: the coach is in the middle of an instruction when the user says "pause" over it.
"""

import contextlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from skill.audio.blocks import SAMPLE_RATE, Samples, blocks, silence
from skill.composition.coach_settings import Settings
from skill.composition.parts import Parts
from skill.memory import Memory
from skill.session import Session
from skill.settings import VoiceSettings
from skill.simulation.impulse_response import BOXES, generated
from skill.simulation.replay import feed
from skill.simulation.room import Room, RoomSettings
from skill.voice.system_voice import SystemVoice

USER_VOICE = VoiceSettings(voice="en-gb-scotland", rate=140)
START_S = 3.0
"""When the user starts the routine."""

INTO_S = 1.0
"""Seconds from the beginning of the instruction to the interruption."""

BEFORE_S, AFTER_S = 1.2, 2.3
"""Seconds that are drawn before and after the beginning of the command."""

LONGEST_S = 60.0

LOUDER_DB = 0.0
"""Gain of the loudspeaker; the speech of coach and user have the same level before it."""


@dataclass
class Recording:
    """The signals at each place, 16 kHz, and the times (s) of events."""

    pause_at: float
    """When the command begins."""

    user: list[Samples] = field(default_factory=list)
    coach: list[Samples] = field(default_factory=list)
    microphone: list[Samples] = field(default_factory=list)
    ducked: list[float] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


class _RecordingRoom(Room):
    """A room that records its signals."""

    def note_to(self, recording: Recording, session: Session) -> None:
        self._recording, self._session = recording, session

    def microphone(self, user: Samples, far: Samples) -> Samples:
        heard = super().microphone(user, far)
        self._recording.user.append(user)
        self._recording.coach.append(far)
        self._recording.microphone.append(heard)
        if self._session.ducked:
            self._recording.ducked.append(self._session.now / 1000)
        return heard


def record() -> Recording:
    """Run the session twice: once to find the first instruction, and again with a command in the middle of it."""
    first = _run(Recording(LONGEST_S))
    instructing = next(e["t"] for e in first.events if e["event"] == "state" and e["state"] == "instructing")
    return _run(Recording(instructing + INTO_S))


def _run(recording: Recording) -> Recording:
    parts = Parts(Settings())
    memory = Memory()
    memory.remember_safety_told()
    with contextlib.closing(parts.voice()) as voice:
        session = parts.session(recording.events.append, voice, memory, wait_for_voice=True)
        room = _RecordingRoom(generated(BOXES["living"]), RoomSettings(speaker_gain_db=LOUDER_DB))
        room.note_to(recording, session)
        session.start()
        feed(session, blocks(_user(recording.pause_at)), room=room)
    return recording


def _user(pause_at: float) -> Samples:
    """Return what the user says: two commands in silence, as loud as the coach."""
    user = silence(round((pause_at + AFTER_S + 1) * SAMPLE_RATE))
    with contextlib.closing(SystemVoice(USER_VOICE, cache=None)) as voice:
        for at, text in ((START_S, "start back stretches"), (pause_at, "pause")):
            said = voice.wait(text)
            begin = round(at * SAMPLE_RATE)
            user[begin : begin + len(said)] = said
    return user


def moments(recording: Recording) -> dict[str, float]:
    """Return the times (s) of what happens in the interruption."""
    user, coach = np.concatenate(recording.user), np.concatenate(recording.coach)
    began = recording.pause_at
    spoken = np.flatnonzero(np.abs(user[round(began * SAMPLE_RATE) :].astype(int)) > 300) / SAMPLE_RATE + began
    decided = next(e["t"] for e in recording.events if e["event"] == "heard" and e["intent"] == "pause")
    after = coach[round(decided * SAMPLE_RATE) :]
    sound_from = np.flatnonzero(after) / SAMPLE_RATE + decided
    return {
        "command begins": float(spoken[0]),
        "coach ducks": next(t for t in recording.ducked if t >= began),
        "command ends": float(spoken[-1]),
        "decided": decided,
        "voice and chime over": float(sound_from[-1]) if len(sound_from) else decided,
    }


def draw(recording: Recording, path: Path) -> None:
    """Draw the three waveforms with the moments marked. Needs matplotlib (extra `dev`)."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "interruption", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(3, 1, sharex=True, figsize=(9, 4.6), layout="constrained")
    tracks = {"user": recording.user, "coach (as played)": recording.coach, "microphone": recording.microphone}
    begin, end = recording.pause_at - BEFORE_S, recording.pause_at + AFTER_S
    window = slice(round(begin * SAMPLE_RATE), round(end * SAMPLE_RATE))
    for axis, (name, track) in zip(axes, tracks.items(), strict=True):
        low, high = _envelope(np.concatenate(track)[window])
        axis.fill_between(np.linspace(begin, end, len(low)), low, high, linewidth=0, color="#456")
        axis.set(ylabel=name, yticks=[], ylim=(-1, 1))
        for at in moments(recording).values():
            axis.axvline(at, color="#c40", linewidth=0.8)
    for number, (name, at) in enumerate(moments(recording).items()):
        axes[0].annotate(
            f"{name}\n{at:.2f} s", (at, 1.0), xytext=(3, 3 + 24 * (number % 3)), textcoords="offset points"
        )
    axes[-1].set_xlabel("seconds of audio time")
    figure.savefig(path, metadata={"Date": None})


def _envelope(samples: Samples, points: int = 700) -> tuple[np.ndarray, np.ndarray]:
    """Return minimum and maximum of the samples in each of `points` equal intervals; full scale is 1."""
    cut = samples[: len(samples) // points * points].reshape(points, -1) / 32768.0
    return cut.min(axis=1), cut.max(axis=1)


def main() -> None:
    """Run the session, print the times, and draw the picture."""
    recording = record()
    for name, at in moments(recording).items():
        print(f"{at:7.2f} s  {name}")
    draw(recording, Path(sys.argv[1]))


if __name__ == "__main__":
    main()

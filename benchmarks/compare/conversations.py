"""Five spoken conversations: what a user says, with silences between, by voices of espeak-ng."""

from pathlib import Path

import numpy as np

from benchmarks.data import mixing
from benchmarks.data.synthetic_speakers import Speaker
from skill.audio import wav

Said = tuple[float, str]
"""Seconds of silence before a sentence, and the sentence."""

CONVERSATIONS: dict[str, tuple[str, tuple[Said, ...]]] = {
    "questions": (
        "en-us",
        (
            (4, "list the stretches"),
            (12, "start back stretches"),
            (50, "no"),
            (9, "how do i do knee to chest"),
            (14, "what's next"),
            (8, "how much longer"),
            (25, "why knee to chest"),
            (12, "stop"),
        ),
    ),
    "pause and resume": (
        "en-gb",
        (
            (4, "start the quick routine"),
            (45, "no"),
            (10, "pause"),
            (15, "resume"),
            (20, "ready"),
            (6, "pause"),
            (10, "resume"),
            (25, "stop"),
        ),
    ),
    "pain": (
        "en-us+f4",
        (
            (4, "start back stretches"),
            (48, "no"),
            (8, "that hurts"),
            (9, "easier"),
            (20, "ouch"),
            (10, "skip"),
            (12, "i feel dizzy"),
            (15, "goodbye"),
        ),
    ),
    "next and previous": (
        "en-us+f2",
        (
            (4, "start back stretches"),
            (6, "next"),
            (45, "no"),
            (8, "next"),
            (8, "next"),
            (7, "go back"),
            (8, "go to bridge"),
            (9, "repeat cow pose"),
            (9, "goodbye"),
        ),
    ),
    "conditions": (
        "en-us+m3",
        (
            (4, "i have sore knees"),
            (8, "start back stretches"),
            (30, "what do you know about me"),
            (15, "go to child's pose"),
            (15, "louder"),
            (6, "talk less"),
            (6, "forget my conditions"),
            (10, "stop"),
        ),
    ),
}
"""Voice and sentences of each. Every session begins with an empty memory, so the safety information comes first."""


def synthesise(name: str, folder: Path) -> Path:
    """Speak a conversation into a sound file in `folder`; the same samples each time."""
    voice, said = CONVERSATIONS[name]
    speaker = Speaker("espeak-ng", voice)
    parts = [part for pause, text in said for part in (mixing.quiet(pause), speaker.say(text, 1.0, folder))]
    path = folder / f"{name.replace(' ', '-')}.wav"
    wav.write(path, np.concatenate(parts))
    return path

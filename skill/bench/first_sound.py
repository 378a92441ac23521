"""How long the first sound of a line takes after it is decided: a table for a voice.

Run as `python -m skill.bench.first_sound [natural]`. The lines are those of a session with an empty cache: fixed
ones have been rendered ahead, changing ones are asked for as they come up. Times are of this machine, wall clock.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from skill.parts import Parts
from skill.settings import Settings, VoiceSettings
from skill.voice.fixed_lines import fixed_lines
from skill.voice.piper_voice import NATURAL, NaturalVoice
from skill.voice.synthesis import SystemVoice, Voice

TARGET_S = 0.2

FIXED = 60
"""So many fixed lines are rendered; more would only take longer."""

CHANGING = (
    "About twelve minutes.", "Twenty seconds left.", "Five more stretches.", "Three stretches are left.",
    "Next, bridge.", "Next comes child's pose.", "This is downward dog.", "Cow pose, number three of seven.",
    "You stretched three times this week, the last time yesterday.", "Okay, ten seconds more.",
    "Okay, ten seconds less.", "Right, on to forward fold.",
    "Let's go back to cat pose.", "Did you mean, child's pose?",
    "Stopped at knee to chest.", "Now the left side.", "Hold for thirty seconds.", "Hold for five breaths.",
    "Sure, a little slower.", "All right, quick stretches.",
)  # fmt: skip
"""Sentences with a number or a name in them, as they are composed in a session."""


def first_sound_s(voice: Voice, line: str) -> float:
    """Return the seconds from asking for a line until the first of its pieces is there."""
    began = time.perf_counter()
    pieces = voice.pieces(line)
    for piece in pieces:  # in the order in which a session asks for them
        voice.get(piece)
    voice.wait(pieces[0])
    return time.perf_counter() - began


def row(name: str, seconds: Sequence[float]) -> str:
    """Return a line of the table."""
    within = sum(value < TARGET_S for value in seconds)
    middle, high = np.percentile(seconds, [50, 95])
    count = len(seconds)
    return f"{name:<22}{count:>6}{middle:>10.3f}{high:>10.3f}{max(seconds):>10.3f}{100 * within / count:>9.0f} %"


def measure(voice: SystemVoice, fixed: Sequence[str]) -> None:
    """Print the table for a voice with an empty cache."""
    voice.wait("Hello.")  # the engine is loaded while the user gets ready
    changing = []
    for line in CHANGING:
        changing.append(first_sound_s(voice, line))
        voice.wait(voice.pieces(line)[-1])
    began = time.perf_counter()
    for line in fixed:
        voice.wait(line)
    ahead = time.perf_counter() - began
    known = [first_sound_s(voice, line) for line in fixed]
    print(f"{'lines':<22}{'count':>6}{'median s':>10}{'95 % s':>10}{'longest s':>10}{'< 0.2 s':>11}")
    print(row("fixed, rendered ahead", known))
    print(row("changing, first clause", changing))
    print(row("all", known + changing))
    print(f"Rendering the {len(fixed)} fixed lines takes {ahead:.0f} s, once.")


def main() -> None:
    """Measure the voice that is named, or the system's."""
    natural = NATURAL in sys.argv[1:]
    fixed = fixed_lines(Parts(Settings()).content)[:FIXED]
    with tempfile.TemporaryDirectory() as folder:
        voice = (NaturalVoice if natural else SystemVoice)(VoiceSettings(), Path(folder))
        try:
            measure(voice, fixed)
        finally:
            voice.close()


if __name__ == "__main__":
    main()

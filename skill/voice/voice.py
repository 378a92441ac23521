"""What the session needs of a voice."""

from collections.abc import Iterable
from typing import Protocol

from skill.audio.blocks import Samples


class Voice(Protocol):
    """Turns lines into clips: 16 kHz mono int16 samples. A line is one sentence, or a clause of one."""

    def prepare(self, lines: Iterable[str]) -> None:
        """Render the lines that come next, the first one first.

        They replace those of the call before: what was not begun and is not among them is cancelled.
        """

    def prepare_answers(self, lines: Iterable[str]) -> None:
        """Render lines that may be asked for, after those that come next; they replace those of the call before."""

    def pieces(self, line: str) -> tuple[str, ...]:
        """Return the pieces in which to ask for a line, so that its first sound comes early; mostly the line itself."""

    def get(self, line: str) -> Samples | None:
        """Return the clip of a line; None if it is not rendered yet, then it is rendered before all others.

        SynthesisError: it cannot be rendered.
        """

    def wait(self, line: str) -> Samples:
        """Return the clip of a line, however long rendering takes. SynthesisError: it cannot be rendered."""

    def set_speed(self, factor: float) -> None:
        """Speak faster (above 1) or slower from the next line on: a factor on the usual words a minute."""

    def delete_personal_clips(self) -> None:
        """Delete the clips that may reveal what the user has told the coach. Raises SkillError if that fails."""

    def close(self) -> None:
        """End what runs in the background."""

"""What the coach is saying, and what it still has to say."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from skill.dialogue.response_selection import VariantCounts

Role = Literal["queue", "step", "cue"]
"""Where an utterance comes from: the queue of Speech, the line of the current step, or a cue inside a hold."""


@dataclass(frozen=True)
class Line:
    """A sentence that the coach still has to say."""

    text: str
    keep: bool = False
    """It is still said when another question comes in between (advice, a greeting)."""

    until_answered: bool = False
    """It is of use only until the question after it is answered (what to do when something hurts)."""

    tells_safety: bool = False
    """The safety information is complete once this line has been said."""


@dataclass(frozen=True)
class Utterance:
    """What the coach is saying at this moment."""

    id: int
    """The id of its `Say` action, and of the `SpeechEnded` event that follows."""

    text: str
    role: Role


@dataclass(frozen=True)
class Speech:
    """Everything about the coach's own speech."""

    current: Utterance | None = None
    """What is being said now."""

    queue: tuple[Line, ...] = ()
    """Lines to say before the course goes on. A line stays in the queue until it has been said to its end."""

    held: tuple[Line, ...] = ()
    """Lines that were in the queue when a pause began: said after the pause."""

    interrupted_cue: str | None = None
    """A cue inside a hold that was interrupted: said again when the clock goes on."""

    last_said: tuple[str, ...] = ()
    """The last thing that the coach said, for "repeat"."""

    variant_counts: VariantCounts = ()
    """Which variant of each response comes next."""


def once(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines without duplicates: each text at its first place, with `keep` and `tells_safety` of any of them."""
    found: dict[str, Line] = {}
    for line in lines:
        before = found.setdefault(line.text, line)
        tells_safety = before.tells_safety or line.tells_safety
        found[line.text] = replace(before, keep=before.keep or line.keep, tells_safety=tells_safety)
    return tuple(found.values())


def kept_lines(texts: Iterable[str]) -> tuple[Line, ...]:
    """Return sentences as lines that are said even when another question comes in between."""
    return tuple(Line(text, keep=True) for text in texts)

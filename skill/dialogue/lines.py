"""What is to be said, and what is being said."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Line:
    """A sentence to be said before the course goes on."""

    text: str
    keep: bool = False
    """Still to be said when another question comes in between (advice, a greeting)."""

    for_now: bool = False
    """Of use only until the question after it is answered (what to do where it hurts)."""

    tells_safety: bool = False
    """The safety information is complete once this has been said."""


@dataclass(frozen=True)
class Speech:
    """What is being said at this moment."""

    id: int
    text: str
    role: str
    """`answer`: the first of State.answer; `step`: the line of the current step; `mark`: a cue inside a hold."""


def once(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return lines, each text once and at its first place, with what any of them counts for: nothing is said twice."""
    found: dict[str, Line] = {}
    for line in lines:
        before = found.setdefault(line.text, line)
        tells_safety = before.tells_safety or line.tells_safety
        found[line.text] = replace(before, keep=before.keep or line.keep, tells_safety=tells_safety)
    return tuple(found.values())


def to_be_kept(texts: Iterable[str]) -> tuple[Line, ...]:
    """Return sentences as lines that are said whatever comes in between."""
    return tuple(Line(text, keep=True) for text in texts)

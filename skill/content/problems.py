"""Problems in files, and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from skill.errors import ContentError

MAX_LINES = 50
"""Maximum number of problems in one message; more of them have one cause."""


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; str() gives "FILE:LINE"."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Text(str):
    """A string that remembers where it was written."""

    place: Place | None

    def __new__(cls, value: str, place: Place | None = None) -> Text:
        """Return the string, marked."""
        text = super().__new__(cls, value)
        text.place = place
        return text


def where(text: str) -> Place:
    """Return where a string was written, as far as it remembers."""
    return getattr(text, "place", None) or Place("?", 1)


@dataclass
class Problems:
    """The problems found so far: all of a file are reported in one message."""

    found: dict[tuple[Place, str], None] = field(default_factory=dict)
    """A dict for its order and its speed: no problem twice."""

    def add(self, place: Place, message: str) -> None:
        """Note a problem; the message says what is wrong and what to do."""
        self.found[(place, message)] = None

    def lines(self) -> list[str]:
        """Return "FILE:LINE: message" for each problem, in the order of files and lines."""
        lines = [f"{place}: {message}" for place, message in sorted(self.found)]
        more = len(lines) - MAX_LINES
        return lines if more <= 0 else [*lines[:MAX_LINES], f"... and {more} more problems."]

    def check(self) -> None:
        """Raise ContentError with one line a problem if there are any."""
        if self.found:
            raise ContentError("\n".join(self.lines()))


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ' (did you mean "x"?)' for a known name close to this one, or nothing."""
    best = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=60)
    return f' (did you mean "{best[0]}"?)' if best else ""

"""A routine and its stretches, as values."""

import re
from collections.abc import Set
from dataclasses import dataclass, replace

POSITIONS = ("lying", "kneeling", "sitting", "standing")
"""Where the body is; a change between two of them gets a cue of its own."""

CONDITIONS = (
    "knees",
    "wrists",
    "blood_pressure",
    "glaucoma",
    "osteoporosis",
    "pregnancy",
    "disc",
    "spinal_fracture",
    "slipped_vertebra",
    "hip_replacement",
)
"""What a user may tell about their body. How people say it, and what the coach calls it, is in the language files."""

EASIER, LEAVE_OUT = "easier", "leave_out"
ADVICE = (EASIER, LEAVE_OUT)
"""What a condition may ask of a stretch: its easier version, or to be left out."""


def swapped(line: str, one: str, other: str) -> str:
    """Return a sentence with two words in each other's place, such as left and right."""
    return re.sub(rf"\b({re.escape(one)}|{re.escape(other)})\b", lambda found: other if found[0] == one else one, line)


@dataclass(frozen=True)
class Hold:
    """How long a stretch is held. Exactly one of seconds, breaths and rounds is given."""

    seconds: float | None = None
    """Seconds a side."""

    breaths: int | None = None
    """Breaths a side; a breath lasts Routine.breath seconds."""

    rounds: int | None = None
    """Breaths in which two stretches alternate: breathe in for this one, out for `alternate_with`."""

    alternate_with: str | None = None
    """Stretch id of the other half of a round."""

    sides: tuple[str, ...] = ()
    """Held for each, in this order, e.g. ("right", "left"); empty if the body has only one."""

    repeat: int = 1
    """Number of holds in a row; with sides, for each side."""


@dataclass(frozen=True)
class Stretch:
    """One stretch: everything the coach can say about it. Every string is one spoken sentence."""

    id: str
    """Stable name used by commands and logs, e.g. `childs_pose`."""

    name: str
    """The name the coach says, e.g. "child's pose"."""

    aliases: tuple[str, ...]
    """Other names that people use; what people say is understood by `name` and by these."""

    position: str
    """One of POSITIONS: where the body is during the stretch."""

    instructions: tuple[str, ...]
    """The steps, one movement a sentence, spoken before the first hold."""

    how_to: tuple[str, ...]
    """The stretch in short (two to four sentences), for a question from anywhere."""

    why: tuple[str, ...]
    """What it is commonly held to be good for; no promise of a cure."""

    easier: tuple[str, ...]
    """The easier version, as instructions."""

    check_first: tuple[str, ...]
    """Conditions under which to ask a doctor or take the easier version first."""

    hold: Hold
    """How long."""

    conditions: tuple[tuple[str, str], ...] = ()
    """(one of CONDITIONS, one of ADVICE): what is done for whom; no advice: the stretch is done as it is."""

    easier_position: str = ""
    """Position of the body in the easier version, if it differs from `position`."""

    def advice(self, conditions: Set[str]) -> str | None:
        """Return what these conditions ask of this stretch; leaving it out goes before its easier version."""
        asked = {advice for condition, advice in self.conditions if condition in conditions}
        return LEAVE_OUT if LEAVE_OUT in asked else EASIER if asked else None

    def position_when(self, easier: bool) -> str:
        """Return where the body is in one of the two versions."""
        return (easier and self.easier_position) or self.position


@dataclass(frozen=True)
class Routine:
    """Stretches in their order."""

    id: str
    """Stable name, e.g. `full`."""

    name: str
    """The name the coach says, e.g. "back stretches"."""

    aliases: tuple[str, ...]
    """Other names that people use for it."""

    breath: float
    """Seconds in a breath, in and out."""

    stretches: tuple[Stretch, ...]
    """In the order in which they are done; at least one, ids distinct."""

    cues: tuple[tuple[str, str, tuple[str, ...]], ...]
    """(from position, to position, sentences) for every change of position that occurs.

    The way into the first stretch starts from the position "start".
    """

    easier: bool = False
    """Whether all stretches are done in their easier versions."""

    def __hash__(self) -> int:
        """Hash what is enough to tell routines apart: all of the text would be slow."""
        return hash((self.id, tuple(stretch.id for stretch in self.stretches)))

    def adapted(self, conditions: Set[str], keep: str = "") -> "Routine":
        """Return this routine without the stretches to be left out; `keep` is the id of one that stays all the same."""
        return self.without({s.id for s in self.stretches if s.advice(conditions) == LEAVE_OUT}, keep)

    def without(self, stretches: Set[str], keep: str = "") -> "Routine":
        """Return this routine without these, by id, and what alternates with them: half of that is none of it."""
        out = {s.id for s in self.stretches if s.id in stretches or s.hold.alternate_with in stretches} - {keep}
        return replace(self, stretches=tuple(s for s in self.stretches if s.id not in out)) if out else self

    def cue(self, before: str, after: str) -> tuple[str, ...]:
        """Return the sentences that lead from one position to another; none if there is no change."""
        return next((lines for a, b, lines in self.cues if (a, b) == (before, after)), ())

    def index(self, stretch_id: str) -> int | None:
        """Return the place of a stretch, or None if the routine does not have it."""
        return next((i for i, s in enumerate(self.stretches) if s.id == stretch_id), None)

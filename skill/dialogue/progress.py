"""Where the user is in a routine."""

from dataclasses import dataclass, field

from skill.content.routine import Routine, Stretch
from skill.dialogue.course import StepOptions


@dataclass(frozen=True)
class Progress:
    """Where the user is in a routine. While no routine is on, all fields have their defaults."""

    routine: Routine | None = None
    """The routine that is on, without the stretches that are left out; None in `idle`."""

    skipped: frozenset[str] = frozenset()
    """Ids of the stretches that the user left out of this routine."""

    stretch_index: int = 0
    """Place of the current stretch in the routine, from 0."""

    options: StepOptions = field(default_factory=StepOptions)
    """How the current stretch is done."""

    step_index: int = 0
    """Place of the current step in the course of the stretch, from 0."""

    line_said: bool = False
    """The line of the current step has been said to its end."""

    conditions_due: bool = False
    """The question for conditions is still to be asked, before the first stretch."""

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The stretches of the routine that is on; none in `idle`."""
        return self.routine.stretches if self.routine else ()

    @property
    def stretch(self) -> Stretch:
        """The current stretch. Only while a routine is on."""
        return self.stretches[self.stretch_index]

    @property
    def later_stretches(self) -> tuple[Stretch, ...]:
        """The stretches after the current one."""
        return self.stretches[self.stretch_index + 1 :]

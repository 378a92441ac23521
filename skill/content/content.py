"""The routines and responses of a coach as one value."""

from collections.abc import Mapping
from dataclasses import dataclass

from skill.content.responses import Responses
from skill.content.routine import Routine


@dataclass(frozen=True, eq=False)
class Content:
    """Routines and responses. They do not change during a session."""

    routines: Mapping[str, Routine]
    responses: Responses

    @property
    def default(self) -> Routine:
        """The routine that starts when none is named."""
        return self.routines.get("full") or next(iter(self.routines.values()))

    @property
    def stretch_names(self) -> Mapping[str, str]:
        """Stretch id -> name. Where routines give a stretch different names, that of the first routine."""
        stretches = [stretch for routine in self.routines.values() for stretch in routine.stretches]
        return {stretch.id: stretch.name for stretch in reversed(stretches)}

    def whole(self, routine: Routine) -> Routine:
        """Return a running routine with all of its stretches, including those that were left out of it."""
        return self.routines.get(routine.id, routine)

"""All that one coach can do and say, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass

from skill.content.responses import Responses
from skill.content.routine import Routine


@dataclass(frozen=True, eq=False)
class Content:
    """What the coach can do and say. It does not change while a session lasts."""

    routines: Mapping[str, Routine]
    responses: Responses

    @property
    def default(self) -> Routine:
        """The routine that starts when none is named."""
        return self.routines.get("full") or next(iter(self.routines.values()))

    def whole(self, routine: Routine) -> Routine:
        """Return a routine that is on with all of its stretches, those included that are left out of it now."""
        return self.routines.get(routine.id, routine)

"""What the coach knows about the user."""

from dataclasses import dataclass

from skill.preferences import USUAL, Preferences


@dataclass(frozen=True)
class User:
    """What the user told, chose and was told."""

    safety_told: bool = False
    """The safety information has been said, in this session or an earlier one."""

    preferences: Preferences = USUAL
    """Pace, volume and amount of words."""

    wishes: frozenset[str] = frozenset()
    """The last wish of this session for pace and for volume: `slower` or `faster`, `louder` or `softer`."""

    conditions: frozenset[str] | None = None
    """What the user told about their body, ids of routine.CONDITIONS; None: the question was never answered."""

    unwell: bool = False
    """The user felt unwell, now or within the last day, and has not said since that it is better."""

    wanted_easier: frozenset[str] = frozenset()
    """Ids of the stretches for which the user asked for the easier version; forgotten when another routine begins."""

    @property
    def known_conditions(self) -> frozenset[str]:
        """The conditions that the user told; empty if there are none, or if the question was never answered."""
        return self.conditions or frozenset()

"""The user's preferences: pace, volume and how much is said, as one value that is kept for later sessions."""

from collections.abc import Mapping
from dataclasses import dataclass

SLOWEST, FASTEST = -2, 2
SOFTEST, LOUDEST = -4, 3

_SPEED_OF_A_STEP = 1.15
_DB_SOFTER = 4.0
_DB_LOUDER = 2.7
"""Steps up are smaller: the peaks of speech leave a headroom of about 8 dB; beyond it the limiter acts."""


@dataclass(frozen=True)
class Preferences:
    """What the user has chosen; the defaults until then."""

    pace: int = 0
    """Steps faster than usual, from SLOWEST to FASTEST; of speech and of breath."""

    volume: int = 0
    """Steps louder than usual, from SOFTEST to LOUDEST."""

    brief: bool = False
    """Whether only names and cues are said, and no instructions."""

    @property
    def speed(self) -> float:
        """Factor on the words a minute of the voice; a breath takes 1 / speed of its usual time."""
        return _SPEED_OF_A_STEP**self.pace

    @property
    def gain_db(self) -> float:
        """Gain on the usual volume, in dB."""
        return (_DB_LOUDER if self.volume > 0 else _DB_SOFTER) * self.volume

    @classmethod
    def read(cls, kept: Mapping[str, object]) -> "Preferences":
        """Return preferences from what `dataclasses.asdict` made of them; invalid values become the defaults."""
        return cls(
            pace=_within(kept.get("pace"), SLOWEST, FASTEST),
            volume=_within(kept.get("volume"), SOFTEST, LOUDEST),
            brief=kept.get("brief") is True,
        )


USUAL = Preferences()
"""The preferences of a user who has not chosen."""


def _within(value: object, least: int, most: int) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return min(max(int(value), least), most) if whole else 0  # type: ignore[call-overload]

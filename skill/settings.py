"""Everything that can be set, in frozen values with units."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ListeningSettings:
    """How speech becomes a decision."""


@dataclass(frozen=True)
class VoiceSettings:
    """How the coach speaks."""

    voice: str = "gmw/en-us"
    """Voice id of the speech engine; a part of the name is enough."""

    rate: int = 150
    """Words a minute."""


@dataclass(frozen=True)
class Settings:
    """All settings of a session."""

    listening: ListeningSettings = field(default_factory=ListeningSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)

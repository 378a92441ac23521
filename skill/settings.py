"""Everything that can be set, in frozen values with units."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ListeningSettings:
    """How speech becomes a decision."""

    filler_cost: float = 5.0
    """Cost (negative log likelihood) of each word of filler: lower rejects more of what is not meant for us."""

    min_confidence: float = 0.5
    """Utterances understood with less confidence (0 to 1) are rejected."""

    score_scale: float = 0.2
    """Factor on differences of log likelihood before they become a confidence: 10 ms frames are not independent."""

    reading_beam: float = 8.0
    """Readings are kept that are at most so much less likely than the best (natural logarithm)."""

    quick_ms: int = 160
    """Silence after a complete sentence that no longer sentence continues, until it counts."""

    open_ms: int = 500
    """Silence after a complete sentence that may go on ("repeat", "repeat cow pose"), until it counts."""

    hesitation_ms: int = 1000
    """Silence inside a sentence after which it is given up."""

    longest_ms: int = 12_000
    """An utterance that goes on longer is decided as it stands."""


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

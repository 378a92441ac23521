"""The coach's settings: which of its states and intents need care. The only place that names them."""

from dataclasses import dataclass, field

from skill.settings import ListeningSettings, VoiceSettings

COACH_LISTENING = ListeningSettings(
    # These states last, and most of what is said in them is said to others.
    embedded_check_contexts=frozenset({"idle", "holding", "paused"}),
    urgent_intents=frozenset({"pause", "stop", "pain", "unwell"}),
)


@dataclass(frozen=True)
class Settings:
    """All settings of a session of the coach."""

    listening: ListeningSettings = COACH_LISTENING
    voice: VoiceSettings = field(default_factory=VoiceSettings)

"""The coach's settings: its states and intents that the listening settings name."""

from dataclasses import dataclass, field

from skill.settings import ListeningSettings, VoiceSettings

COACH_LISTENING = ListeningSettings(
    # These states last long, and most of what is said in them is said to other people.
    embedded_check_contexts=frozenset({"idle", "holding", "paused"}),
    urgent_intents=frozenset({"pause", "stop", "pain", "unwell"}),
)


@dataclass(frozen=True)
class Settings:
    """All settings of a session of the coach."""

    listening: ListeningSettings = COACH_LISTENING
    voice: VoiceSettings = field(default_factory=VoiceSettings)

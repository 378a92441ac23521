"""What is known about the user's input: whether it arrives, and whether it was understood."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserInput:
    """Whether the user can be heard, is heard, and is understood. Times are audio time in milliseconds."""

    lost: bool = False
    """The microphone is gone: nothing that is said can be heard."""

    loss_paused: bool = False
    """The pause that is on began with the loss of the microphone, and ends when the microphone is back."""

    no_match_count: int = 0
    """Utterances in a row that were not understood."""

    no_match_at: int = 0
    """When the last of them was heard."""

    quiet_stretches: int = 0
    """Stretches in a row without a word from the user."""

"""Onsets of speech in a stream of blocks, by level, and the silence before them."""

from collections import deque
from itertools import islice

from skill.audio.blocks import Block
from skill.audio.voice_activity import VoiceActivity

ONSET_BLOCKS, ONSET_WINDOW = 3, 5
"""Number of voiced blocks that make an onset, among this many latest blocks."""

PAUSE_BLOCKS = 15
"""Blocks before that window which must be nearly unvoiced for a pause (0.3 s): else a speaker only goes on."""

GAP_BLOCKS = 23
"""The same for a gap (0.46 s), after which speech may be an utterance of its own. Pauses at a comma are shorter."""

NEARLY_UNVOICED = 3
"""Number of voiced blocks that are too many for a pause or a gap."""

GAP_WINDOW = GAP_BLOCKS + ONSET_WINDOW


class OnsetDetector:
    """Follows the level block by block."""

    def __init__(self) -> None:
        self._voice_activity = VoiceActivity()
        self._onset: deque[bool] = deque(maxlen=ONSET_WINDOW)
        self._voiced: deque[bool] = deque([False] * GAP_WINDOW, GAP_WINDOW)

    def hear(self, block: Block, only_coach: bool) -> bool:
        """Take the next block; return whether its level shows speech.

        `only_coach`: it is residual echo of the coach, which does not fill a pause.
        """
        voiced = self._voice_activity.hear(block)
        self._onset.append(voiced)
        self._voiced.append(voiced and not only_coach)
        return voiced

    def forget_onset(self) -> None:
        """Forget the latest blocks, which belong to an utterance that was decided."""
        self._onset.clear()

    @property
    def onset(self) -> bool:
        """Whether speech begins, or goes on, in the latest blocks."""
        return sum(self._onset) >= ONSET_BLOCKS

    def silent_before(self, blocks: int) -> bool:
        """Return whether hardly any of so many blocks (at most GAP_BLOCKS) before the latest ones has speech."""
        return sum(islice(self._voiced, GAP_BLOCKS - blocks, GAP_BLOCKS)) < NEARLY_UNVOICED

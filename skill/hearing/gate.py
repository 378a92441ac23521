"""Keeps what goes on behind a speaker, a television say, away from the decoder."""

from skill.audio.blocks import Block

GATE_DB = 5.0
"""What is not so much above the backdrop ..."""

HOLD_BLOCKS = 8
"""... for so many blocks is turned down."""


class Gate:
    """Turns down what no longer stands out from the backdrop, by 20 dB. One utterance."""

    def __init__(self, backdrop: float) -> None:
        """`backdrop`: level of what was heard before the speaker began, dBFS."""
        self._opens = backdrop + GATE_DB
        self._below = 0

    def pass_on(self, block: Block, level: float) -> Block:
        """Take a block and its level (dBFS); return it, or the same turned down."""
        self._below = 0 if level > self._opens else self._below + 1
        return block // 10 if self._below > HOLD_BLOCKS else block

"""The questions that the coach asks, and what happens without an answer."""

from dataclasses import dataclass
from typing import Literal

from skill.events import Heard

Kind = Literal["pain", "go_on", "better", "still_there", "conditions", "did_you_mean"]
"""`pain`: easier, skip, or stop? `go_on`: resume where an earlier routine was left? `better`: asked before a routine
begins after the user felt unwell. `conditions`: anything I should know? `did_you_mean`: asks for what was nearly
understood."""

AfterTimeout = Literal["ask again", "pause", "go on"]
"""What follows a no-input timeout: ask once more and then wait without end, pause, or go on without an answer."""


@dataclass(frozen=True)
class NoInput:
    """The no-input timeout of a question, and what follows it."""

    ms: int
    """The timeout in milliseconds, from the end of the question."""

    then: AfterTimeout


NO_INPUT: dict[Kind, NoInput] = {
    "pain": NoInput(20_000, "ask again"),
    "go_on": NoInput(20_000, "ask again"),
    "better": NoInput(20_000, "ask again"),
    "still_there": NoInput(30_000, "pause"),
    "conditions": NoInput(20_000, "go on"),  # asked again before the next routine
    "did_you_mean": NoInput(10_000, "go on"),
}
"""The no-input timeout of every kind of question."""


@dataclass(frozen=True)
class Question:
    """A question of the coach. Nothing goes on until it is answered or its no-input timeout is over."""

    kind: Kind
    lines: tuple[str, ...]
    """The sentences of the question; said again when it is asked again."""

    asked_again: bool = False
    """It has been asked a second time: there is no further timeout."""

    command: Heard | None = None
    """`did_you_mean`, `better`: the command that a yes carries out; `go_on`: the command that led to the offer."""

    suspended: "Question | None" = None
    """`did_you_mean`: the question that was open before, and is open again afterwards."""

    @property
    def no_input(self) -> NoInput:
        """The no-input timeout of this kind of question."""
        return NO_INPUT[self.kind]

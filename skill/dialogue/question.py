"""The questions that the coach asks, and what becomes of them without an answer."""

from dataclasses import dataclass

from skill.events import Heard

ASK_AGAIN, PAUSE, GO_ON = "ask again", "pause", "go on"


@dataclass(frozen=True)
class NoInput:
    """How long an answer is waited for, and what follows without one."""

    ms: int
    then: str
    """ASK_AGAIN (once, then wait without end), PAUSE, or GO_ON without an answer."""


NO_INPUT = {
    "pain": NoInput(20_000, ASK_AGAIN),  # easier, skip, or stop?
    "go_on": NoInput(20_000, ASK_AGAIN),  # from where you stopped?
    "better": NoInput(20_000, ASK_AGAIN),  # before anything is begun after feeling unwell
    "still_there": NoInput(30_000, PAUSE),
    "conditions": NoInput(20_000, GO_ON),  # anything I should know? Asked again another time
    "did_you_mean": NoInput(10_000, GO_ON),  # what was nearly understood
}
"""Every kind of question."""


@dataclass(frozen=True)
class Question:
    """Something the coach asked; nothing goes on until it is answered, or its patience is over."""

    kind: str
    """One of PATIENCE."""

    lines: tuple[str, ...]
    """What is said when it is asked again."""

    asked_again: bool = False
    near: Heard | None = None
    """`did_you_mean`, `better`: what a yes stands for; `go_on`: what was asked for, and is begun after a no."""

    before: "Question | None" = None
    """`did_you_mean`: the question that is open again after it."""

    @property
    def no_input(self) -> NoInput:
        """How long an answer is waited for."""
        return NO_INPUT[self.kind]

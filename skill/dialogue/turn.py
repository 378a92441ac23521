"""Whose turn it is: what the coach waits for."""

from dataclasses import dataclass

from skill.dialogue.coach_question import Kind, Question


@dataclass(frozen=True)
class Turn:
    """What the coach waits for before it goes on."""

    question: Question | None = None
    """The question that is open; it stays open during a pause."""

    paused: bool = False
    """The user paused the routine, or nobody can be heard: nothing goes on by itself."""

    more: str | None = None
    """Key of the response that "more" says; set by "help"."""

    @property
    def question_kind(self) -> Kind | None:
        """The kind of the question that is open; None if there is none."""
        return self.question.kind if self.question else None

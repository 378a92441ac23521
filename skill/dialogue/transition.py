"""One transition of the dialogue: the parts of the state while an event changes them, and the actions it calls for."""

from collections.abc import Iterable
from dataclasses import replace

from skill.dialogue.actions import Action, Chime, Say, StartTimer, StopSpeaking, StopTimer
from skill.dialogue.coach_question import Question
from skill.dialogue.response_selection import counted, next_variant
from skill.dialogue.speech import Line, Role, Utterance, kept_lines, once
from skill.dialogue.state import State


class Transition:
    """Collects what one event changes. It lives for one call of `step`.

    A handler changes the state by assigning a new value to one of the parts:
    `transition.user = replace(transition.user, unwell=True)`.
    """

    def __init__(self, state: State, at: int):
        self.at = at
        self.actions: list[Action] = []
        self.content = state.content
        self.progress = state.progress
        self.clock = state.clock
        self.speech = state.speech
        self.turn = state.turn
        self.input = state.input
        self.user = state.user
        self.history = state.history
        self.leaving = state.leaving
        self.ended = state.ended
        self.timer = state.timer
        self.next_id = state.next_id

    @property
    def state(self) -> State:
        """The state as it is now."""
        return State(
            content=self.content,
            progress=self.progress,
            clock=self.clock,
            speech=self.speech,
            turn=self.turn,
            input=self.input,
            user=self.user,
            history=self.history,
            leaving=self.leaving,
            ended=self.ended,
            timer=self.timer,
            next_id=self.next_id,
        )

    def do(self, *actions: Action) -> None:
        """Add actions for the session to carry out."""
        self.actions.extend(actions)

    def _new_id(self) -> int:
        self.next_id += 1
        return self.next_id - 1

    # Speech

    def words(self, key: str, **fields: str) -> tuple[str, ...]:
        """Return the sentences of a response, in its next variant."""
        responses, counts = self.content.responses, self.speech.variant_counts
        self.count_said([key])
        return responses(key, variant=next_variant(counts, key), **fields)

    def count_said(self, keys: Iterable[str]) -> None:
        """Note that these responses were said: their next variants are next."""
        counts = counted(self.content.responses, self.speech.variant_counts, keys)
        self.speech = replace(self.speech, variant_counts=counts)

    def say(self, text: str, role: Role) -> None:
        """Begin to say a sentence."""
        utterance = Utterance(self._new_id(), text, role)
        self.speech = replace(self.speech, current=utterance)
        self.do(Say(utterance.id, text))

    def stop_speech(self) -> None:
        """Stop speaking. The interrupted sentence is said again from its beginning, unless the queue is changed."""
        utterance = self.speech.current
        if utterance is None:
            return
        self.do(StopSpeaking())
        cue = utterance.text if utterance.role == "cue" else self.speech.interrupted_cue
        self.speech = replace(self.speech, current=None, interrupted_cue=cue)

    def set_queue(self, *lines: Line) -> None:
        """Say these lines next, in place of those that were in the queue."""
        self.speech = replace(self.speech, queue=lines)

    def reply(self, texts: Iterable[str], keep: bool = False) -> None:
        """Say these sentences next; then the course goes on. Of an older reply only lines with `keep` are still said.

        `keep`: these sentences are said even when another question comes in between.
        """
        said = tuple(texts)
        older = (line for line in self.speech.queue if line.keep)
        queue = once((*(Line(text, keep) for text in said), *older))
        self.speech = replace(self.speech, queue=queue, last_said=said)

    # Questions

    def ask(self, question: Question, before: Iterable[str] = ()) -> None:
        """Ask a question, after the sentences `before` and the kept lines of the queue.

        Nothing goes on until it is answered.
        """
        first, replaced = tuple(before), self.turn.question
        asked = {*question.lines, *(replaced.lines if replaced else ())}
        older = (line for line in self.speech.queue if line.keep and line.text not in asked)
        queue = once((*kept_lines(first), *older, *kept_lines(question.lines)))
        self.turn = replace(self.turn, question=question)
        self.speech = replace(self.speech, queue=queue, last_said=(*first, *question.lines))

    def ask_again(self, question: Question) -> None:
        """Ask a question again after a pause, after the lines that are still in the queue.

        If something hurts, only what to do about it comes before the question; the other lines wait for the answer.
        """
        pain = question.kind == "pain"
        first = tuple(line for line in self.speech.queue if line.until_answered or not pain)
        later = tuple(line for line in self.speech.queue if pain and not line.until_answered)
        queue, held = once((*first, *kept_lines(question.lines))), once((*later, *self.speech.held))
        self.speech = replace(self.speech, queue=queue, held=held, last_said=question.lines)

    def close_question(self) -> None:
        """Close the question that is open, and empty the queue; a question that it suspended is open again."""
        question = self.turn.question
        self.turn = replace(self.turn, question=question.suspended if question else None)
        self.set_queue()

    # Clock and pause

    def start_timer(self, ms: int) -> None:
        """Let a timer fire after `ms` milliseconds, in place of the one that is running."""
        self.timer = self._new_id()
        self.do(StartTimer(self.timer, ms))

    def stop_timer(self) -> None:
        """Stop the timer."""
        if self.timer is not None:
            self.do(StopTimer())
            self.timer = None

    def interrupt(self) -> None:
        """Stop speech and clock; both go on after what is said next."""
        self.stop_speech()
        self.stop_clock()

    def stop_clock(self) -> None:
        """Stop the clock of the step, and the timer; the step's time goes on later from where it is now."""
        self.clock = self.clock.stopped(self.at)
        self.stop_timer()

    def pause(self) -> None:
        """Pause: be silent, and stop the clock, until the user resumes. The queue is held until then."""
        self.interrupt()
        question, speech = self.turn.question, self.speech
        asked = question.lines if question else ()  # the question is asked again after the pause
        unsaid = tuple(line for line in speech.queue if line.text not in asked)
        self.turn = replace(self.turn, paused=True)
        self.speech = replace(speech, held=(*unsaid, *speech.held), queue=())
        self.do(Chime("pause"))

    def end_pause(self) -> None:
        """Go on where the pause began."""
        self.stop_timer()
        self.turn = replace(self.turn, paused=False)
        self.input = replace(self.input, loss_paused=False)
        self.release_held_lines()
        self.do(Chime("resume"))

    def release_held_lines(self) -> None:
        """Put the lines that were held during a pause back into the queue."""
        speech = self.speech
        self.speech = replace(speech, queue=once((*speech.queue, *speech.held)), held=())

    def drop_pending(self, *keep: Line) -> None:
        """Close the question, end the pause, and forget all that was still to be said, except these lines."""
        self.turn = replace(self.turn, question=None, paused=False)
        self.speech = replace(self.speech, queue=keep, held=())

"""One turn of the conversation: the few moves from which every reaction is put together."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from skill.content.routine import Routine
from skill.dialogue.actions import Action, Chime, End, Save, Say, StartTimer, StopSpeaking, StopTimer
from skill.dialogue.course import Mark
from skill.dialogue.lines import Line, Speech, once, to_be_kept
from skill.dialogue.place import place_of
from skill.dialogue.question import Question
from skill.dialogue.response_selection import counted, variant
from skill.dialogue.state import State, easier_for

STILL_THERE_AFTER = 3
"""Stretches in a row without a word from the user."""

FORGET_PAUSE_MS = 600_000
"""A pause that lasts longer ends the routine; the place is kept."""


class Transition:
    """Collects what one event changes. It lives for one call of `step` and is never seen outside."""

    def __init__(self, state: State, at: int):
        self.state = state
        self.at = at
        self.actions: list[Action] = []

    def set(self, **changes: Any) -> None:
        """Change fields of the state."""
        self.state = replace(self.state, **changes)

    def do(self, *actions: Action) -> None:
        """Ask the session for something."""
        self.actions.extend(actions)

    def words(self, key: str, **fields: str) -> tuple[str, ...]:
        """Return the coach's sentences for a key; where there are variants, another one than the last time."""
        responses, counts = self.state.content.responses, self.state.counts
        self.set(counts=counted(responses, counts, [key]))
        return responses(key, variant=variant(counts, key), **fields)

    # Stopping what goes on

    def stop_speech(self) -> None:
        """Stop speaking. What was interrupted will be said again from its beginning, unless it is dropped."""
        speech = self.state.speech
        if speech is None:
            return
        self.do(StopSpeaking())
        self.set(speech=None)
        if speech.role == "mark":  # a cue inside a hold: said again when the clock goes on
            self.set(cue=speech.text)

    def freeze(self) -> None:
        """Stop the clock of the step; its time goes on later from where it is now."""
        self.set(elapsed=self.state.elapsed_at(self.at), since=None)
        self.stop_timer()

    def stop_timer(self) -> None:
        """Let no timer fire from now on."""
        if self.state.timer is not None:
            self.do(StopTimer())
            self.set(timer=None)

    def interrupt(self) -> None:
        """Stop speech and clock: somebody said something that needs an answer or a change."""
        self.stop_speech()
        self.freeze()

    # Saying things

    def reply(self, lines: Iterable[str], keep: bool = False) -> None:
        """Say these lines next; then the course goes on. An older answer is dropped, except what must be said."""
        texts = tuple(lines)
        kept = tuple(line for line in self.state.answer if line.keep)
        self.set(answer=once((*(Line(text, keep) for text in texts), *kept)), last_said=texts)

    def ask(self, question: Question, before: Iterable[str] = ()) -> None:
        """Ask a question, after some words and what must still be said. Nothing goes on until it is answered."""
        first, open_question = tuple(before), self.state.question
        asked = {*question.lines, *(open_question.lines if open_question else ())}
        kept = (line for line in self.state.answer if line.keep and line.text not in asked)
        lines = (*to_be_kept(first), *kept, *to_be_kept(question.lines))
        self.set(question=question, answer=once(lines), last_said=(*first, *question.lines))

    def ask_again(self, question: Question) -> None:
        """Ask a question again after a pause, and what was still to be said before it first.

        Where it hurts that is only what to do about it: all else waits until the question has been answered.
        """
        hurts = question.kind == "pain"
        first = tuple(line for line in self.state.answer if line.for_now or not hurts)
        later = tuple(line for line in self.state.answer if hurts and not line.for_now)
        lines = (*first, *to_be_kept(question.lines))
        self.set(answer=once(lines), held=once((*later, *self.state.held)), last_said=question.lines)

    def _say(self, text: str, role: str) -> None:
        self.set(speech=Speech(self.state.next_id, text, role), next_id=self.state.next_id + 1)
        self.do(Say(self.state.next_id - 1, text))

    def _start_timer(self, ms: int) -> None:
        self.set(timer=self.state.next_id, next_id=self.state.next_id + 1)
        self.do(StartTimer(self.state.next_id - 1, ms))

    # Going on

    def go_on(self) -> None:
        """Do what the state calls for now: say the next line, wait for an answer, or let the clock run."""
        state = self.state
        if state.ended or (state.speech and not self._in_hold()):
            return
        if state.check_due and state.mode == "introducing" and not state.answer:
            self.set(check_due=False)
            self.ask(Question("conditions", self.words("conditions")))
            state = self.state
        if state.answer:
            self._say(state.answer[0].text, "answer")
        elif state.leaving:
            self.set(ended=True)
            self.do(End("goodbye"))
        elif state.paused:
            if state.timer is None:
                self._start_timer(FORGET_PAUSE_MS)
        elif state.question:
            if state.timer is None and not state.question.asked_again:
                self._start_timer(state.question.no_input.ms)
        elif state.routine:
            self._go_on_in_step()

    def _in_hold(self) -> bool:
        """Tell whether what is being said is a cue inside a hold, which does not stop the clock."""
        state = self.state
        waiting = state.answer or state.paused or state.question or state.leaving
        return bool(state.speech and state.speech.role == "mark" and state.routine and not waiting)

    def _go_on_in_step(self) -> None:
        while self.state.left_unsaid:
            self.enter_step(self.state.step + 1)
        step = self.state.current_step
        if not self.state.spoken:
            if self.state.speech is None:
                explained = step.key == "ready"
                self.set(last_said=(step.line,), elsewhere=self.state.elsewhere and not explained)
                self._say(step.line, "step")
            return
        if self.state.since is None:
            self.set(since=self.at)
        if self.state.cue and self.state.speech is None:
            self._say(self.state.cue, "mark")
            self.set(cue=None)
        self.run_clock()

    def run_clock(self) -> None:
        """Let happen what is due in the current step, and wait for what comes next in it."""
        step = self.state.current_step
        elapsed = self.state.elapsed_at(self.at)
        while self.state.marks_done < len(step.marks) and step.marks[self.state.marks_done].at <= elapsed:
            self._pass(step.marks[self.state.marks_done])
            self.set(marks_done=self.state.marks_done + 1)
        if elapsed >= step.ms:
            self.end_step()
            return
        if self.state.timer is not None:  # set for this mark already
            return
        self._start_timer(next((m.at for m in step.marks[self.state.marks_done :]), step.ms) - elapsed)

    def _pass(self, mark: Mark) -> None:
        if mark.sound:
            self.do(Chime(mark.sound))
        if mark.line and self.state.speech is None:
            self._say(mark.line, "mark")

    # Moving in the routine

    def enter_step(self, step: int) -> None:
        """Stand at the beginning of a step of the current stretch."""
        self.stop_timer()
        self.set(step=step, spoken=False, elapsed=0, since=None, marks_done=0, cue=None)

    def end_step(self) -> None:
        """Go on after a step that is over; with its last hold a stretch is done."""
        if self.state.current_step.kind == "holding" and not self.state.holds_from(self.state.step + 1):
            self._stretch_done()
        self._next_step()

    def _next_step(self) -> None:
        """Go to the next step, or to the next stretch after the last one."""
        if self.state.step + 1 < len(self.state.course):
            self.enter_step(self.state.step + 1)
        else:
            self.next_stretch()
        self.go_on()

    def next_stretch(self) -> None:
        """Go to the next stretch by itself; after three without a word from the user, ask whether they are there."""
        routine = self.state.routine
        assert routine
        if self.state.stretch + 1 >= len(routine.stretches):
            self.finish()
            return
        quiet = self.state.quiet_stretches + 1
        self.enter_stretch(self.state.stretch + 1)
        self.set(quiet_stretches=quiet)
        if quiet >= STILL_THERE_AFTER:
            self.ask(Question("still_there", self.words("still_there")))

    def enter_stretch(self, index: int, routine: Routine | None = None) -> None:
        """Stand at the beginning of a stretch of the routine that is on, or of what is now left of it."""
        state = self.state
        assert state.routine
        moving = state.current_step.kind == "introducing"  # not yet in the position of this stretch
        before = state.came_from if moving else state.current.position_when(state.easier)
        self.set(came_from=before)
        self._leave_stretch()
        self.set(routine=routine or state.routine)
        self.stand_at(index)

    def _leave_stretch(self) -> None:
        """Count what was said in this stretch, so that the same sentences do not come next."""
        state = self.state
        said = [step.key for step in state.course[: state.step + 1]]
        self.set(counts=counted(state.content.responses, state.counts, said))

    def stand_at(self, index: int, skip: int = 0, easier: bool = False) -> None:
        """Begin a stretch, wherever the body comes from.

        `skip`, `easier`: without so many steps of that version; where it is now another version, with all of its steps.
        """
        state = self.state
        assert state.routine
        stretch = state.routine.stretches[index]
        now_easier = easier or easier_for(state, state.routine, stretch)
        skip = skip if now_easier == easier else 0
        remind = state.elsewhere and skip > 0
        self.stop_timer()
        self.set(stretch=index, easier=now_easier, skip=skip, remind=remind, elsewhere=remind)
        self.set(sides_done=0, extra=0, variety=state.counts, no_match_count=0)
        self.enter_step(0)
        self.do(Save(place_of(self.state)))

    def finish(self) -> None:
        """The last stretch is done."""
        self._leave_stretch()
        self.set(routine=None, saved=None, spoken=False, check_due=False)
        self.do(Save(None))
        self.reply(self.words("finished"), keep=True)

    def leave_routine(self) -> None:
        """End the routine before its end; the place is kept."""
        routine = self.state.routine
        if routine is None:
            return
        saved = place_of(self.state)
        self._leave_stretch()
        self.interrupt()
        self.set(routine=None, question=None, paused=False, answer=(), held=(), saved=saved, check_due=False)
        self.do(Save(saved))

    def _stretch_done(self) -> None:
        """All holds of a stretch are over. The first stretch of a routine makes it one of the sessions of this week."""
        if not self.state.done:
            self.set(this_week=self.state.this_week + 1, days_since_last=0)
        self.set(done=self.state.done + 1)

    def pause(self) -> None:
        """Be silent and stand still until the user says so."""
        self.interrupt()
        asked = self.state.question.lines if self.state.question else ()  # is asked again after the pause
        unsaid = tuple(line for line in self.state.answer if line.text not in asked)
        self.set(paused=True, held=(*unsaid, *self.state.held), answer=())
        self.do(Chime("pause"))

    def end_pause(self) -> None:
        """Go on where the pause began."""
        self.stop_timer()
        self.set(paused=False, paused_by_input_loss=False, answer=once((*self.state.answer, *self.state.held)), held=())
        self.do(Chime("resume"))

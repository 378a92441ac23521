"""A session connects all parts: it takes audio blocks, and runs listening, dialogue, speech and memory."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from skill.audio.blocks import BLOCK_SIZE, SAMPLE_RATE, Block, Samples
from skill.audio.player import Played, Player
from skill.audio.sounds import sound
from skill.content.content import Content
from skill.dialogue.actions import (
    Action,
    Chime,
    End,
    KeepConditions,
    KeepUnwell,
    Listen,
    Prefer,
    RememberSafetyTold,
    Save,
    Say,
    StartTimer,
    StopSpeaking,
    StopTimer,
)
from skill.dialogue.prefetch import answers_differ, prefetch_answers, prefetch_lines
from skill.dialogue.state import State, initial
from skill.dialogue.step import step
from skill.dialogue.view import View, view
from skill.echo_control.echo_control import EchoControl, NoEcho
from skill.errors import SkillError, SynthesisError
from skill.events import Closing, Event, Heard, Rejected, SpeechEnded, SpeechStarted, TimerFired
from skill.memory import Memory, Recorder
from skill.preferences import Preferences
from skill.turn_taking.interruption import InterruptionController
from skill.turn_taking.listener_protocol import ListenerProtocol
from skill.voice.silent_voice import SilentVoice
from skill.voice.spoken_line import SpokenLine
from skill.voice.voice import Voice

_log = logging.getLogger(__name__)

ANSWERS_A_BLOCK = 4
"""Number of commands whose answers are computed in one block: all of them would take too long."""

Log = Callable[[dict[str, Any]], None]
"""Called with each event of the JSON contract, as a dictionary, when it happens."""


class Session:
    """One conversation. It belongs to one thread, and its clock counts the samples of the microphone.

    `hear` takes 20 ms of the microphone and of the speaker; the audio thread pulls `player`. With `wait_for_voice` (a
    replay) audio time stands still until a line is rendered; without, the session goes on and the line is played when
    it is there.
    """

    def __init__(
        self,
        content: Content,
        listener: ListenerProtocol | None,
        voice: Voice,
        memory: Memory,
        log: Log,
        wait_for_voice: bool = False,
        echo: EchoControl | NoEcho | None = None,
    ):
        self.player = Player()
        self._listener = listener
        self._voice = voice
        self._memory = memory
        self._recorder = Recorder(memory)
        self._memory_problem: str | None = None
        self._log = log
        self._wait_for_voice = wait_for_voice
        self._state = initial(content)
        self._samples = 0
        self._timer: tuple[int, int] | None = None  # id, and when it is due (ms)
        self._lines: dict[int, SpokenLine] = {}  # by id; more than one only while an older line fades out
        self._speaks_until = self._sounds_until = 0  # when the player's clips, and its sounds, end (ms)
        self._shown: View | None = None
        self._interruption = InterruptionController(listener, self.player, echo or NoEcho()) if listener else None
        self._voice_lost = self._was_ducked = False
        self._answers: Iterator[str | None] = iter(())
        self._answers_found: dict[str, None] = {}

    @property
    def now(self) -> int:
        """Audio time in milliseconds."""
        return 1000 * self._samples // SAMPLE_RATE

    @property
    def ended(self) -> bool:
        """Whether the conversation is over."""
        return self._state.ended

    @property
    def speaking(self) -> bool:
        """Whether the coach is saying something, or is about to."""
        return self._state.speech.current is not None

    @property
    def ducked(self) -> bool:
        """Whether the coach is quieter at the moment, because the user speaks over it."""
        return self._interruption is not None and self._interruption.ducked

    @property
    def view(self) -> View:
        """What a screen shows now."""
        return view(self._state, self.now)

    def start(self) -> None:
        """Begin: greet, and start to listen."""
        started = self._recorder.started(self.now)
        self._apply(started.preferences)
        self.handle(started)

    def hear(self, near: Block, far: Block) -> None:
        """Take 20 ms of what the microphone heard, and the block that the speaker was given in the same 20 ms.

        Both hold BLOCK_SIZE samples, 16 kHz mono int16. On return everything that follows from them is done.
        """
        self._samples += BLOCK_SIZE
        for played in self.player.played():
            self._piece_over(played)
        for line in [line for line in self._lines.values() if line.left]:
            self._try_to_say(line)
        if self._timer and self.now >= self._timer[1]:
            timer, self._timer = self._timer[0], None
            self.handle(TimerFired(self.now, timer))
        if self._interruption:
            for event in self._interruption.hear(near, far, self.now):
                if self._state.input.lost:  # it began before the loss, or is what the coach itself said
                    continue
                self.handle(replace(event, at=self.now))  # a listener in another thread has decided a little earlier
            self._speaks_until += self._interruption.resume_playback(self.now)
            self._log_ducking()
        self._prefetch_some()

    def input_ended(self) -> None:
        """Decide a pending utterance: no more sound will come from the microphone."""
        if self._interruption:
            for event in self._interruption.finish(self.now):
                self.handle(event)

    def close(self, reason: str) -> None:
        """End the conversation from outside, and keep the place."""
        if not self.ended:
            self.handle(Closing(self.now, reason))

    def handle(self, event: Event) -> None:
        """Pass an event to the dialogue and carry out its actions; does nothing after the end of the session."""
        if self.ended:
            return
        self._log_event(event)
        before = self._state
        with self._memory.together():
            self._state, actions = step(before, event)
            self._recorder.see(before, self._state, event.at)
            for action in actions:
                if not isinstance(action, End):
                    self._execute(action)
            for action in actions:  # last: the confirmation is already rendered at the old pace
                if isinstance(action, Prefer):
                    self._apply(action.preferences)
        self._report_memory_problem()
        for end in actions:
            if isinstance(end, End):
                self._emit("end", reason=end.reason)
        if not self.ended:
            self._log_state(heard=isinstance(event, Heard))
        if not isinstance(event, SpeechStarted):
            self._prepare(before)

    def _prepare(self, before: State) -> None:
        """Let the voice render the next lines in advance; in a live session also the answers to possible commands."""
        if not self._wait_for_voice and answers_differ(before, self._state):
            self._answers = prefetch_answers(self._state, self.now)
            self._answers_found = {}
        self._voice.prepare(prefetch_lines(self._state))

    def _prefetch_some(self) -> None:
        """Compute the answers to a few more possible commands; render them once all are known."""
        some = list(islice(self._answers, ANSWERS_A_BLOCK))
        self._answers_found |= dict.fromkeys(line for line in some if line)
        if len(some) == ANSWERS_A_BLOCK or not self._answers_found:
            return
        self._voice.prepare_answers(tuple(self._answers_found))
        self._answers_found = {}

    # The dialogue's actions

    def _execute(self, action: Action) -> None:
        match action:
            case Say():
                self._emit("say", id=action.id, text=action.text)
                self._lines[action.id] = line = SpokenLine(action.id, self._pieces(action.text))
                self._try_to_say(line)
            case StopSpeaking():
                self._stop_speaking()
            case StartTimer() | StopTimer():
                self._timer = (action.id, self.now + action.ms) if isinstance(action, StartTimer) else None
            case Listen():
                if self._listener:
                    self._listener.listen(action.context)
            case Chime():
                self._emit("sound", name=action.name)
                self._sound(sound(action.name))
            case Save() | RememberSafetyTold() | KeepConditions() | KeepUnwell() | Prefer():
                self._recorder.keep(action)
                if action == KeepConditions(None):
                    self._delete_personal_clips()

    def _sound(self, samples: Samples) -> None:
        self.player.sound(samples)
        self._sounds_until = max(self._sounds_until, self.now + 1000 * len(samples) // SAMPLE_RATE)

    def _apply(self, preferences: Preferences) -> None:
        """Use these settings of volume and pace from now on."""
        self._voice.set_speed(preferences.speed)
        if self._interruption:
            self._interruption.set_volume(preferences.gain_db)

    def _delete_personal_clips(self) -> None:
        """Delete the clips that may reveal what the user said about their body."""
        try:
            self._voice.delete_personal_clips()
        except SkillError as error:
            self._emit("problem", text=str(error))

    def _report_memory_problem(self) -> None:
        if self.ended:
            self._memory.settle()  # this is the last chance to report a problem
        problem, told = self._memory.problem, self._memory_problem
        self._memory_problem = problem
        if problem and problem != told:
            self._emit("problem", text=problem)

    def _pieces(self, text: str) -> tuple[str, ...]:
        """Return the parts in which a line is rendered; in a replay the whole line, which is deterministic."""
        return (text,) if self._wait_for_voice else self._voice.pieces(text)

    def _try_to_say(self, line: SpokenLine) -> None:
        ask = self._voice.wait if self._wait_for_voice else self._voice.get
        try:
            clips = [ask(piece) for piece in line.left]  # ask for all of them, so that the voice can render in advance
        except SynthesisError as error:
            self._lose_voice(error)
            line.left = (" ".join(line.left),)
            clips = [SilentVoice().wait(line.left[0])]  # silence, long enough to read it
        for clip in clips:
            if clip is None:
                break
            piece, *rest = line.left
            line.left = tuple(rest)
            line.playing += 1
            self.player.play(line.id, clip)
            began = max(self.now, self._speaks_until, self._sounds_until)  # after what is still playing
            self._speaks_until = began + 1000 * len(clip) // SAMPLE_RATE
            if self._interruption:
                self._interruption.said(piece, began, self._speaks_until)

    def _lose_voice(self, error: SynthesisError) -> None:
        if not self._voice_lost:
            _log.info("%d ms: no voice: %s", self.now, error)
            self._emit("problem", text=f"{error} The coach goes on in writing.")
        self._voice_lost = True

    def _stop_speaking(self) -> None:
        self.player.stop()  # reports the end of each clip
        self._speaks_until = self.now
        if self._interruption:
            self._interruption.stopped(self.now)
        for line in list(self._lines.values()):
            line.left = ()
            if not line.playing:
                self._over(line.id, interrupted=True)

    def _piece_over(self, played: Played) -> None:
        line = self._lines.get(played.id)
        if line:
            line.playing -= 1
            if played.interrupted or not (line.playing or line.left):
                self._over(line.id, played.interrupted)

    def _over(self, speech: int, interrupted: bool) -> None:
        if self._lines.pop(speech, None) is None:
            return
        self._emit("said", id=speech, interrupted=interrupted)
        self.handle(SpeechEnded(self.now, speech, interrupted))

    # Events and logs

    def _emit(self, event: str, **fields: object) -> None:
        self._log({"t": round(self.now / 1000, 3), "event": event, **fields})

    def _log_ducking(self) -> None:
        if self.ducked != self._was_ducked:
            self._was_ducked = self.ducked
            _log.info("%d ms: the coach is %s", self.now, "ducked" if self.ducked else "as loud as before")

    def _log_event(self, event: Event) -> None:
        if isinstance(event, Heard):
            _log.info("%d ms: %r is %s, confidence %.3f", event.at, event.text, event.intent, event.confidence)
            self._emit(
                "heard",
                text=event.text,
                intent=event.intent,
                slots=dict(event.slots),
                confidence=round(event.confidence, 3),
            )
        elif isinstance(event, Rejected):
            _log.info("%d ms: %r is rejected: %s", event.at, event.text, event.reason)
            self._emit("rejected", text=event.text, reason=event.reason)

    def _log_state(self, heard: bool) -> None:
        """Report the state when it has changed, and after every command."""
        new, old = self.view, self._shown
        self._shown = new
        place = (new.state, new.stretch, new.side)
        if heard or old is None or place != (old.state, old.stretch, old.side):
            self._emit("state", state=new.state, stretch=new.stretch, side=new.side, remaining=new.remaining)

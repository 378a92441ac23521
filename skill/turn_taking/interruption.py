"""Interruptions: removes the coach's echo, ducks and pauses the coach, and rejects commands that are its own echo."""

from skill.audio.blocks import Block, silence
from skill.audio.player import Player
from skill.audio.voice_activity import VoiceActivity, level_without_rumble_db
from skill.echo_control.echo_control import EchoControl, NoEcho
from skill.events import EchoLoopDetected, Heard, Rejected, SpeechStarted
from skill.turn_taking.barge_in import BargeIn, Gain
from skill.turn_taking.listener_protocol import ListenerProtocol

Decision = SpeechStarted | Heard | Rejected | EchoLoopDetected


class InterruptionController:
    """Listens to the microphone without the coach's echo, and ducks the coach while the user speaks over it.

    As soon as the user has said a whole sentence and stops, the coach is paused, before the utterance is decided. The
    player keeps its position, so that the coach can go on without losing a word.
    """

    def __init__(
        self, listener: ListenerProtocol, player: Player, echo: EchoControl | NoEcho, barge_in: BargeIn | None = None
    ) -> None:
        """barge_in: one with settings other than the defaults."""
        self._listener, self._player, self._echo = listener, player, echo
        self._can_echo = echo.can_echo
        self._barge_in, self._voice_activity = barge_in or BargeIn(), VoiceActivity()
        self._volume_db = 0.0
        self._began = self._bulk_ms = 0
        self._paused_at: int | None = None
        """When the coach was paused in the middle of a line, ms."""

    @property
    def ducked(self) -> bool:
        """Whether the coach is quieter at the moment, because the user speaks over it."""
        return self._barge_in.ducked

    def set_volume(self, db: float) -> None:
        """Set the coach's volume, relative to which it is ducked."""
        self._volume_db = db
        self._player.set_gain(db + (self._barge_in.settings.duck_db if self.ducked else 0.0))

    def said(self, text: str, began: int, ended: int) -> None:
        """Note that the coach says a line between two moments (ms); a late loudspeaker plays it later."""
        self._barge_in.add_line(text, began + self._bulk_ms, ended + self._bulk_ms)

    def stopped(self, now: int) -> None:
        """Note that the coach says no more of its lines."""
        at, self._paused_at = now if self._paused_at is None else self._paused_at, None
        self._barge_in.playback_stopped(at + self._bulk_ms)

    def hear(self, near: Block, far: Block, now: int) -> list[Decision]:
        """Take 20 ms that end at `now` (ms) of the microphone and the loudspeaker; return what was decided."""
        cleaned, level_db = self._echo.process(near, far), level_without_rumble_db(near)
        near, audible, self._bulk_ms = cleaned.block, cleaned.far_end_active, cleaned.bulk_ms
        gain = self._barge_in.update(
            cleaned.near_end_speech, audible, now, self._voice_activity.hear(near), level_db, learnt=cleaned.learnt
        )
        self._set_gain(gain)
        if cleaned.mismatch_ms:
            self._barge_in.discard_near_end(now - cleaned.mismatch_ms)
        near_end_active = self._barge_in.near_end_active(now)
        if audible and self._barge_in.half_duplex:
            near, near_end_active = silence(), None
        decided = [
            each for event in self._listener.hear(near, now, near_end_active) for each in self._without_echo(event)
        ]
        if not decided and near_end_active is False:
            self._pause_playback(now)
        if any(isinstance(each, Heard) for each in decided):
            self._set_gain(self._barge_in.release_for_answer())
        if any(isinstance(each, Heard) or (isinstance(each, Rejected) and each.addressed) for each in decided):
            self._barge_in.forget_near_end()
        return decided

    def finish(self, now: int) -> list[Decision]:
        """Decide what is pending: no more sound will come."""
        return [each for event in self._listener.finish(now) for each in self._without_echo(event)]

    def resume_playback(self, now: int) -> int:
        """Let a paused coach go on, unless it was stopped by what was decided, or nothing is decided yet.

        Return the length of the pause in ms; 0 if the coach does not go on now.
        """
        if self._paused_at is None or self._listener.sentence:
            return 0
        at, silent_ms, self._paused_at = self._paused_at, now - self._paused_at, None
        self._player.resume()
        self._barge_in.playback_resumed(at + self._bulk_ms, silent_ms)
        return silent_ms

    def _set_gain(self, gain: Gain | None) -> None:
        if gain:
            self._player.set_gain(self._volume_db + gain.db, gain.ramp_ms)

    def _pause_playback(self, now: int) -> None:
        sentence = self._listener.sentence
        if self._paused_at is not None or not sentence or not self._barge_in.near_end_stopped(now):
            return
        if not self._can_echo or not self._barge_in.is_echo(sentence, self._began, now):
            self._paused_at = now
            self._player.pause()

    def _without_echo(self, event: SpeechStarted | Heard | Rejected) -> list[Decision]:
        """Return the event, or a rejection if its words are only the coach's echo.

        This holds for rejections too: without the user's voice there is nobody to ask "Sorry?".
        """
        if isinstance(event, SpeechStarted):
            self._began = event.at
            return [event]
        if not self._can_echo or not event.text:
            return [event]
        words_at = event.words_at if isinstance(event, Heard) else None
        if not self._barge_in.is_echo(event.text, self._began, event.at, words_at):
            return [event]
        rejected = Rejected(event.at, event.text, "echo", addressed=False)
        often = isinstance(event, Heard) and self._barge_in.count_echo(event.at)
        return [EchoLoopDetected(event.at), rejected] if often else [rejected]

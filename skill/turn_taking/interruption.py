"""Attention to people while the coach talks: its voice is taken off, it gives way, and its own words do not count."""

from skill.audio.blocks import Block, silence
from skill.audio.player import Player
from skill.audio.voice_activity import VoiceActivity, level_without_rumble_db
from skill.echo_control.echo_control import EchoControl, NoEcho
from skill.events import EchoLoopDetected, Heard, Rejected, SpeechStarted
from skill.turn_taking.barge_in import BargeIn, Gain
from skill.turn_taking.listening import Listening

Decision = SpeechStarted | Heard | Rejected | EchoLoopDetected


class InterruptionController:
    """Listens to what is left when the coach's voice is taken off, and turns the coach down while somebody speaks.

    As soon as what somebody says over the coach is a whole sentence and they fall silent, so does the coach, before
    it is decided what was meant. The player keeps its place, so that this can be taken back without losing a word.
    """

    def __init__(
        self, listener: Listening, player: Player, echo: EchoControl | NoEcho, barge_in: BargeIn | None = None
    ) -> None:
        """barge_in: what gives way and tells an echo, where it is not to do so as set."""
        self._listener, self._player, self._echo = listener, player, echo
        self._can_echo = echo.can_echo
        self._barge_in, self._voice = barge_in or BargeIn(), VoiceActivity()
        self._volume_db = 0.0
        self._began = self._bulk_ms = 0
        self._paused_at: int | None = None
        """When the coach fell silent in the middle of a line."""

    @property
    def ducked(self) -> bool:
        """Whether the coach is quieter at the moment, since somebody speaks over it."""
        return self._barge_in.ducked

    def set_volume(self, db: float) -> None:
        """Let the coach speak at this volume, lowered as long as somebody speaks."""
        self._volume_db = db
        self._player.set_gain(db + (self._barge_in.settings.duck_db if self.ducked else 0.0))

    def said(self, text: str, began: int, ended: int) -> None:
        """Note that the coach says a line between two moments (ms), and when that is heard."""
        self._barge_in.said(text, began + self._bulk_ms, ended + self._bulk_ms)

    def stopped(self, now: int) -> None:
        """Note that the coach says no more of what it was saying."""
        at, self._paused_at = now if self._paused_at is None else self._paused_at, None
        self._barge_in.cut_off(at + self._bulk_ms)

    def hear(self, near: Block, far: Block, now: int) -> list[Decision]:
        """Take 20 ms that end at `now` (ms) of the microphone and the loudspeaker; return what was decided."""
        cleaned, level_db = self._echo.process(near, far), level_without_rumble_db(near)
        near, audible, self._bulk_ms = cleaned.block, cleaned.far_end_active, cleaned.bulk_ms
        gain = self._barge_in.hear(cleaned.near_end_speech, audible, now, self._voice.hear(near), level_db)
        self._turn(gain)
        near_end_active = self._barge_in.near_end_active(now)
        if audible and self._barge_in.half_duplex:
            near, near_end_active = silence(), None
        decided = [
            each for event in self._listener.hear(near, now, near_end_active) for each in self._without_echo(event)
        ]
        if not decided and near_end_active is False:
            self._pause_playback(now)
        if any(isinstance(each, Heard) for each in decided):
            self._turn(self._barge_in.answered())
        if any(isinstance(each, Heard) or (isinstance(each, Rejected) and each.addressed) for each in decided):
            self._barge_in.spend()
        return decided

    def finish(self, now: int) -> list[Decision]:
        """Decide what is pending: no more sound will come."""
        return [each for event in self._listener.finish(now) for each in self._without_echo(event)]

    def handled(self, now: int) -> int:
        """Go on talking where the coach fell silent, unless what was decided has stopped it, or it is still open.

        Return for how long (ms) it was silent, where it goes on.
        """
        if self._paused_at is None or self._listener.sentence:
            return 0
        at, silent_ms, self._paused_at = self._paused_at, now - self._paused_at, None
        self._player.resume()
        self._barge_in.held_up(at + self._bulk_ms, silent_ms)
        return silent_ms

    def _turn(self, gain: Gain | None) -> None:
        if gain:
            self._player.set_gain(self._volume_db + gain.db, gain.ramp_ms)

    def _pause_playback(self, now: int) -> None:
        sentence = self._listener.sentence
        if self._paused_at is not None or not sentence or not self._barge_in.stopped(now):
            return
        if not self._can_echo or not self._barge_in.is_echo(sentence, self._began, now):
            self._paused_at = now
            self._player.pause()

    def _without_echo(self, event: SpeechStarted | Heard | Rejected) -> list[Decision]:
        """Return the event, or a rejection in place of words that only the coach itself has said.

        Also where they were no command: nobody is to be asked what they meant who has said nothing.
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
        often = isinstance(event, Heard) and self._barge_in.note_echo(event.at)
        return [EchoLoopDetected(event.at), rejected] if often else [rejected]

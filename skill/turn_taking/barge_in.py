"""Barge-in: near-end speech, ducking of the coach, and commands that are only the coach's own echo."""

import math
from collections import deque
from dataclasses import dataclass, replace

from skill.audio.blocks import BLOCK_MS
from skill.content.tokenizer import tokens


@dataclass(frozen=True)
class BargeInSettings:
    """When the coach is ducked, and what counts as its own echo. Durations are milliseconds of audio."""

    speech_from: float = 0.5
    """Near-end speech begins at this probability ..."""

    speech_until: float = 0.3
    """... and ends below this one."""

    duck_db: float = -20.0
    """Gain of the coach during near-end speech, dB."""

    duck_ramp_ms: int = 20
    release_after_ms: int = 500
    """Time without near-end speech after which the coach gets its volume back."""

    release_ramp_ms: int = 300
    answer_ramp_ms: int = 100
    """The same for an answer: slower than the interrupted line fades out, so that this line is not heard to swell."""

    pause_after_ms: int = 40
    """Time without near-end speech after which a sentence may have ended."""

    echo_tail_ms: int = 400
    """Length of the coach's echo in the room after its last sample."""

    no_echo_after_ms: int = 500
    """A voice this long after the coach's last sample is not its echo: in most rooms the echo is shorter."""

    modelled_echo_ms: int = 200
    """Length of the echo, after the coach's last sample, that echo control models. Longer reverberation looks like
    speech: then ..."""

    rise_db: float = 7.0
    """... only a level this far above the lowest one since the coach's last sample is a voice, dB."""

    longest_echo_ms: int = 2000
    """Time after the coach's last sample from which its echo is too faint to be recognised as a word."""

    min_voice_without_echo_ms: int = 200
    """Amount of voice after `no_echo_after_ms` with which a command is never an echo, whatever the coach has said."""

    onset_ms: int = 300
    """Near-end speech counts from this long before an utterance is detected: words begin softly."""

    detection_delay_ms: int = 200
    """Near-end speech counts until this long after a word: the double-talk detector lags."""

    over_coach_share: float = 0.2
    """A command counts as said over the coach when the coach is heard during more than this share of it."""

    min_speech_ms: int = 100
    """Minimum of near-end speech, or of voice after the coach's echo, in a command over the coach; with less it is an
    echo."""

    min_repeating_ms: int = 300
    """Minimum of near-end speech in a command that repeats what the coach was just saying ..."""

    max_repeated_words: int = 2
    """... and the most words for which that is enough. With more, ..."""

    min_repeating_share: float = 0.5
    """... near-end speech is needed during this share of its words, from a filter that has converged: a user says a
    prompted sentence over the prompt, but an echo that is not learnt yet looks like near-end speech as well."""

    echo_slack_ms: int = 600
    """Tolerance between the time at which a word was played and the time at which its echo is recognised."""

    early_echo_ms: int = 100
    """Tolerance of the time at which the first word of an utterance begins: an echo does not begin before its line."""

    loop_times: int = 3
    """Number of commands that were only an echo ..."""

    loop_within_ms: int = 60_000
    """... within this time, after which the coach listens only while it is silent (half duplex)."""


@dataclass(frozen=True)
class Gain:
    """A change of the coach's volume."""

    db: float
    ramp_ms: int


@dataclass(frozen=True)
class _Block:
    """What was detected in one block of 20 ms."""

    at: int
    """When the block ends, ms."""
    coach_audible: bool
    """The coach is heard, or its echo may still be in the room or delayed in a device."""
    double_talk: bool
    """Near-end speech, by the double-talk detector."""
    near_end_active: bool
    """The same, or a voice after the coach's echo."""
    certain: bool
    """Near-end speech by the detector, with a filter that has converged."""


@dataclass(frozen=True)
class _Line:
    """What the coach said, or the part of it that was played, from `began` (ms) on; all words take equally long."""

    began: float
    word_ms: float
    words: tuple[str, ...]

    def until(self, at: int) -> "_Line":
        """Return what had been said at a moment, including the word that was being said."""
        return replace(self, words=self.words[: self._said(at)])

    def after(self, at: int, silent_ms: int) -> "_Line":
        """Return what is said after a pause that begins at a moment, beginning with the word that was being said."""
        first = max(0, self._said(at) - 1)
        return replace(self, began=self.began + first * self.word_ms + silent_ms, words=self.words[first:])

    def _said(self, at: int) -> int:
        return min(max(0, math.ceil((at - self.began) / self.word_ms)), len(self.words))

    @property
    def ended(self) -> float:
        return self.began + len(self.words) * self.word_ms


class BargeIn:
    """Follows the coach and near-end speech block by block. Pure: counts audio time, takes no audio."""

    def __init__(self, settings: BargeInSettings | None = None):
        self.settings = settings or BargeInSettings()
        self.ducked = False
        """Whether the coach is quieter, because of near-end speech."""
        self.half_duplex = False
        """The coach has heard itself too often: it listens only while it is silent."""

        self._last_speech = self._last_audible = -(10**9)
        self._lowest_db, self._risen = math.inf, True  # since the coach fell silent
        self._voice_without_echo_ms = 0
        self._blocks: deque[_Block] = deque(maxlen=30_000 // BLOCK_MS)
        self._lines: deque[_Line] = deque(maxlen=12)
        self._echoes: deque[int] = deque(maxlen=self.settings.loop_times)

    def update(
        self,
        near_end_speech: float,
        coach_audible: bool,
        now: int,
        voiced: bool,
        level_db: float,
        *,
        learnt: bool = False,
    ) -> Gain | None:
        """Take what was detected in a block that ends at `now` (ms); return a change of volume, if there is one.

        `near_end_speech`: its probability, 0 to 1; it means little while the coach is silent.
        `voiced`: without the echo, the level stands out from the noise; this shows a voice while the coach is
        silent. `level_db`: at the microphone, dBFS; an echo in it only decays. `learnt`: the echo path is known.
        """
        settings = self.settings
        speaks = near_end_speech >= (settings.speech_until if self.ducked else settings.speech_from)
        if speaks:
            self._last_speech = now
        if coach_audible:
            self._last_audible, self._voice_without_echo_ms = now, 0
        silent_ms = now - self._last_audible
        coach = silent_ms <= settings.echo_tail_ms
        reverberates = self._reverberates(silent_ms, level_db)
        voice = voiced and not coach and not reverberates
        double_talk = speaks and not reverberates
        audible, near_end_active = coach or (reverberates and voiced), double_talk or voice
        self._blocks.append(_Block(now, audible, double_talk, near_end_active, double_talk and learnt))
        if voice and silent_ms > settings.no_echo_after_ms:
            self._voice_without_echo_ms += BLOCK_MS
        if double_talk and coach and not self.ducked:  # also between two of its sentences: the next one begins ducked
            self.ducked = True
            return Gain(settings.duck_db, settings.duck_ramp_ms)
        if self.ducked and now - self._last_speech >= settings.release_after_ms:
            self.ducked = False
            return Gain(0.0, settings.release_ramp_ms)
        return None

    def _reverberates(self, silent_ms: int, level_db: float) -> bool:
        """Return whether the sound may be the coach's echo in a very reverberant room, because the level only falls."""
        settings = self.settings
        if not silent_ms:
            self._lowest_db, self._risen = math.inf, False
            return False
        self._lowest_db = min(self._lowest_db, level_db)
        self._risen = self._risen or level_db > self._lowest_db + settings.rise_db
        return not self._risen and settings.modelled_echo_ms < silent_ms <= settings.longest_echo_ms

    def release_for_answer(self) -> Gain | None:
        """Note that a command was understood: the coach answers at full volume. Return the change, if there is one."""
        if not self.ducked:
            return None
        self.ducked = False
        return Gain(0.0, self.settings.answer_ramp_ms)

    def forget_near_end(self) -> None:
        """Forget near-end speech after an answer: it is no evidence about the echo of that answer."""
        self._blocks.clear()

    def discard_near_end(self, since: int) -> None:
        """Note that what looked like near-end speech over the coach since a moment (ms) was its echo."""
        for number in range(len(self._blocks) - 1, -1, -1):
            block = self._blocks[number]
            if block.at <= since:
                return
            if block.coach_audible and block.near_end_active:
                self._blocks[number] = replace(block, double_talk=False, near_end_active=False, certain=False)

    def near_end_active(self, now: int) -> bool | None:
        """Return whether there is near-end speech at this moment; None while the coach is not heard."""
        if now - self._last_audible > self.settings.echo_tail_ms:
            return None
        return self._last_speech == now

    def near_end_stopped(self, now: int) -> bool:
        """Return whether near-end speech over the coach seems to have stopped."""
        return self.ducked and now - self._last_speech >= self.settings.pause_after_ms

    def add_line(self, text: str, began: int, ended: int) -> None:
        """Note that the coach says a line between two moments (ms)."""
        words = tokens(text)
        if words:
            self._lines.append(_Line(began, max(1.0, (ended - began) / len(words)), words))

    def playback_stopped(self, at: int) -> None:
        """Note that the coach stopped speaking at a moment (ms), and says no more of its lines."""
        said = (line.until(at) for line in self._lines)
        self._lines = deque((line for line in said if line.words), self._lines.maxlen)

    def playback_resumed(self, paused_at: int, silent_ms: int) -> None:
        """Note that the coach paused at a moment (ms), and went on `silent_ms` later."""
        later = [line.after(paused_at, silent_ms) for line in self._lines if line.ended > paused_at]
        self.playback_stopped(paused_at)
        self._lines.extend(later)

    def is_echo(self, text: str, began: int, now: int, words_at: tuple[int, int] | None = None) -> bool:
        """Return whether an utterance, heard from `began` until `now` (ms), is only what the coach said itself.

        `words_at`: when its words began and ended, if known. Then near-end speech before them does not count: an
        utterance may begin with noise in a pause of the coach, and go on with what the coach says next.
        """
        settings = self.settings
        if self._voice_without_echo_ms >= settings.min_voice_without_echo_ms:
            return False
        first, last = words_at or (began, now)
        before, after = (0, settings.detection_delay_ms) if words_at else (settings.onset_ms, 0)
        during = [block for block in self._blocks if first - before <= block.at <= last + after]
        coach_ms = sum(block.coach_audible for block in during if first <= block.at <= last) * BLOCK_MS
        near_end_ms = sum(block.near_end_active for block in during) * BLOCK_MS
        if coach_ms > settings.over_coach_share * (last - first) and near_end_ms < settings.min_speech_ms:
            return True
        if len(tokens(text)) <= settings.max_repeated_words:
            in_doubt = sum(block.double_talk for block in during) * BLOCK_MS < settings.min_repeating_ms
        else:
            certain_ms = sum(block.certain for block in during if first <= block.at <= last) * BLOCK_MS
            in_doubt = certain_ms < settings.min_repeating_share * (last - first)
        return in_doubt and self._repeats(text, began, now, words_at[0] if words_at else now)

    def count_echo(self, now: int) -> bool:
        """Count a command that was an echo; True when the coach must become half-duplex."""
        self._echoes.append(now)
        often = len(self._echoes) == self.settings.loop_times
        if self.half_duplex or not often or now - self._echoes[0] > self.settings.loop_within_ms:
            return False
        self.half_duplex = True
        return True

    def _repeats(self, text: str, began: int, now: int, first_word: int) -> bool:
        """Return whether these words were played at the time at which they were heard.

        `first_word`: when they began, at the latest, ms.
        """
        heard = tokens(text)
        slack, earliest = self.settings.echo_slack_ms, first_word + self.settings.early_echo_ms
        for line in self._lines if heard else ():
            if line.began > earliest:
                continue
            for at in range(len(line.words) - len(heard) + 1):
                if line.words[at : at + len(heard)] != heard:
                    continue
                first = line.began + at * line.word_ms
                last = first + len(heard) * line.word_ms
                if began >= first - slack and now <= last + 2 * slack:
                    return True
        return False

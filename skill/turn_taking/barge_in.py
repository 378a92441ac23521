"""Interrupting the coach: who speaks, how loud the coach may be meanwhile, and what is only its own echo."""

import math
from collections import deque
from dataclasses import dataclass, replace

from skill.audio.blocks import BLOCK_MS
from skill.content.tokenizer import tokens


@dataclass(frozen=True)
class BargeInSettings:
    """When the coach gives way, and what it takes for its own echo."""

    speech_from: float = 0.5
    """Probability of near speech from which somebody is taken to speak over the coach."""

    speech_until: float = 0.3
    """Probability below which they are taken to have stopped."""

    duck_db: float = -20.0
    """How much quieter the coach gets while somebody speaks over it."""

    duck_ramp_ms: int = 20
    release_after_ms: int = 500
    """The voice comes back when nobody has spoken for so long."""

    release_ramp_ms: int = 300
    answer_ramp_ms: int = 100
    """The same for an answer: slower than the interrupted line fades out, so that this is not heard to swell."""

    pause_after_ms: int = 40
    """Somebody who has been unheard for so long may have ended a sentence."""

    echo_tail_ms: int = 400
    """How long the coach is heard in the room after its last sample."""

    alone_after_ms: int = 500
    """A voice so long after the coach's last sample is somebody else's: longer than most rooms keep an echo."""

    known_echo_ms: int = 200
    """How long after the coach the model of the room knows its echo: what a room keeps for longer seems near speech."""

    rise_db: float = 7.0
    """From then on a voice makes it so much louder than it was at its quietest since the coach fell silent."""

    longest_echo_ms: int = 2000
    """So long after the coach its echo is too faint to be taken for a word."""

    least_alone_ms: int = 200
    """A command with so much of such a voice is no echo, whatever the coach has said."""

    before_ms: int = 300
    """How much sooner than an utterance is noticed somebody may have been heard: words begin softly."""

    after_ms: int = 200
    """How much later than a word was said somebody may be noticed."""

    over_from: float = 0.2
    """A command counts as over the coach's voice when the coach is heard during so much of it."""

    least_speech_ms: int = 100
    """Such a command must have so much near speech in it, or of a voice when the coach has left the room ..."""

    least_repeating_ms: int = 300
    """... and so much where it says what the coach was just saying ..."""

    repeated_words: int = 2
    """... in at most so many words: more of them nobody says in chorus with the coach."""

    echo_slack_ms: int = 600
    """How much earlier or later than a word was played its echo may be recognised."""

    loop_times: int = 3
    """So many commands that were only an echo ..."""

    loop_within_ms: int = 60_000
    """... within this time: the coach listens only when it is silent itself."""


@dataclass(frozen=True)
class Gain:
    """A change of the coach's volume."""

    db: float
    ramp_ms: int


@dataclass(frozen=True)
class _Block:
    """What was noticed in 20 ms that end at a moment (ms)."""

    at: int
    coach: bool
    """The coach is heard, or the room and a late device may still keep its echo."""
    near: bool
    """There is near speech beside the coach."""
    near_end: bool
    """There is near speech, or a voice when the coach has been silent for longer than the room keeps its echo."""


@dataclass(frozen=True)
class _Line:
    """What the coach said, or what was heard of it, from a moment on (ms)."""

    began: float
    word_ms: float
    words: tuple[str, ...]

    def until(self, at: int) -> "_Line":
        """Return what had been said at a moment, the word that was being said included."""
        return replace(self, words=self.words[: self._said(at)])

    def after(self, at: int, silent_ms: int) -> "_Line":
        """Return what is said after a silence that begins at a moment, from the word that was being said on."""
        first = max(0, self._said(at) - 1)
        return replace(self, began=self.began + first * self.word_ms + silent_ms, words=self.words[first:])

    def _said(self, at: int) -> int:
        return min(max(0, math.ceil((at - self.began) / self.word_ms)), len(self.words))

    @property
    def ended(self) -> float:
        return self.began + len(self.words) * self.word_ms


class BargeIn:
    """Follows the two voices block by block. Pure: counts audio time, knows no audio."""

    def __init__(self, settings: BargeInSettings | None = None):
        self.settings = settings or BargeInSettings()
        self.ducked = False
        self.half_duplex = False
        """The coach has heard itself too often: it listens only while it is silent."""

        self._last_speech = self._last_audible = -(10**9)
        self._least_db, self._risen = math.inf, True  # since the coach fell silent
        self._alone_ms = 0  # of a voice since the coach has been silent for alone_after_ms
        self._blocks: deque[_Block] = deque(maxlen=30_000 // BLOCK_MS)
        self._lines: deque[_Line] = deque(maxlen=12)
        self._echoes: deque[int] = deque(maxlen=self.settings.loop_times)

    def hear(self, near_end_speech: float, coach_audible: bool, now: int, voiced: bool, level_db: float) -> Gain | None:
        """Take what was found in a block that ends at `now` (ms); return a change of volume, if there is one.

        `voiced`: what is left without the coach's echo stands out from the noise. It tells of a voice where
        `near_end_speech` does not: that probability compares with the coach's voice, and means little without it.
        `level_db`: how loud it is at the microphone, where an echo only dies away.
        """
        settings = self.settings
        speaks = near_end_speech >= (settings.speech_until if self.ducked else settings.speech_from)
        if speaks:
            self._last_speech = now
        if coach_audible:
            self._last_audible, self._alone_ms = now, 0
        silent_ms = now - self._last_audible
        coach = silent_ms <= settings.echo_tail_ms
        rings = self._rings(silent_ms, level_db)
        voice = voiced and not coach and not rings
        near = speaks and not rings
        self._blocks.append(_Block(now, coach or (rings and voiced), near, near or voice))
        if voice and silent_ms > settings.alone_after_ms:
            self._alone_ms += BLOCK_MS
        if near and coach and not self.ducked:  # also between two of its sentences: the next one begins lowered
            self.ducked = True
            return Gain(settings.duck_db, settings.duck_ramp_ms)
        if self.ducked and now - self._last_speech >= settings.release_after_ms:
            self.ducked = False
            return Gain(0.0, settings.release_ramp_ms)
        return None

    def _rings(self, silent_ms: int, level_db: float) -> bool:
        """Tell whether what is heard may be what the room still keeps of the coach, as nothing has got louder."""
        settings = self.settings
        if not silent_ms:
            self._least_db, self._risen = math.inf, False
            return False
        self._least_db = min(self._least_db, level_db)
        self._risen = self._risen or level_db > self._least_db + settings.rise_db
        return not self._risen and settings.known_echo_ms < silent_ms <= settings.longest_echo_ms

    def answered(self) -> Gain | None:
        """Note that what somebody said was a command: the coach answers in its full voice."""
        if not self.ducked:
            return None
        self.ducked = False
        return Gain(0.0, self.settings.answer_ramp_ms)

    def spend(self) -> None:
        """Note that somebody was understood, or asked again: their voice does not vouch for the answer's echo."""
        self._blocks.clear()

    def near_end_active(self, now: int) -> bool | None:
        """Tell whether somebody is heard beside the coach at this moment; None where the coach is not heard."""
        if now - self._last_audible > self.settings.echo_tail_ms:
            return None
        return self._last_speech == now

    def stopped(self, now: int) -> bool:
        """Tell whether somebody spoke over the coach and seems to have stopped."""
        return self.ducked and now - self._last_speech >= self.settings.pause_after_ms

    def said(self, text: str, began: int, ended: int) -> None:
        """Note that the coach said a line between two moments (ms)."""
        words = tokens(text)
        if words:
            self._lines.append(_Line(began, max(1.0, (ended - began) / len(words)), words))

    def cut_off(self, at: int) -> None:
        """Note that the coach has stopped speaking at a moment (ms)."""
        said = (line.until(at) for line in self._lines)
        self._lines = deque((line for line in said if line.words), self._lines.maxlen)

    def held_up(self, at: int, silent_ms: int) -> None:
        """Note that the coach fell silent at a moment (ms), and went on so much later."""
        later = [line.after(at, silent_ms) for line in self._lines if line.ended > at]
        self.cut_off(at)
        self._lines.extend(later)

    def is_echo(self, text: str, began: int, now: int, words_at: tuple[int, int] | None = None) -> bool:
        """Tell whether an utterance, heard from `began` until `now`, is only what the coach said itself.

        `words_at`: when its words began and ended, where that is known. Then nobody vouches for them who was heard only
        before: a noise in the coach's pause may be taken for the beginning of what it says next.
        """
        settings = self.settings
        if self._alone_ms >= settings.least_alone_ms:
            return False
        first, last = words_at or (began, now)
        sooner, later = (0, settings.after_ms) if words_at else (settings.before_ms, 0)
        since = [block for block in self._blocks if first - sooner <= block.at <= last + later]
        over_ms = sum(block.coach for block in since if first <= block.at <= last) * BLOCK_MS
        somebody_ms = sum(block.near_end for block in since) * BLOCK_MS
        if over_ms > settings.over_from * (last - first) and somebody_ms < settings.least_speech_ms:
            return True
        near_ms = sum(block.near for block in since) * BLOCK_MS
        in_doubt = near_ms < settings.least_repeating_ms or len(tokens(text)) > settings.repeated_words
        return in_doubt and self._repeats(text, began, now)

    def note_echo(self, now: int) -> bool:
        """Note a command that was an echo; True when it is one too many, so that something must be done about it."""
        self._echoes.append(now)
        often = len(self._echoes) == self.settings.loop_times
        if self.half_duplex or not often or now - self._echoes[0] > self.settings.loop_within_ms:
            return False
        self.half_duplex = True
        return True

    def _repeats(self, text: str, began: int, now: int) -> bool:
        """Tell whether these words were played at just the time at which they were heard."""
        heard = tokens(text)
        slack = self.settings.echo_slack_ms
        for line in self._lines if heard else ():
            for at in range(len(line.words) - len(heard) + 1):
                if line.words[at : at + len(heard)] != heard:
                    continue
                first = line.began + at * line.word_ms
                last = first + len(heard) * line.word_ms
                if began >= first - slack and now <= last + 2 * slack:
                    return True
        return False

"""Interrupting the coach: who speaks, how loud the coach may be meanwhile, and what is only its own echo."""

import re
from collections import deque
from dataclasses import dataclass

from skill.audio.blocks import BLOCK_MS


@dataclass(frozen=True)
class BargeInSettings:
    """When the coach gives way, and what it takes for its own echo."""

    speech_from: float = 0.5
    """Probability of near speech from which somebody is taken to speak over the coach."""

    speech_until: float = 0.3
    """Probability below which they are taken to have stopped."""

    duck_db: float = -20.0
    """How much quieter the coach gets while somebody speaks over it."""

    duck_ramp_ms: int = 30
    release_after_ms: int = 500
    """The voice comes back when nobody has spoken for so long."""

    release_ramp_ms: int = 300
    between_words_ms: int = 200
    """Somebody who speaks over the coach may be unheard for so long between two words."""

    echo_tail_ms: int = 400
    """How long the coach is heard in the room after its last sample."""

    least_speech_ms: int = 160
    """A command over the coach's voice must have so much near speech in it."""

    echo_early_ms: int = 400
    """How much earlier than a word was played its echo may seem to begin: where words begin is only estimated."""

    echo_late_ms: int = 600
    """How much later: the delay of devices and room."""

    loop_times: int = 3
    """So many commands that were only an echo ..."""

    loop_within_ms: int = 60_000
    """... within this time: the coach listens only when it is silent itself."""


@dataclass(frozen=True)
class Gain:
    """A change of the coach's volume."""

    db: float
    ramp_ms: int


class BargeIn:
    """Follows the two voices block by block. Pure: counts audio time, knows no audio."""

    def __init__(self, settings: BargeInSettings | None = None):
        self.settings = settings or BargeInSettings()
        self.ducked = False
        self.half_duplex = False
        """The coach has heard itself too often: it listens only while it is silent."""

        self._last_speech = self._last_audible = -(10**9)
        self._audible: deque[tuple[int, bool, bool]] = deque(maxlen=30_000 // BLOCK_MS)
        self._lines: deque[tuple[int, int, str]] = deque(maxlen=8)
        self._echoes: deque[int] = deque(maxlen=self.settings.loop_times)

    def hear(self, near_speech: float, coach_audible: bool, now: int) -> Gain | None:
        """Take what was found in a block that ends at `now` (ms); return a change of volume, if there is one."""
        settings = self.settings
        speaks = near_speech >= (settings.speech_until if self.ducked else settings.speech_from)
        if speaks:
            self._last_speech = now
        if coach_audible:
            self._last_audible = now
        self._audible.append((now, coach_audible, speaks))
        if speaks and coach_audible and not self.ducked:
            self.ducked = True
            return Gain(settings.duck_db, settings.duck_ramp_ms)
        if self.ducked and now - self._last_speech >= settings.release_after_ms:
            self.ducked = False
            return Gain(0.0, settings.release_ramp_ms)
        return None

    def somebody_speaks(self, now: int) -> bool:
        """Tell whether what stands out at the microphone may be a person, not the coach and its echo in the room."""
        settings = self.settings
        alone = now - self._last_audible > settings.echo_tail_ms
        return alone or now - self._last_speech <= settings.between_words_ms

    def said(self, text: str, began: int, ended: int) -> None:
        """Note that the coach said a line between two moments (ms)."""
        self._lines.append((began, ended, text))

    def is_echo(self, text: str, began: int, now: int) -> bool:
        """Tell whether an utterance, heard from `began` until `now`, is only what the coach said itself."""
        over = [speaks for at, audible, speaks in self._audible if at >= began and audible]
        mostly_over = len(over) * BLOCK_MS > (now - began) / 2
        nobody = sum(over) * BLOCK_MS < self.settings.least_speech_ms
        if mostly_over and nobody and self._audible_at(began):
            return True
        return self._repeats(text, began)

    def _audible_at(self, began: int) -> bool:
        """Tell whether the coach was heard in the room when something began; what begins in silence is no echo."""
        since = began - self.settings.echo_tail_ms
        return any(audible for at, audible, _ in self._audible if since <= at <= began)

    def note_echo(self, now: int) -> bool:
        """Note a command that was an echo; True when it is one too many, so that something must be done about it."""
        self._echoes.append(now)
        often = len(self._echoes) == self.settings.loop_times
        if self.half_duplex or not often or now - self._echoes[0] > self.settings.loop_within_ms:
            return False
        self.half_duplex = True
        return True

    def _repeats(self, text: str, began: int) -> bool:
        """Tell whether these words were played, in this order, and the first of them when the utterance began."""
        heard, settings = _words(text), self.settings
        for line_began, line_ended, line in self._lines:
            spoken = _words(line)
            starts = _starts(spoken, line_began, line_ended)
            for at, word in enumerate(spoken):
                late = began - starts[at]
                in_time = -settings.echo_early_ms <= late <= settings.echo_late_ms
                if in_time and heard[:1] == [word] and _in_order(heard, spoken[at:]):
                    return True
        return False


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def _starts(words: list[str], began: int, ended: int) -> list[float]:
    """Return about when each word of a line begins, by the letters before it."""
    letters = sum(map(len, words)) or 1
    return [began + (ended - began) * sum(map(len, words[:at])) / letters for at in range(len(words))]


def _in_order(some: list[str], words: list[str]) -> bool:
    """Tell whether some words stand among others in the same order."""
    rest = iter(words)
    return all(word in rest for word in some)

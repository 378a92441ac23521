"""The linear canceller: aligns the far end, follows its clock, bends it as the loudspeaker does, takes its echo off."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skill.audio.blocks import SAMPLE_RATE
from skill.audio.delay import KERNEL_HALF, Correlation, DelayFinder, DelayLine, DriftLoop
from skill.audio.kalman import HEAD, HOP, TAIL, KalmanFilter, KalmanSettings
from skill.audio.misfit import Misfit
from skill.audio.saturation import Saturation

Real = NDArray[np.floating]
Complex = NDArray[np.complexfloating]

HEADROOM = 96
"""Samples by which the far end is read before the strongest echo: it may be a reflection, not the direct sound."""

CLEAR = 1.5
"""Clarity from which two correlations that agree are enough."""

PATIENCE = 4
"""So many times a correlation that is not clear must be repeated: a hard, empty room has many strong echoes."""

AGREE = 48
"""Samples by which correlations that agree may differ."""

TOLERANCE = 320
"""Samples that the strongest echo may come later than wanted before the filter is moved."""

AUDIBLE = 0.02
"""Part of the usual power of the echo from which a hop tells something about clock and loudspeaker."""

LOUDNESS_MEMORY = 0.99
"""What is usual follows a softer coach within seconds, a look."""

JUMPED = 32
"""Samples by which the echo must come elsewhere for sound to have been lost ..."""

DOUBT_HOPS = 300
"""... within so many hops since the filter was noticed to be out of step."""

KNOWN_HOPS = 50
"""While it fits, what it knows is noted once in so many hops."""

SETTLED = 4
"""Once the delay was found, it is looked at every so many quarters of a second."""


@dataclass(frozen=True)
class Split:
    """One hop of the microphone, taken apart."""

    error: Real
    """The microphone less the predicted echo, HOP samples in [-1, 1]."""

    echo: Real
    """The predicted echo, HOP samples."""

    in_step: bool
    """Whether the filter may be right about it: after a loss of sound it is not."""


class LinearCanceller:
    """Removes what loudspeaker and room make of the far end. Works in hops of 10 ms, adds no delay.

    Two filters share the room: one for its first 200 ms, quick to follow, and one in longer steps for its tail, whose
    part of the echo is known before the block begins because the far end reached the loudspeaker long ago.
    """

    YOUNG_HOPS = 500
    """During so many hops with sound from the loudspeaker every hop is learnt from twice."""

    NEW_HOPS = 150
    """So much sound from the loudspeaker it takes until the prediction is of use."""

    LONGEST_ECHO_HOPS = 120
    """When the loudspeaker has been silent for so long there is no echo left: the longest delay and a room's decay."""

    def __init__(self, head: KalmanSettings = HEAD, tail: KalmanSettings | None = TAIL) -> None:
        self.head = KalmanFilter(head)
        self._tail = KalmanFilter(tail) if tail else None
        self._head_length = head.partitions * HOP
        longest = self._head_length + (tail.partitions + 2) * tail.hop if tail else self._head_length
        self._finder = DelayFinder()
        self._drift = DriftLoop()
        self.saturation = Saturation(head.partitions)
        self._line = DelayLine(DelayFinder.WINDOW + longest + 4 * HOP)
        self._read_delay = float(KERNEL_HALF)
        self._lead = 0.0  # how much sooner than the strongest echo the far end was read when that was found
        self._candidate: Correlation | None = None
        self._agreed = 0
        self._aligned = np.zeros(2 * HOP)
        self._tail_echo: Real = np.zeros(tail.hop if tail else HOP)
        self._errors = np.zeros_like(self._tail_echo)
        self._place = 0
        self._age = 0
        self._silent_hops = self.LONGEST_ECHO_HOPS
        self._looks = False
        self._loudness = 0.0
        self._misfit = Misfit()
        self._doubt = 0
        self._noted = 0
        self._known: list[Complex] = []  # the taps of both filters when they fitted last
        self.found_delay: int | None = None
        """Samples from the loudspeaker's signal to its echo, once found."""

    @property
    def delay_ms(self) -> float | None:
        """Milliseconds from the far end's samples to their echo, None while unknown."""
        return None if self.found_delay is None else 1000 * self.found_delay / SAMPLE_RATE

    @property
    def drift_ppm(self) -> float:
        """By how much the echo's delay grows: parts per million."""
        return self._drift.drift_ppm

    @property
    def new(self) -> bool:
        """Whether there may be echo in a room that is too new for the prediction to be of much use."""
        return self._age < self.NEW_HOPS and self._silent_hops < self.LONGEST_ECHO_HOPS

    @property
    def learnt(self) -> float:
        """How much sound from the loudspeaker was learnt from, 1 when the room is no longer new."""
        return self._age / self.YOUNG_HOPS

    @property
    def _filters(self) -> list[KalmanFilter]:
        return [self.head, self._tail] if self._tail else [self.head]

    def process(self, near: Real, far: Real) -> Split:
        """Take HOP samples of either end, in [-1, 1]."""
        self._line.write(far)
        self._silent_hops = 0 if far.any() else self._silent_hops + 1
        found = self._finder.hear(near, far)
        if found is not None:
            self._consider(found)
        if self._tail and self._place == 0:
            self._predict_tail()
        played = self.saturation.play(self._line.read(self._read_delay, HOP))
        self._aligned = np.concatenate([self._aligned[HOP:], played])
        part = slice(self._place, self._place + HOP)
        tail_echo = self._tail_echo[part]
        rest = near - tail_echo
        echo = self.head.predict(self._aligned)
        error = rest - echo
        spectrum = self.head.correct(error)
        self._learn_again(rest)
        self._errors[part] = error
        self._place = (self._place + HOP) % len(self._errors)
        self._follow(spectrum, echo)
        self._question(near, error, echo + tail_echo)
        return Split(error, echo + tail_echo, self.learnt < 1 or not self._misfit.certain)

    def rest(self, hops: int) -> None:
        """Let time pass in which nothing is played and nothing is asked: the clocks run apart all the same."""
        self._lengthen(hops * self._drift.drift)

    def _learn_again(self, rest: Real) -> None:
        """While the room is new, learn from every hop twice."""
        if self._age < self.YOUNG_HOPS and float(self._aligned @ self._aligned) > 1e-4:
            self._age += 1
            self.head.correct(rest - self.head.echo(), again=True)

    def _predict_tail(self) -> None:
        """Correct the tail by the block that is over, and predict its part of the one that begins."""
        assert self._tail is not None
        self._tail.correct(self._errors)
        # The block that begins ends `hop - HOP` samples after what is written; its far end lies a head's length back.
        back = self._head_length - (self._tail.hop - HOP)
        played = self.saturation.shape(self._line.read(self._read_delay, 2 * self._tail.hop, back))
        self._tail_echo = self._tail.predict(played)

    def _follow(self, error: Complex, echo: Real) -> None:
        """Lengthen the delay by the drift; look at every other hop what it is, and how the loudspeaker bends.

        Only while there is an echo: in a pause the sums of the past would be acted on again and again.
        """
        longer = self._drift.drift
        self._looks = not self._looks
        if self._looks:
            loudness = float(echo @ echo)
            self._loudness = max(loudness, LOUDNESS_MEMORY * self._loudness)
            if loudness > AUDIBLE * self._loudness:
                predicted = np.fft.rfft(np.concatenate([np.zeros(HOP), echo]))
                longer = self._drift.follow(error + predicted, predicted, self.head.noise)
                self.saturation.follow(error, predicted, self.head.taps, self.head.noise)
        self._lengthen(longer)

    def _lengthen(self, samples: float) -> None:
        """Read the far end so much later from now on."""
        self._read_delay = max(float(KERNEL_HALF), self._read_delay + samples)

    def _consider(self, found: Correlation) -> None:
        """Move the filter when correlations that agree, two clear ones or some more, say that the echo is elsewhere."""
        self._finder.every = 1
        before, self._candidate = self._candidate, found
        agree = before is not None and abs(before.delay - found.delay) <= AGREE
        self._agreed = self._agreed + 1 if agree else 0
        if self._agreed < (1 if found.clarity >= CLEAR else PATIENCE):
            return
        later = 0.0 if self.found_delay is None else found.delay - self._read_delay - self._lead
        self.found_delay = found.delay
        if self._doubt and abs(later) > JUMPED and self._read_delay + later > KERNEL_HALF:
            self._jump(later)
        self._lead = found.delay - self._read_delay
        late_by = self._lead - HEADROOM
        if -HEADROOM / 2 <= late_by <= TOLERANCE:
            self._finder.every = SETTLED
            return
        hops = int(np.floor(late_by / HOP))
        if self._read_delay + hops * HOP < KERNEL_HALF:
            hops = -int((self._read_delay - KERNEL_HALF) // HOP)
        if hops:
            self._move(hops)

    def _question(self, near: Real, error: Real, echo: Real) -> None:
        """Note what the filters know while they fit; where they are out of step, look at once where the echo is."""
        self._misfit.hear(float(near @ near), float(error @ error), float(echo @ echo))
        self._doubt = max(0, self._doubt - 1)
        self._noted += 1
        if self.learnt < 1:
            return
        if self._misfit.fits and self._noted >= KNOWN_HOPS:
            self._noted, self._known = 0, [each.taps.copy() for each in self._filters]
        if self._misfit.noticed:
            if not self._doubt:
                self._candidate, self._agreed, self._finder.every = None, 0, 1
                self._finder.forget()
            self._doubt = DOUBT_HOPS

    def _jump(self, samples: float) -> None:
        """Read the far end so much later: sound was lost, but the room is the one that was known."""
        self._doubt = 0
        self._read_delay += samples
        for each, taps in zip(self._filters, self._known, strict=False):
            each.taps = taps.copy()
        past = self._past(self.head.settings, HOP)
        self.head.shift(0, past)
        self._aligned = past[0].copy()
        if self._tail:
            # Its newest partition ended with the first hop of the block under way, or a block ago where one begins now.
            hop = self._tail.settings.hop
            back = self._head_length - (hop - HOP) + (self._place or hop)
            self._tail.shift(0, self._past(self._tail.settings, back))
            self._tail_echo = self._tail.echo()
        self._drift.restart()
        self._drift.settle()
        self.saturation.restart()

    def _past(self, settings: KalmanSettings, back: int) -> Real:
        """Return the far end as a filter sees it now, (partitions, 2 * hop), the newest `back` samples ago."""
        reads = (
            self._line.read(self._read_delay, 2 * settings.hop, back + number * settings.hop)
            for number in range(settings.partitions)
        )
        return np.array([self.saturation.shape(samples) for samples in reads])

    def _move(self, hops: int) -> None:
        """Read the far end `hops` later and move the taps along, so that nothing learnt is lost."""
        self._read_delay += hops * HOP
        self._lead -= hops * HOP
        self._doubt, self._known = 0, []
        past = self._past(self.head.settings, HOP)  # the newest hop is still to come: process() reads it next
        self.head.shift(-hops, past)
        self._aligned = past[0].copy()
        if self._tail:
            tail = self._tail.settings
            self._tail = KalmanFilter(tail)
            self._tail_echo = np.zeros(tail.hop)
        self._age = 0
        self._drift.restart()
        self.saturation.restart()

"""The linear canceller: aligns the far end, follows its clock, bends it as the loudspeaker does, takes its echo off."""

from dataclasses import dataclass

import numpy as np

from skill.echo_control.alignment import Alignment, Shift
from skill.echo_control.array_types import Complex, Real
from skill.echo_control.delay_estimator import ClockDriftEstimator
from skill.echo_control.echo_path_change import EchoPathChangeDetector
from skill.echo_control.kalman_filter import HEAD, HOP, TAIL, KalmanFilter, KalmanSettings, in_time
from skill.echo_control.saturation import Saturation

AUDIBLE = 0.02
"""Part of the usual power of the echo from which a hop tells something about clock and loudspeaker."""

LOUDNESS_MEMORY = 0.99
"""What is usual follows a softer coach within seconds, a look."""

KNOWN_HOPS = 50
"""While it fits, what it knows is noted once in so many hops."""

ALIKE = 0.6
"""Likeness from which the echo is where it is said to be: some 0.98 after a loss of sound, 0.3 in another room."""

STILL = 8
"""Samples within which it is where it was."""

NEARBY = 64
"""Samples within which the echo is where it was found: in a room that rings another reflection may be stronger now."""


@dataclass(frozen=True)
class SubtractorOutput:
    """One hop of the microphone, taken apart."""

    error: Real
    """The microphone less the predicted echo, HOP samples in [-1, 1]."""

    echo: Real
    """The predicted echo, HOP samples."""

    expected: Real
    """Power of the echo that the filter expects to have left, a value a bin."""

    in_step: bool
    """Whether the filter may be right about it: after a loss of sound it is not."""

    new: bool
    """Whether there may be echo in a room that is too new for the prediction to be of much use."""

    learnt: float
    """How much sound from the loudspeaker was learnt from, 1 when the room is no longer new."""


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
        self.alignment = Alignment(longest)
        self._drift = ClockDriftEstimator()
        self.saturation = Saturation(head.partitions)
        self._aligned = np.zeros(2 * HOP)
        self._tail_echo: Real = np.zeros(tail.hop if tail else HOP)
        self._errors = np.zeros_like(self._tail_echo)
        self._place = 0
        self._age = 0
        self._silent_hops = self.LONGEST_ECHO_HOPS
        self._looks = False
        self._loudness = 0.0
        self._misfit = EchoPathChangeDetector()
        self._noted = 0
        self._known: list[Complex] = []  # the taps of both filters when they fitted last

    @property
    def drift_ppm(self) -> float:
        """By how much the echo's delay grows: parts per million."""
        return self._drift.drift_ppm

    @property
    def _knows(self) -> bool:
        """Whether the prediction is of use, so that one that is wrong means something."""
        return self._age >= self.NEW_HOPS

    @property
    def fits(self) -> bool:
        """Whether it takes the echo off at the moment."""
        return self._misfit.fits

    @property
    def _filters(self) -> list[KalmanFilter]:
        return [self.head, self._tail] if self._tail else [self.head]

    def process(self, near: Real, far: Real) -> SubtractorOutput:
        """Take HOP samples of either end, in [-1, 1]."""
        self._silent_hops = 0 if far.any() else self._silent_hops + 1
        shift = self.alignment.hear(near, far)
        if shift:
            self._shift(shift)
        if self._tail and self._place == 0:
            self._predict_tail()
        played = self.saturation.play(self.alignment.read(HOP))
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
        whole_echo = echo + tail_echo
        self._question(near, error, whole_echo)
        in_step = not (self._knows and self._misfit.certain)
        new = not self._knows and self._silent_hops < self.LONGEST_ECHO_HOPS
        return SubtractorOutput(error, whole_echo, self.head.expected, in_step, new, learnt=self._age / self.YOUNG_HOPS)

    def rest(self, hops: int) -> None:
        """Let time pass in which nothing is played and nothing is asked: the clocks run apart all the same."""
        self._drift.unseen(hops)
        self.alignment.lengthen(hops * self._drift.drift)

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
        played = self.saturation.shape(self.alignment.read(2 * self._tail.hop, back))
        self._tail_echo = self._tail.predict(played)

    def _follow(self, error: Complex, echo: Real) -> None:
        """Lengthen the delay by the drift; look at every other hop what it is, and how the loudspeaker bends.

        Only while there is an echo: in a pause the sums of the past would be acted on again and again.
        """
        self._drift.unseen(1)
        longer = self._drift.drift
        self._looks = not self._looks
        if self._looks:
            loudness = float(echo @ echo)
            self._loudness = max(loudness, LOUDNESS_MEMORY * self._loudness)
            if loudness > AUDIBLE * self._loudness:
                predicted = np.fft.rfft(np.concatenate([np.zeros(HOP), echo]))
                longer = self._drift.follow(error + predicted, predicted, self.head.noise)
                self.saturation.follow(error, predicted, self.head.taps, self.head.noise)
        self.alignment.lengthen(longer)

    def _question(self, near: Real, error: Real, echo: Real) -> None:
        """Note what the filters know while they fit; where they are out of step, let it be looked where the echo is."""
        self._misfit.hear(float(near @ near), float(error @ error), float(echo @ echo))
        self._noted += 1
        if not self._knows:
            return
        if self._misfit.fits and self._noted >= KNOWN_HOPS:
            self._noted, self._known = 0, [each.taps.copy() for each in self._filters]
        if self._misfit.noticed:
            self.alignment.doubt()

    def _shift(self, shift: Shift) -> None:
        """See the far end anew: with what was known of the room, or moved along, so that nothing learnt is lost."""
        if shift.lost and not self._recall(shift):
            return
        past = self._past()
        self._aligned = past[0].copy()
        self._drift.restart()
        self.saturation.restart()
        if shift.lost:
            self.head.shift(0, past)  # the tail sees it anew within half a second, and takes off so little until then
            self._drift.settle()
            return
        self.head.shift(-round(shift.samples) // HOP, past)
        if self._tail:
            self._tail = KalmanFilter(self._tail.settings)
            self._tail_echo = np.zeros(self._tail.hop)
        self._age, self._known = 0, []

    def _recall(self, shift: Shift) -> bool:
        """Go back to what was known before sound was lost, if with that the echo is where it is said to be."""
        late_by, there = self._likeness(0.0, NEARBY)
        if there < ALIKE:
            _, here = self._likeness(-shift.samples, STILL)
            self.alignment.take_back(shift, for_nothing=here >= ALIKE)
            return False
        for each, taps in zip(self._filters, self._known, strict=True):
            each.taps = taps.copy()
        self.alignment.lengthen(late_by)
        return True

    def _likeness(self, later: float, within: int) -> tuple[int, float]:
        """Compare what was heard lately with what the known filter makes of the far end, read so much later.

        Return by how many samples, within so many, it is later still, and how much alike they are then, 0 to 1.
        """
        if not self._known:
            return 0, 0.0
        response, heard = in_time(self._known[0]), np.diff(self.alignment.heard)
        far = self.saturation.shape(self.alignment.read(len(heard) + len(response), later=later))
        predicted = np.diff(np.convolve(far, response, "valid"))[within:-within]  # high tones tell more of a delay
        alike = np.correlate(heard, predicted, "valid")
        best = int(np.argmax(alike))
        part = heard[best : best + len(predicted)]
        return best - within, float(alike[best] / np.sqrt((part @ part) * (predicted @ predicted) + 1e-12))

    def _past(self) -> Real:
        """Return the far end as the head sees it now, (partitions, 2 * HOP), the newest first.

        It ends a hop ago: the newest is still to come, `process` reads it next.
        """
        reads = (self.alignment.read(2 * HOP, back * HOP) for back in range(1, self.head.settings.partitions + 1))
        return np.array([self.saturation.shape(samples) for samples in reads])

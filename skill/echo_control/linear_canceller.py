"""The linear canceller: aligns the far end, follows its clock, models the loudspeaker and subtracts the echo."""

from dataclasses import dataclass

import numpy as np

from skill.echo_control.alignment import Alignment, Shift
from skill.echo_control.array_types import Complex, Real
from skill.echo_control.clock_drift_estimator import ClockDriftEstimator
from skill.echo_control.echo_path_change import EchoPathChangeDetector
from skill.echo_control.kalman_filter import HEAD, HOP, TAIL, KalmanFilter, KalmanSettings, impulse_response
from skill.echo_control.saturation import Saturation

AUDIBLE = 0.02
"""A hop is used for clock drift and saturation if it has at least this share of the echo's usual power."""

LOUDNESS_MEMORY = 0.99
"""Decay of that usual power, per update: a softer far end is followed within seconds."""

SAVE_HOPS = 50
"""Hops between two times at which the taps of a converged filter are saved."""

MIN_MATCH = 0.6
"""Minimum correlation with the predicted echo that confirms a delay: 0.98 after lost sound, 0.3 in another room."""

UNMOVED = 8
"""The echo has not moved if its delay differs by at most this, samples."""

NEARBY = 64
"""Samples around the found delay that are searched for the echo: another reflection may be stronger now."""


@dataclass(frozen=True)
class SubtractorOutput:
    """One hop of the microphone, separated into echo and error. The name is WebRTC AEC3's."""

    error: Real
    """The microphone less the predicted echo, HOP samples in [-1, 1]."""

    echo: Real
    """The predicted echo, HOP samples."""

    expected: Real
    """Power of the echo that the filter expects to leave, a value a bin."""

    mismatch: bool
    """Whether the filter does not match the echo path, as after lost sound: then the error is echo."""

    initial: bool
    """Whether there may be echo, and the filter has not learnt enough yet to be useful."""

    adaptation: float
    """0 to 1: how much far end the filter has learnt from."""


class LinearCanceller:
    """Subtracts the echo of the far end. Works in hops of 10 ms, adds no delay.

    Two filters share the echo path: one for its first 200 ms, which adapts quickly, and one in longer steps for its
    tail. The tail's part of the echo is predicted before a block begins, because its far end was played long ago.
    """

    DOUBLE_STEP_HOPS = 500
    """First hops with far end, from each of which the filter learns twice."""

    INITIAL_HOPS = 150
    """Hops with far end after which the prediction is useful."""

    LONGEST_ECHO_HOPS = 120
    """Hops of silence at the far end after which there is no echo left: the longest delay and a room's decay."""

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
        self._place = 0  # in the tail's block
        self._age = 0  # hops with far end
        self._silent_hops = self.LONGEST_ECHO_HOPS
        self._update_now = False  # every other hop
        self._loudness = 0.0
        self._change = EchoPathChangeDetector()
        self._since_saved = 0
        self._saved_taps: list[Complex] = []  # of both filters, when they were converged last

    @property
    def drift_ppm(self) -> float:
        """Growth of the echo's delay, parts per million."""
        return self._drift.drift_ppm

    @property
    def _initial(self) -> bool:
        """Whether the filter has learnt too little for a useful prediction."""
        return self._age < self.INITIAL_HOPS

    @property
    def converged(self) -> bool:
        """Whether the filter removes most of the echo at the moment."""
        return self._change.converged

    @property
    def mismatch_hops(self) -> int:
        """For how many hops, as is known now, the filter has not matched the echo path, as after lost sound."""
        return self._change.mismatch_hops

    @property
    def learnt(self) -> bool:
        """Whether the filter has converged at the present delay of the echo, or has had five seconds to do so."""
        return bool(self._saved_taps) or self._age >= self.DOUBLE_STEP_HOPS

    @property
    def _filters(self) -> list[KalmanFilter]:
        return [self.head, self._tail] if self._tail else [self.head]

    def process(self, near: Real, far: Real) -> SubtractorOutput:
        """Take HOP samples of either end, in [-1, 1]."""
        self._silent_hops = 0 if far.any() else self._silent_hops + 1
        shift = self.alignment.update(near, far)
        if shift:
            self.shift(shift)
        if self._tail and self._place == 0:
            self._predict_tail()
        played = self.saturation.process(self.alignment.read(HOP))
        self._aligned = np.concatenate([self._aligned[HOP:], played])
        part = slice(self._place, self._place + HOP)
        tail_echo = self._tail_echo[part]
        without_tail = near - tail_echo
        echo = self.head.predict(self._aligned)
        error = without_tail - echo
        spectrum = self.head.correct(error)
        self._learn_again(without_tail)
        self._errors[part] = error
        self._place = (self._place + HOP) % len(self._errors)
        self._update_clock_and_saturation(spectrum, echo)
        whole_echo = echo + tail_echo
        self._detect_change(near, error, whole_echo)
        return SubtractorOutput(
            error,
            whole_echo,
            self.head.expected,
            mismatch=self.mismatch_hops > 0,
            initial=self._initial and self._silent_hops < self.LONGEST_ECHO_HOPS,
            adaptation=self._age / self.DOUBLE_STEP_HOPS,
        )

    def skip(self, hops: int) -> None:
        """Let `hops` pass in which nothing is played or processed; the clocks still drift."""
        self._drift.skip(hops)
        self.alignment.add_delay(hops * self._drift.drift)

    def shift(self, shift: Shift) -> None:
        """Replace the far end: after lost sound with the saved taps, else with the taps moved along."""
        if shift.lost and not self._restore_taps(shift):
            return
        if shift.lost:
            self._change.note_mismatch()
        past = self._past()
        self._aligned = past[0].copy()
        self._drift.restart()
        self.saturation.restart()
        if shift.lost:
            self.head.shift(0, past)  # the tail gets it within half a second, and takes off so little until then
            self._drift.settle()
            return
        self.head.shift(-round(shift.samples) // HOP, past)
        if self._tail:
            self._tail = KalmanFilter(self._tail.settings)
            self._tail_echo = np.zeros(self._tail.hop)
        self._age, self._saved_taps = 0, []

    def _learn_again(self, without_tail: Real) -> None:
        """Learn from the hop a second time, in the beginning."""
        if self._age < self.DOUBLE_STEP_HOPS and float(self._aligned @ self._aligned) > 1e-4:
            self._age += 1
            self.head.correct(without_tail - self.head.echo(), again=True)

    def _predict_tail(self) -> None:
        """Correct the tail by the block that is over, and predict its part of the one that begins."""
        assert self._tail is not None
        self._tail.correct(self._errors)
        # The block that begins ends `hop - HOP` samples after what is written; its far end lies a head's length back.
        back = self._head_length - (self._tail.hop - HOP)
        played = self.saturation.apply(self.alignment.read(2 * self._tail.hop, back))
        self._tail_echo = self._tail.predict(played)

    def _update_clock_and_saturation(self, error: Complex, echo: Real) -> None:
        """Add the drift to the delay; at every other hop, estimate the drift and the loudspeaker's saturation.

        Only while there is an echo: in a pause the same smoothed sums would be used again and again.
        """
        self._drift.skip(1)
        longer = self._drift.drift
        self._update_now = not self._update_now
        if self._update_now:
            loudness = float(echo @ echo)
            self._loudness = max(loudness, LOUDNESS_MEMORY * self._loudness)
            if loudness > AUDIBLE * self._loudness:
                predicted = np.fft.rfft(np.concatenate([np.zeros(HOP), echo]))
                longer = self._drift.update(error + predicted, predicted, self.head.noise)
                self.saturation.update(error, predicted, self.head.taps, self.head.noise)
        self.alignment.add_delay(longer)

    def _detect_change(self, near: Real, error: Real, echo: Real) -> None:
        """Save the taps while the filters are converged; search for the echo when its path has changed."""
        self._change.update(float(near @ near), float(error @ error), float(echo @ echo))
        self._since_saved += 1
        if self._initial:
            return
        if self._change.converged and self._since_saved >= SAVE_HOPS:
            self._since_saved, self._saved_taps = 0, [each.taps.copy() for each in self._filters]
        if self._change.diverged:
            self._change.note_mismatch()
        if self._change.changed:
            self.alignment.search()

    def _restore_taps(self, shift: Shift) -> bool:
        """Restore the taps saved before sound was lost, if they confirm the delay of the shift."""
        late_by, match = self._match(0.0, NEARBY)
        if match < MIN_MATCH:
            _, unmoved = self._match(-shift.samples, UNMOVED)
            self.alignment.undo(shift, unchanged=unmoved >= MIN_MATCH)
            return False
        for each, taps in zip(self._filters, self._saved_taps, strict=True):
            each.taps = taps.copy()
        self.alignment.add_delay(late_by)
        return True

    def _match(self, later: float, within: int) -> tuple[int, float]:
        """Correlate the recent microphone with the echo that the saved taps predict if it is `later` samples later.

        Return the lag of the best match, at most `within` samples either way, and its correlation, 0 to 1.
        """
        if not self._saved_taps:
            return 0, 0.0
        response, near = impulse_response(self._saved_taps[0]), np.diff(self.alignment.recent_near)
        far = self.saturation.apply(self.alignment.read(len(near) + len(response), later=later))
        predicted = np.diff(np.convolve(far, response, "valid"))[within:-within]  # high frequencies are more precise
        correlation = np.correlate(near, predicted, "valid")
        best = int(np.argmax(correlation))
        part = near[best : best + len(predicted)]
        return best - within, float(correlation[best] / np.sqrt((part @ part) * (predicted @ predicted) + 1e-12))

    def _past(self) -> Real:
        """Return the current far end of the head filter, (partitions, 2 * HOP), the newest first.

        It ends a hop ago: the newest is still to come, `process` reads it next.
        """
        reads = (self.alignment.read(2 * HOP, back * HOP) for back in range(1, self.head.settings.partitions + 1))
        return np.array([self.saturation.apply(samples) for samples in reads])

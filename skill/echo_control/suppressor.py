"""The suppressor: attenuates the residual echo and keeps the user's words."""

from dataclasses import dataclass

import numpy as np

from skill.echo_control.array_types import Complex, Real
from skill.echo_control.kalman_filter import BINS, HOP

WINDOW: Real = np.sin(np.pi * (np.arange(2 * HOP) + 0.5) / (2 * HOP))
"""Analysis and synthesis window: its square, overlapped by half, adds up to one."""


@dataclass(frozen=True)
class SuppressorSettings:
    """How much the residual echo is attenuated."""

    floor_quiet_db: float = -30.0
    """Smallest gain while there is no near-end speech."""

    floor_speech_db: float = -14.0
    """Smallest gain during double-talk: words survive a little echo better than gaps."""

    overestimation: float = 1.6
    """Factor on the residual echo's power: its peaks must not come through, not only its mean."""

    memory: float = 0.92
    """Weight of the last hop's result in the a-priori signal-to-noise ratio (decision-directed)."""


class Suppressor:
    """A Wiener gain. Delays by HOP.

    Method: the decision-directed a-priori signal-to-noise ratio of Y. Ephraim and D. Malah, "Speech enhancement using
    a minimum mean-square error short-time spectral amplitude estimator", IEEE Trans. ASSP 32 (1984).
    """

    def __init__(self, settings: SuppressorSettings | None = None) -> None:
        self.settings = settings or SuppressorSettings()
        self._overlap = np.zeros(HOP)
        self._clean_power = np.zeros(BINS)

    def process(self, spectrum: Complex, residual: Real, near_end_speech: float) -> Real:
        """Take the windowed spectrum of the last two hops and the residual's power a bin; return HOP samples.

        near_end_speech: its probability, 0 to 1; chooses between the two floors.
        """
        chosen = self.settings
        unwanted = chosen.overestimation * residual + 1e-9
        power = spectrum.real**2 + spectrum.imag**2
        posterior = np.maximum(power / unwanted - 1.0, 0.0)
        prior = chosen.memory * self._clean_power / unwanted + (1 - chosen.memory) * posterior
        gain = prior / (1.0 + prior)
        floor_db = chosen.floor_quiet_db + near_end_speech * (chosen.floor_speech_db - chosen.floor_quiet_db)
        gain = np.maximum(gain, 10 ** (floor_db / 20))
        self._clean_power = gain**2 * power
        return self.synthesize(spectrum * gain)

    def synthesize(self, spectrum: Complex) -> Real:
        """Overlap and add one windowed spectrum as it is."""
        shaped = np.fft.irfft(spectrum) * WINDOW
        result = self._overlap + shaped[:HOP]
        self._overlap = shaped[HOP:]
        return result

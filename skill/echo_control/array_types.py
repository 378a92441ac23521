"""The types of arrays that echo control computes with."""

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.floating]
"""Samples in [-1, 1], powers, and other real values."""

Complex = NDArray[np.complexfloating]
"""Spectra, and filter taps in the frequency domain."""

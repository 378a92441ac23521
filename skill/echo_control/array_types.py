"""What sound is while it is reckoned with."""

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.floating]
"""Samples in [-1, 1], powers, and other values."""

Complex = NDArray[np.complexfloating]
"""Spectra, and taps in the frequency domain."""

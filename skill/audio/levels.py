"""The levels by which a microphone or a recording is judged, in dBFS; a mean is that of 20 ms."""

SILENT_PEAK_DBFS = -70.0
"""A microphone whose largest sample in two seconds is below this is muted or not connected: a quiet room has more."""

SILENT_DBFS = -65.0
"""One whose loudest mean in a few seconds is below this hears nothing, though somebody was asked to speak."""

QUIET_SPEECH_DBFS = -50.0
"""Speech of a lower mean is often misheard."""

QUIET_RECORDING_DBFS = -45.0
"""A recording whose loudest mean is below this may hold speech that is too quiet to be found."""

LOUD_PEAK_DBFS = -3.0
"""A microphone whose largest sample is above this is turned up too far."""

"""Thresholds for the level of a microphone or a recording, in dBFS; levels are RMS over 20 ms, peaks are samples."""

SILENT_PEAK_DBFS = -70.0
"""A microphone whose peak in two seconds is below this is muted or not connected: even a quiet room has more."""

SILENT_DBFS = -65.0
"""A microphone whose loudest level in a few seconds, with the user asked to speak, is below this hears nothing."""

QUIET_SPEECH_DBFS = -50.0
"""Speech with a lower level is often misheard."""

QUIET_RECORDING_DBFS = -45.0
"""A recording whose loudest level is below this may contain speech that is too quiet to be detected."""

LOUD_PEAK_DBFS = -3.0
"""A microphone whose peak is above this is turned up too far."""

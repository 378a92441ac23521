"""The dialogue: a pure state machine over frozen values."""

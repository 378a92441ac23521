"""Measuring how well speech is understood: data, mixing, figures."""

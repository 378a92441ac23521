"""Training of the double-talk detector."""

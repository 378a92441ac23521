"""The voice of the coach: text in, samples out."""

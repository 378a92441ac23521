"""What a voice refuses before it asks its engine: engines fail at it, each in its own way."""

import math

from skill.errors import SynthesisError, UsageError


def is_pronounceable(line: str) -> bool:
    """Return whether there is a letter or a digit in a line."""
    return any(character.isalnum() for character in line)


def check_line(line: str) -> None:
    """SynthesisError if there is nothing to pronounce. (pyttsx3 2.99 raises on an empty text.)"""
    if not is_pronounceable(line):
        raise SynthesisError(f"“{line}” has nothing to pronounce: a line needs at least one letter or digit.")


def check_rate(rate: int, allowed: range) -> None:
    """UsageError if a voice cannot speak at this rate (words a minute)."""
    if rate not in allowed:
        raise UsageError(f"A rate of {rate} is out of range: expected {allowed[0]} to {allowed[-1]} words a minute.")


def check_speed(factor: float) -> None:
    """UsageError if a factor on the rate is no positive number."""
    if not (math.isfinite(factor) and factor > 0):
        raise UsageError(f"A speed of {factor} is out of range: expected a factor above 0, such as 0.8 or 1.2.")

"""A tokenizer: the same words for what is said, what is typed, templates, and the coach's own lines."""

from hassil.util import PUNCTUATION_STR

_AROUND = PUNCTUATION_STR + '"“”„«»()'
"""Punctuation around a word. No single quote: "'em" and "'cause" are words of the speech model."""

_BETWEEN = str.maketrans({**dict.fromkeys("-‐‑–—_/", " "), "’": "'"})
"""Separators that count as a space: a name that is written with a hyphen is said as two words."""


def spaced(text: str) -> str:
    """Return text in lower case, with only spaces between its words."""
    return text.lower().translate(_BETWEEN)


def bare(word: str) -> str:
    """Return a word without the punctuation around it; empty if it is only punctuation."""
    return word.strip(_AROUND)


def tokens(text: str) -> tuple[str, ...]:
    """Split spoken or typed text into the words that word graphs consist of."""
    return tuple(filter(None, map(bare, spaced(text).split())))

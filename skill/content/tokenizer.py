"""How text becomes words: the same way for what is said, what the speech model must know, and the coach's lines."""

from hassil.util import PUNCTUATION_STR

_AROUND = PUNCTUATION_STR + '"“”„«»()'
"""What stands around a word and is not heard. No single quote: "'em" and "'cause" are words of the speech model."""

_BETWEEN = str.maketrans({**dict.fromkeys("-‐‑–—_/", " "), "’": "'"})
"""What parts words as a space does: a name that is written with a hyphen is said as two words."""


def spaced(text: str) -> str:
    """Return text in lower case, with nothing but space between its words."""
    return text.lower().translate(_BETWEEN)


def bare(word: str) -> str:
    """Return a word without what stands around it; nothing where it has no more than that."""
    return word.strip(_AROUND)


def tokens(text: str) -> tuple[str, ...]:
    """Split text as it is spoken or typed into the words that graphs are made of."""
    return tuple(filter(None, map(bare, spaced(text).split())))

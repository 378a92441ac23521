"""A tokenizer: the same words for what is said, what is typed, templates, and the coach's own lines."""

import unicodedata

from hassil.util import PUNCTUATION_STR

_AROUND = PUNCTUATION_STR + '"“”„«»()'
"""Punctuation around a word. No single quote: "'em" and "'cause" are words of the speech model."""

_APOSTROPHES, _HYPHENS, _SPACES, _INVISIBLE = "’‘‛ʼʻ′´`＇", "‐‑", "\u00a0\u202f\u2007\u2009", "\u00ad\u200b\u2060\ufeff"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_INVISIBLE, ""),
    }
)
"""What keyboards and word processors make of an apostrophe, a hyphen or a space."""

_BETWEEN = str.maketrans(dict.fromkeys("-‒–—―−_/", " "))
"""Separators that count as a space: a name that is written with a hyphen is said as two words."""


def plain(text: str) -> str:
    """Return text with plain apostrophes, hyphens and spaces, and each letter with its accents as one character."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def spaced(text: str) -> str:
    """Return text in lower case, with only spaces between its words."""
    return plain(text).lower().translate(_BETWEEN)


def bare(word: str) -> str:
    """Return a word without the punctuation around it; empty if it is only punctuation."""
    return word.strip(_AROUND)


def tokens(text: str) -> tuple[str, ...]:
    """Split spoken or typed text into the words that word graphs consist of."""
    return tuple(filter(None, map(bare, spaced(text).split())))

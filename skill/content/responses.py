"""The coach's responses: sentences by key, with placeholders. The sentences themselves are data."""

import re
from collections.abc import Mapping

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


class Responses:
    """The coach's sentences by key; calling it gives the lines to be said, one sentence a line."""

    def __init__(self, variants: Mapping[str, tuple[str, ...]]):
        self.variants = dict(variants)

    def __call__(self, key: str, *, variant: int = 0, **fields: str) -> tuple[str, ...]:
        """Return the lines for a key.

        `variant` counts up, so that the same sentence does not come twice in a row if there are several.
        An unknown key is a mistake of the programmer: KeyError.
        """
        choices = self.variants[key]
        text = choices[variant % len(choices)].format_map(fields)
        return split(text)


def split(text: str) -> tuple[str, ...]:
    """Split a text into its sentences."""
    return tuple(part for part in _SENTENCE_END.split(text.strip()) if part)

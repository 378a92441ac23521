"""Edit costs between words."""

from collections.abc import Set
from functools import lru_cache

from rapidfuzz.distance import OSA

NEVER = 100.0
"""Words that turn a sentence into its opposite are neither added nor left out."""

OPPOSITES = frozenset({"no", "not", "don't", "do", "never", "isn't", "can't", "won't", "without"})

SMALL = frozenset({"a", "an", "the", "to", "of", "please", "my", "it", "is", "me", "now", "okay", "pose", "stretch"})
"""Words that people drop or add without meaning anything else."""


class SpellingCosts:
    """Costs of slips of the finger and of small words left out, for typed lines (see word_graph.WordCosts)."""

    def __init__(self, known: Set[str] = frozenset()) -> None:
        """known: words of the sentences. A typed line with one of them means it: "quiet" is not "quit" misspelt."""
        self._known = known

    def substitute(self, heard: str, said: str) -> float:
        """Return 0 for the same word, 0.3 and more for misspelt ones, much for others."""
        if (heard, said) == ("ok", "okay"):
            return 0.0
        return NEVER if heard in self._known and heard != said else _spelling(heard, said)

    def insert(self, said: str) -> float:
        """Return what it costs that a word of the sentence was not typed."""
        return self.delete(said)

    def delete(self, heard: str) -> float:
        """Return what it costs that a word was typed which the sentence lacks."""
        if heard in OPPOSITES:
            return NEVER
        return 0.3 if heard in SMALL else 2.0


@lru_cache(maxsize=65536)
def _spelling(heard: str, said: str) -> float:
    if heard == said:
        return 0.0
    if {heard, said} & OPPOSITES:
        return NEVER
    slips = OSA.distance(heard, said)
    letters = max(len(heard), len(said))
    return 0.3 * slips if letters >= 4 and slips <= 1 + (letters > 6) else 3.0

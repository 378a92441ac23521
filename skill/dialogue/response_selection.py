"""Which variant of a response comes next: the variants of a key take turns."""

from collections.abc import Iterable

from skill.content.responses import Responses

VariantCounts = tuple[tuple[str, int], ...]
"""(response key, number of its next variant), sorted by key; keys with a single variant are not counted."""


def first_counts(responses: Responses, sessions: int) -> VariantCounts:
    """Return the counts with which a session begins, so that sessions in a row begin with different variants."""
    several = {key: len(variants) for key, variants in responses.variants.items() if len(variants) > 1}
    return tuple(sorted((key, sessions % number) for key, number in several.items()))


def next_variant(counts: VariantCounts, key: str) -> int:
    """Return the number of the variant of a key that comes next."""
    return dict(counts).get(key, 0)


def counted(responses: Responses, counts: VariantCounts, keys: Iterable[str]) -> VariantCounts:
    """Return the counts after these keys have been said."""
    found = dict(counts)
    for key in keys:
        number = len(responses.variants.get(key, ()))
        if number > 1:
            found[key] = (found.get(key, 0) + 1) % number
    return tuple(sorted(found.items()))

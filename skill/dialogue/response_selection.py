"""Small things about words: variants that take turns, lists, times."""

from collections.abc import Callable, Iterable, Sequence

from skill.content.responses import Responses
from skill.dialogue.course import spoken_number
from skill.dialogue.length import minutes

Words = Callable[..., tuple[str, ...]]
"""Key and fields -> sentences."""

Counts = tuple[tuple[str, int], ...]
"""(response key, how often it was said), sorted by key."""

WORDS_OF_A_LIST = 10
"""Words that a sentence of a list may have: more does not fit in one breath."""


def first_counts(responses: Responses, sessions: int) -> Counts:
    """Return the counts with which a session begins: another one than the last begins with other variants."""
    several = {key: len(variants) for key, variants in responses.variants.items() if len(variants) > 1}
    return tuple(sorted((key, sessions % number) for key, number in several.items()))


def variant(counts: Counts, key: str) -> int:
    """Return the number of the variant that is next."""
    return dict(counts).get(key, 0)


def counted(responses: Responses, counts: Counts, keys: Iterable[str]) -> Counts:
    """Return the counts after these keys were said; only keys with variants are counted."""
    found = dict(counts)
    for key in keys:
        number = len(responses.variants.get(key, ()))
        if number > 1:
            found[key] = (found.get(key, 0) + 1) % number
    return tuple(sorted(found.items()))


def listed(words: Words, names: Sequence[str]) -> tuple[str, ...]:
    """Return sentences that list names, each short enough for one breath."""
    groups: list[list[str]] = []
    for name in names:
        if groups and len(" ".join([*groups[-1], name]).split()) <= WORDS_OF_A_LIST:
            groups[-1].append(name)
        else:
            groups.append([name])
    return tuple(_sentence(words, group, last=group is groups[-1]) for group in groups)


def joined(words: Words, names: Sequence[str]) -> str:
    """Return names as they are said in one breath: "a, b and c"."""
    *first, last = names
    return words("and", names=", ".join(first), last=last)[0] if first else last


def _sentence(words: Words, names: Sequence[str], last: bool) -> str:
    text = joined(words, names) if last else ", ".join(names)
    return f"{text[:1].upper()}{text[1:]}."


def spoken_minutes(words: Words, ms: int) -> str:
    """Return a time in minutes as it is said."""
    return counted_thing(words, minutes(ms), "a_minute", "minutes")


def counted_thing(words: Words, count: int, one: str, many: str) -> str:
    """Return "one minute" or "four minutes", from the responses for one and for many."""
    return words(one)[0] if count == 1 else words(many, count=spoken_number(count))[0]

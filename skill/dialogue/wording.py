"""Lists, times and counts as the coach says them."""

from collections.abc import Callable, Sequence

from skill.dialogue.length import minutes
from skill.dialogue.spoken_number import spoken_number

Words = Callable[..., tuple[str, ...]]
"""Response key and fields -> sentences."""

MAX_WORDS_OF_A_LIST = 10
"""A sentence that lists names has at most this many words, so that it fits in one breath."""


def listed(words: Words, names: Sequence[str]) -> tuple[str, ...]:
    """Return sentences that list names, each short enough for one breath."""
    groups: list[list[str]] = []
    for name in names:
        if groups and len(" ".join([*groups[-1], name]).split()) <= MAX_WORDS_OF_A_LIST:
            groups[-1].append(name)
        else:
            groups.append([name])
    return tuple(_sentence(words, group, last=group is groups[-1]) for group in groups)


def joined(words: Words, names: Sequence[str]) -> str:
    """Return names as one phrase: "a, b and c"."""
    *first, last = names
    return words("and", names=", ".join(first), last=last)[0] if first else last


def _sentence(words: Words, names: Sequence[str], last: bool) -> str:
    text = joined(words, names) if last else ", ".join(names)
    return f"{text[:1].upper()}{text[1:]}."


def spoken_minutes(words: Words, ms: int) -> str:
    """Return a time in milliseconds as spoken minutes, such as "four minutes"."""
    return counted_thing(words, minutes(ms), "a_minute", "minutes")


def counted_thing(words: Words, count: int, one: str, many: str) -> str:
    """Return "one minute" or "four minutes", from the response keys for one and for many."""
    return words(one)[0] if count == 1 else words(many, count=spoken_number(count))[0]

"""Clips in memory are bounded; what is about to be played is never evicted."""

import numpy as np

from skill.voice.clip_memory import ClipMemory
from skill.voice.render_queue import ClipKey

SECOND = np.zeros(16_000, np.int16)


def key(line: str) -> ClipKey:
    return ClipKey(line, 150)


def nothing(key: ClipKey) -> bool:
    return False


def test_the_least_recently_used_clip_is_evicted() -> None:
    memory = ClipMemory(max_samples=3 * len(SECOND))
    for line in "abc":
        assert memory.put(key(line), SECOND, nothing) == []
    assert memory.get(key("a")) is not None
    assert memory.put(key("d"), SECOND, nothing) == [key("b")]
    assert [line for line in "abcd" if key(line) in memory] == ["a", "c", "d"]
    assert memory.get(key("b")) is None


def test_the_samples_are_bounded_not_the_number_of_clips() -> None:
    memory = ClipMemory(max_samples=len(SECOND))
    for number in range(1000):
        memory.put(key(f"{number}"), SECOND[:160], nothing)
        assert memory.samples <= len(SECOND)
    assert memory.samples == len(SECOND)
    memory.put(key("999"), SECOND[:80], nothing)  # in place of the one before
    assert memory.samples == len(SECOND) - 80


def test_a_protected_clip_is_never_evicted() -> None:
    memory = ClipMemory(max_samples=2 * len(SECOND))
    soon = {key("a"), key("b")}
    for line in "abcd":
        memory.put(key(line), SECOND, soon.__contains__)
    assert [line for line in "abcd" if key(line) in memory] == ["a", "b"]


def test_discarded_clips_make_room() -> None:
    memory = ClipMemory(max_samples=2 * len(SECOND))
    memory.put(key("a"), SECOND, nothing)
    memory.put(key("b"), SECOND, nothing)
    memory.discard(lambda key: key.line == "a")
    assert memory.samples == len(SECOND)
    assert memory.put(key("c"), SECOND, nothing) == []
